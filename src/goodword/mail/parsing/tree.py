"""The bytes of a mail cut into its tree of parts: in one pass, with every part's content as it stands there.

It divides as the standard library's parser does, but on bytes instead of lines of text: a part of a million
lines costs no more than one of a few, and no content is turned into text and back.
"""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import Policy, compat32
from itertools import count, islice
from typing import cast

from goodword.mail.parsing.headers import FIELD_LIMIT
from goodword.mail.parsing.records import Unreadable

FIELDS_LIMIT = 1_000_000
FIELD_COUNT_LIMIT = 20_000
DEPTH_LIMIT = 60
TREE_LIMIT = 5_000
TOO_DEEP = "The mail nests its parts too deeply to be read; download it and open it in a mail program."
TOO_MANY = f"The mail has more than {TREE_LIMIT} parts; download it and open it in a mail program."

_BLANK_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD = re.compile(rb"[!-9;-~]+:")
_SPACED_FIELD = re.compile(rb"([!-9;-~]+)[ \t]+:")
_ANY_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_FIELDS = re.compile(rb"(?:(?:From |[!-9;-~]*:|[\t ])[^\r\n]*+(?:\r\n|\r|\n|\Z))*+")
_WHOLE_FIELD = re.compile(rb"[^\r\n]++(?:\r\n|\r|\n|\Z)(?:[ \t][^\r\n]*+(?:\r\n|\r|\n|\Z))*+")
_LINE_END = re.compile(rb"\r\n|\r|\n|\Z")
_NEXT_LINE = re.compile(rb"[\r\n]")
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*+(?:\r\n|\r|\n|\Z)")


class PartMessage(Message):
    """A part with its fields, and either its `parts` or its `content`: the bytes as they stand in the mail.

    Enclosed mails and reports are content: nobody takes them apart.
    """

    def __init__(self, policy: "Policy[Message]" = compat32) -> None:
        super().__init__(policy=policy)
        self.content = b""
        self.parts: list[PartMessage] = []


def message_tree(raw: bytes) -> PartMessage:
    """`raw` taken apart; raises Unreadable when it is nested too deeply to be taken apart."""
    raw = mended(raw)
    return _part(raw, 0, len(raw), count(1), depth=0)


def _part(
    raw: bytes, start: int, end: int, numbers: Iterator[int], *, depth: int, digest: bool = False
) -> PartMessage:
    if depth > DEPTH_LIMIT:
        raise Unreadable(TOO_DEEP)
    if next(numbers) > TREE_LIMIT:
        raise Unreadable(TOO_MANY)
    fields_end = _end_of_fields(raw, start, end)
    part = fields(_bounded(raw[start:fields_end]))
    if digest:
        part.set_default_type("message/rfc822")
    blank = _LINE_END.match(raw, fields_end, end)
    body = blank.end() if blank else fields_end
    boundary = _boundary(part)
    if boundary is not None:
        inner = part.get_content_type() == "multipart/digest"
        for first, last in _between(raw, body, end, boundary):
            part.parts.append(_part(raw, first, last, numbers, depth=depth + 1, digest=inner))
    if not part.parts:
        part.content = raw[body:end]
    return part


def head(raw: bytes) -> PartMessage:
    """The mail's own fields, without what stands below them."""
    raw = mended(raw)
    return fields(_bounded(raw[: _end_of_fields(raw, 0, len(raw))]))


def _end_of_fields(raw: bytes, start: int, end: int) -> int:
    found = _FIELDS.match(raw, start, end)
    return found.end() if found else start


def fields(block: bytes) -> PartMessage:
    """A part made of the fields in `block` alone."""
    made = BytesParser(PartMessage, policy=compat32).parsebytes(block, headersonly=True)
    return cast(PartMessage, made)


def _bounded(block: bytes) -> bytes:
    """A block of fields without what no mail needs: the rest of a field without end, and fields by the
    ten thousand.
    """
    if len(block) <= FIELDS_LIMIT:
        return block
    found = islice(_WHOLE_FIELD.finditer(block), FIELD_COUNT_LIMIT)
    return b"".join(one[0] if len(one[0]) <= FIELD_LIMIT else one[0][:FIELD_LIMIT] + b"\r\n" for one in found)


def _boundary(part: PartMessage) -> bytes | None:
    """What stands between the parts of a multipart; None for every other part."""
    try:
        if part.get_content_maintype() != "multipart":
            return None
        boundary = part.get_boundary()
    except (ValueError, IndexError, AttributeError, TypeError, LookupError, RecursionError):
        return None
    return None if boundary is None else b"--" + boundary.encode("utf-8", errors="surrogateescape")


def _between(raw: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where each part between boundaries begins and ends; the line end before a boundary belongs to it."""
    opened: int | None = None
    for line, after, last in _boundaries(raw, start, end, boundary):
        if opened is not None and line > opened:
            yield opened, _without_line_end(raw, opened, line)
        opened = after
        if last:
            return
    if opened is not None and opened < end:
        # Never closed: the end of the mail is its boundary. Elsewhere an outer one took its line end already.
        yield opened, _without_line_end(raw, opened, end) if end == len(raw) else end


def _boundaries(raw: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each line that is a boundary: where it begins, where the next line does, and whether it is the last."""
    position = raw.find(boundary, start, end)
    while position >= 0:
        begins = position == start or raw[position - 1] in b"\r\n"
        found = _AFTER_BOUNDARY.match(raw, position + len(boundary), end) if begins else None
        if found:
            yield position, found.end(), found[1] is not None
            position = found.end()
        else:
            # No other can begin before the next line does.
            following = _NEXT_LINE.search(raw, position + 1, end)
            position = following.end() if following else end
        position = raw.find(boundary, position, end)


def _without_line_end(raw: bytes, start: int, end: int) -> int:
    if raw[end - 2 : end] == b"\r\n" and end - 2 >= start:
        return end - 2
    return end - 1 if raw[end - 1 : end] in {b"\r", b"\n"} else end


def mended(raw: bytes) -> bytes:
    """`raw` with its block of header fields put right where a slip would make the parser stop in the middle
    of it.

    Two slips are known: white space before the colon, and a line among the fields that is none. The body is
    left as it is, and so is a text that does not begin with a field at all.
    """
    end = _BLANK_LINE.search(raw)
    block = raw[: end.end()] if end else raw
    lines = block[:FIELDS_LIMIT].splitlines(keepends=True)
    first = (
        1 if lines and lines[0].startswith((b"From ", b">From ")) and not _SPACED_FIELD.match(lines[0]) else 0
    )
    if len(lines) <= first or not _ANY_FIELD.match(lines[first]):
        return raw
    sound = [_closed_up(line) for line in lines]
    last = max(number for number, line in enumerate(sound) if _FIELD.match(line))
    kept = [
        line
        for number, line in enumerate(sound)
        if number < first or number > last or line[:1] in b" \t" or _FIELD.match(line)
    ]
    return b"".join(kept) + raw[len(b"".join(lines)) :] if kept != lines else raw


def _closed_up(line: bytes) -> bytes:
    found = _SPACED_FIELD.match(line)
    return found[1] + b":" + line[found.end() :] if found else line
