"""Header fields of a mail, read so that no field can stop the mail: every reader here answers, none
raises.
"""

import base64
import binascii
import quopri
import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from goodword.mail.parsing.charsets import clean, decode

FIELD_LIMIT = 64_000
SUBJECT_LIMIT = 900
IDENTIFIER_LIMIT = 400
REFERENCES_LIMIT = 100

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bqBQ])\?([^?]*)\?=")
_ENCODED_GAP = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bqBQ]\?)")
_BRACKETED = re.compile(r"<([^<>]{1,998})>")
_SPACES = re.compile(r"\s+")


def raw_fields(message: Message, name: str) -> list[str]:
    """The values of all fields called `name` as they stand in the mail, unfolded, cut at a sane length."""
    wanted = name.casefold()
    values = [value for key, value in message.raw_items() if key.casefold() == wanted]
    return [_unfolded(str(value)[:FIELD_LIMIT]) for value in values]


def raw_field(message: Message, name: str) -> str:
    """The first field called `name` as it stands in the mail; empty when there is none."""
    return next(iter(raw_fields(message, name)), "")


def text_field(message: Message, name: str) -> str:
    """The first field called `name` as readable text on one line."""
    return decode_words(raw_field(message, name))


def decode_words(value: str) -> str:
    """A raw field value as one line of text: encoded words and raw bytes decoded, control characters gone."""
    value = _ENCODED_GAP.sub(r"\1", _readable(value))
    pieces: list[str] = []
    end = 0
    pending: tuple[str, bytes] | None = None
    for match in _ENCODED_WORD.finditer(value):
        charset, data = match[1].partition("*")[0], _word_bytes(match[2], match[3])
        if pending and match.start() == end and pending[0] == charset.casefold():
            # A character may be cut in two by adjoining words: the bytes belong together.
            pending = (pending[0], pending[1] + data)
        else:
            pieces += [decode(pending[1], pending[0])] if pending else []
            pieces.append(value[end : match.start()])
            pending = (charset.casefold(), data)
        end = match.end()
    pieces += [decode(pending[1], pending[0])] if pending else []
    pieces.append(value[end:])
    return _SPACES.sub(" ", clean("".join(pieces))).strip()


def identifiers(value: str) -> tuple[str, ...]:
    """The Message-IDs in a raw field, each as `<...>` without white space, in the order they stand."""
    # Some programs write a long identifier as encoded words, which no mail should hold.
    value = decode_words(value) if "=?" in value else _readable(value)
    found = [_identifier(match) for match in _BRACKETED.findall(value)]
    if not found:
        found = [_identifier(word) for word in value.split() if "@" in word]
    return tuple(dict.fromkeys(item for item in found if item))


def chain(value: str) -> tuple[str, ...]:
    """The Message-IDs of a References field: the first and the latest of a very long one."""
    found = identifiers(value)
    return found if len(found) <= REFERENCES_LIMIT else (found[0], *found[1 - REFERENCES_LIMIT :])


def moment(value: str) -> datetime | None:
    """The moment a Date field names, with its zone; None when it names none that can be true."""
    try:
        found = parsedate_to_datetime(value)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        found.astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError, AttributeError):
        return None
    return found if 1980 <= found.year <= 2100 else None


def _unfolded(value: str) -> str:
    return _SPACES.sub(" ", value).strip()


def _readable(value: str) -> str:
    """Raw 8-bit bytes, which the parser keeps as surrogates, as the text they most likely are."""
    if value.isascii():
        return value
    return decode(value.encode("utf-8", errors="surrogateescape"), None)


def _word_bytes(kind: str, content: str) -> bytes:
    data = content.encode("utf-8", errors="surrogateescape")
    if kind in "qQ":
        return quopri.decodestring(data.replace(b"_", b" "), header=True)
    stripped = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(stripped) % 4 == 1:
        stripped = stripped[:-1]
    try:
        return base64.b64decode(stripped + b"=" * (-len(stripped) % 4))
    except binascii.Error:
        return data


def _identifier(value: str) -> str | None:
    inner = clean(_SPACES.sub("", value)).strip("<>").replace("\n", "").replace("\t", "")
    return f"<{inner}>" if inner and len(inner) <= IDENTIFIER_LIMIT else None
