"""Outgoing mail as bytes: what the people wrote, in the form every mail program reads and threads rightly."""

import html
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import accumulate

from django.utils.translation import gettext

from goodword.mail.parsing import Address
from goodword.mail.parsing.addresses import plausible
from goodword.mail.parsing.charsets import clean

# Some servers cut a header off at 100 kB, and other fields have their part of it.
REFERENCES_LENGTH = 16_000
SUBJECT_LIMIT = 900

_WORD_BYTES = 42
_SPACES = re.compile(r"\s+")
_IDENTIFIER = re.compile(r"<[!-;=?-~]{3,400}>")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,100}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
_WEB_ADDRESS = re.compile(r"https?://[!-;=?-~]{3,900}")
_POLICY = SMTP.clone(max_line_length=78)


class Unsendable(ValueError):
    """A mail that cannot be made; the text is a sentence for its author."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to send along; with a `content_id` it is a picture that the HTML shows by `cid:`."""

    filename: str
    content_type: str
    data: bytes = field(repr=False)
    content_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything an outgoing mail is made of. `references` is the whole chain, the oldest first.

    An `automatic` one says that a machine wrote it, so that no other machine answers it.
    `unsubscribe` is the web address by which the recipient gets no more mail of this kind; a POST there is
    enough (RFC 8058).
    """

    message_id: str
    sender: Address
    to: Sequence[Address]
    subject: str
    text: str
    at: datetime
    cc: Sequence[Address] = ()
    html: str | None = None
    reply_to: Address | None = None
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    files: Sequence[File] = ()
    automatic: bool = False
    unsubscribe: str = ""


def compose(letter: Letter) -> bytes:
    """The bytes of `letter`. Raises Unsendable when somebody's address cannot be written to or nobody is
    addressed.
    """
    if not letter.to and not letter.cc:
        raise Unsendable("The mail has no recipient; add at least one address.")
    message = EmailMessage(policy=_POLICY)
    _fill(message, letter)
    return _fields(letter) + message.as_bytes(policy=_POLICY)


def recipients(letter: Letter) -> list[str]:
    """The addresses the mail is delivered to, each once."""
    return list({person.key: person.email for person in (*letter.to, *letter.cc)}.values())


def reply_subject(subject: str) -> str:
    """The subject of an answer: `Re:` once, whatever stood before it."""
    bare = re.sub(r"^(?:\s*re\s*(?:\[\d+\])?\s*[:\uff1a])+\s*", "", one_line(subject), flags=re.IGNORECASE)
    return f"Re: {bare}" if bare else "Re: your message"


def shown_references(references: Sequence[str]) -> list[str]:
    """The chain as it is written: all of it or, too long for a field, its first link and its latest."""
    sound = list(dict.fromkeys(item for item in references if _IDENTIFIER.fullmatch(item)))
    lengths = accumulate(len(item) + len("\r\n ") for item in [*sound[:1], *sound[:0:-1]])
    kept = sum(length <= REFERENCES_LENGTH for length in lengths)
    return sound if kept == len(sound) else [sound[0], *sound[1 - kept :]]


def one_line(text: str) -> str:
    """`text` as it may stand in a field: one line, no control characters."""
    return _SPACES.sub(" ", clean(text)).strip()


def _fields(letter: Letter) -> bytes:
    """The header fields, written here: the library breaks long Message-IDs and names that are quoted and
    not ASCII.
    """
    if not _IDENTIFIER.fullmatch(letter.message_id):
        raise Unsendable(f"'{one_line(letter.message_id)}' is no Message-ID.")
    lines = [f"Message-ID: {letter.message_id}", f"Date: {format_datetime(letter.at)}"]
    lines.append(f"From: {_mailbox(letter.sender)}")
    lines += [_people("To", letter.to)] if letter.to else []
    lines += [_people("Cc", letter.cc)] if letter.cc else []
    lines += [_people("Reply-To", [letter.reply_to])] if letter.reply_to else []
    lines.append(f"Subject: {_words(one_line(letter.subject)[:SUBJECT_LIMIT])}")
    if letter.in_reply_to and _IDENTIFIER.fullmatch(letter.in_reply_to):
        lines.append(f"In-Reply-To: {letter.in_reply_to}")
    chain = shown_references(letter.references)
    lines += ["References: " + "\r\n ".join(chain)] if chain else []
    if letter.automatic:
        lines.append(f"Auto-Submitted: {_submitted(letter)}")
        # Not 'All', which asks servers to keep it to themselves that the mail did not arrive.
        lines.append("X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply")
    if letter.unsubscribe:
        lines.append(f"List-Unsubscribe: <{_web_address(letter.unsubscribe)}>")
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _submitted(letter: Letter) -> str:
    """What kind of machine wrote it (RFC 3834): one that answers a mail, or one that writes unasked."""
    return "auto-replied" if letter.in_reply_to and not letter.unsubscribe else "auto-generated"


def _web_address(value: str) -> str:
    if not _WEB_ADDRESS.fullmatch(value):
        raise Unsendable(f"'{one_line(value)}' is no web address to unsubscribe at; correct GOODWORD_URL.")
    return value


def _people(name: str, people: Sequence[Address]) -> str:
    return f"{name}: " + ",\r\n ".join(_mailbox(person) for person in people)


def _mailbox(person: Address) -> str:
    email = plausible(person.email)
    local, _at, domain = (email or "").rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        email = None
    if email is None or not local.isascii():
        raise Unsendable(f"'{one_line(person.email)}' is no address a mail can be sent to; correct it.")
    name = one_line(person.name)[:200]
    if not name:
        return f"{local}@{domain}"
    if name.isascii() and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{local}@{domain}>'
    return f"{_words(name)}\r\n <{local}@{domain}>"


def _words(text: str) -> str:
    """`text` for a field: as it is in ASCII, else as encoded words (RFC 2047), none of them cutting a
    character.
    """
    if text.isascii() and "=?" not in text:
        return text
    pieces: list[str] = [""]
    for char in text:
        if len((pieces[-1] + char).encode()) > _WORD_BYTES:
            pieces.append("")
        pieces[-1] += char
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece.encode()).decode()}?=" for piece in pieces)


def _fill(message: EmailMessage, letter: Letter) -> None:
    below = gettext("No more mail of this kind:") if letter.unsubscribe else ""
    text = f"{letter.text}\n\n-- \n{below} {letter.unsubscribe}" if below else letter.text
    message.set_content(clean(text) + "\n", cte="quoted-printable")
    pictures = [file for file in letter.files if file.content_id and letter.html and _is_picture(file)]
    if letter.html:
        link = html.escape(letter.unsubscribe)
        footer = f'\n<p>{html.escape(below)} <a href="{link}">{link}</a></p>' if below else ""
        message.add_alternative(clean(letter.html) + footer, subtype="html", cte="quoted-printable")
        body = message.get_body(("html",))
        assert isinstance(body, EmailMessage)
        for picture in pictures:
            main, sub = _media_type(picture.content_type)
            content_id = f"<{_content_id(picture.content_id or '')}>"
            name = one_line(picture.filename) or "picture"
            body.add_related(picture.data, main, sub, cid=content_id, filename=name, disposition="inline")
    for file in letter.files:
        if file not in pictures:
            _attach(message, file)


def _attach(message: EmailMessage, file: File) -> None:
    main, sub = _media_type(file.content_type)
    if main in {"text", "message", "multipart"}:
        # As text it would be given other line ends on its way; these bytes are to arrive as they are.
        main, sub = ("application", "octet-stream") if main != "text" else (main, sub)
    message.add_attachment(file.data, main, sub, filename=one_line(file.filename) or "file", cte="base64")


def _is_picture(file: File) -> bool:
    return _media_type(file.content_type)[0] == "image"


def _content_id(value: str) -> str:
    return re.sub(r"[^A-Za-z0-9.@_-]", "", value)[:200]


def _media_type(value: str) -> tuple[str, str]:
    bare = value.partition(";")[0].strip().lower()
    main, _slash, sub = (
        bare.partition("/") if _MEDIA_TYPE.fullmatch(bare) else "application/octet-stream".partition("/")
    )
    return main, sub
