"""The tree of a mail's parts, divided into its body and everything else."""

import base64
import binascii
import mimetypes
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import decode_rfc2231
from html import escape

from goodword.mail.html import to_text
from goodword.mail.parsing.charsets import clean, decode
from goodword.mail.parsing.headers import decode_words, identifiers, raw_field
from goodword.mail.parsing.records import Part, Unreadable
from goodword.mail.parsing.tree import DEPTH_LIMIT, TOO_DEEP, PartMessage

PARTS_LIMIT = 2_000
TEXT_LIMIT = 2_000_000

_PLAIN_ENCODINGS = {"7bit", "8bit", "binary", ""}
_TOKEN = re.compile(r"[a-z0-9.+-]+")
_UNSAFE_NAME = re.compile(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069]")


@dataclass
class Body:
    """What the walk over the parts collects: pieces of the body, each plain, HTML or both, and the
    attachments.
    """

    pieces: list[tuple[str | None, str | None]] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The plain body, made from the HTML one where the mail brings no plain one."""
        texts = [to_text(html or "") if text is None else text for text, html in self.pieces]
        return "\n\n".join(text for text in texts if text.strip())

    @property
    def html(self) -> str | None:
        """The HTML body; None when the mail brings none."""
        if not any(html is not None for _text, html in self.pieces):
            return None
        return "\n".join(_as_html(text or "") if html is None else html for text, html in self.pieces)

    def add(self, text: str | None, html: str | None) -> None:
        """Add a piece; an HTML form of the very words that stand before it becomes that piece's HTML form."""
        if self.pieces and text is None and html is not None:
            before, none = self.pieces[-1]
            if none is None and before is not None and before.split() == to_text(html).split():
                self.pieces[-1] = (before, html)
                return
        self.pieces.append((text, html))


def body_of(message: Message) -> Body:
    """The body and the other parts of `message`; nothing of the mail is left out."""
    body = Body()
    _walk(message, body, depth=0, top=True)
    if len(body.attachments) > PARTS_LIMIT:
        raise Unreadable(
            f"The mail has {len(body.attachments)} parts, more than {PARTS_LIMIT}; "
            "download it and open it in a mail program."
        )
    return body


def leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts of `message` that hold no further parts, in order."""
    children = _children(message)
    if not children or depth > DEPTH_LIMIT:
        yield message
        return
    for child in children:
        yield from leaves(child, depth + 1)


def payload(part: Message) -> bytes:
    """The decoded bytes of a part without children."""
    data = part.content if isinstance(part, PartMessage) else b""
    encoding = _TOKEN.match(raw_field(part, "Content-Transfer-Encoding").strip("\"'; ").casefold())
    kind = encoding[0] if encoding else ""
    if kind in _PLAIN_ENCODINGS:
        return data
    if kind == "quoted-printable":
        return quopri.decodestring(data)
    if kind == "base64":
        return _from_base64(data)
    if kind in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        return _from_uuencode(data)
    return data


def content_type(part: Message) -> str:
    """The part's media type in lower case; `text/plain` when the mail names none that makes sense."""
    try:
        return Message.get_content_type(part)
    except (ValueError, IndexError, AttributeError, TypeError):
        return "text/plain"


def parameter(part: Message, name: str, header: str = "content-type") -> str | None:
    """A parameter of a field as readable text, whichever way it was encoded; None when it is not there."""
    try:
        value = part.get_param(name, header=header)
    except (ValueError, IndexError, AttributeError, TypeError, RecursionError):
        return None
    if value is None:
        return None
    if isinstance(value, tuple):
        return decode(value[2].encode("latin-1", errors="replace"), value[0]) if value[0] else str(value[2])
    if "''" in value:
        value = decode_rfc2231(value)[2]
    return decode_words(value)


def _walk(part: Message, body: Body, *, depth: int, top: bool = False) -> None:
    children = _children(part)
    if depth > DEPTH_LIMIT:
        raise Unreadable(TOO_DEEP)
    if not children:
        _leaf(part, body, top=top)
    elif content_type(part) == "multipart/alternative":
        _alternative(children, body, depth)
    else:
        for child in children:
            _walk(child, body, depth=depth + 1)


def _alternative(children: list[Message], body: Body, depth: int) -> None:
    """One plain and one HTML form of the same words; further forms are kept as attachments."""
    text: str | None = None
    html: str | None = None
    for child in children:
        found = Body()
        _walk(child, found, depth=depth + 1)
        body.attachments += found.attachments
        if not found.pieces:
            continue
        if found.html is None and text is None:
            text = found.text
        elif found.html is not None and html is None:
            html = found.html
        else:
            body.attachments += [_enclosed(leaf) for leaf in leaves(child) if _is_written(leaf, top=False)]
    if text is not None or html is not None:
        # An empty plain form beside a full HTML one is a habit of some programs: the HTML one then speaks
        # for both.
        body.pieces.append((None if html and not (text or "").strip() else text, html))


def _leaf(part: Message, body: Body, *, top: bool) -> None:
    if not _is_written(part, top=top):
        body.attachments.append(_enclosed(part))
        return
    data = payload(part)
    text = clean(decode(_beginning(data), parameter(part, "charset")))
    if len(data) > TEXT_LIMIT or ("\ufffd" in text and b"\xef\xbf\xbd" not in data):
        # What cannot be shown as it came, or not to its end, is there as a file, too.
        body.attachments.append(_enclosed(part))
    if content_type(part) == "text/html":
        body.add(None, text)
        return
    if parameter(part, "format") == "flowed":
        text = _unflowed(text, joined=parameter(part, "delsp") == "yes")
    body.add(text, None)


def _is_written(part: Message, *, top: bool) -> bool:
    """Whether a part is words of the mail itself rather than a file."""
    kind, disposition = content_type(part), _disposition(part)
    written = kind in {"text/plain", "text/html"} or (top and kind.startswith(("text/", "multipart/")))
    return written and disposition != "attachment" and not (_filename(part) and (disposition or not top))


def _beginning(data: bytes) -> bytes:
    """As much of a text as is shown, and no character cut in two."""
    if len(data) <= TEXT_LIMIT:
        return data
    line = data.rfind(b"\n", TEXT_LIMIT - 4_000, TEXT_LIMIT) + 1
    return data[: line or next((end for end in range(TEXT_LIMIT, 0, -1) if data[end] & 0xC0 != 0x80), 0)]


def _children(part: Message) -> list[Message]:
    return [*part.parts] if isinstance(part, PartMessage) else []


def _disposition(part: Message) -> str | None:
    word = _TOKEN.match(raw_field(part, "Content-Disposition").casefold())
    return word[0] if word else None


def _filename(part: Message) -> str:
    name = parameter(part, "filename", "content-disposition") or parameter(part, "name") or ""
    return _UNSAFE_NAME.sub("_", clean(name).replace("\n", " ")).strip(" .")[:200]


def _enclosed(part: Message) -> Part:
    kind, disposition, name = content_type(part), _disposition(part), _filename(part)
    identifier = next(iter(identifiers(raw_field(part, "Content-ID"))), None)
    if not name and kind == "message/rfc822":
        inner = re.search(rb"^subject:[ \t]*([^\r\n]{1,200})", payload(part)[:64_000], re.I | re.M)
        subject = decode_words(inner[1].decode("ascii", errors="surrogateescape")) if inner else ""
        name = _UNSAFE_NAME.sub("_", subject)[:150].strip(" .")
        name = f"{name or 'mail'}.eml"
    return Part(
        filename=name or f"part{mimetypes.guess_extension(kind) or '.bin'}",
        content_type=kind,
        content_id=identifier.strip("<>") if identifier else None,
        disposition=disposition,
        data=payload(part),
        inline=disposition == "inline" or (identifier is not None and disposition != "attachment"),
    )


def _from_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data, validate=False)
    except binascii.Error:
        return _from_broken_base64(data)


def _from_broken_base64(data: bytes) -> bytes:
    """As much as can be had of base64 that was cut or lost its padding; the bytes as they are when it is
    none.
    """
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data.partition(b"=")[0])
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return data


def _from_uuencode(data: bytes) -> bytes:
    lines = iter(data.splitlines())
    if not any(line.startswith(b"begin ") for line in lines):
        return data
    decoded = bytearray()
    for line in lines:
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            decoded += binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
        except binascii.Error:
            return data
    return bytes(decoded)


def _unflowed(text: str, *, joined: bool) -> str:
    """`format=flowed` text (RFC 3676) with its soft line ends taken out, quote depth by quote depth."""
    done: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        piece = content[:-1] if flows and joined else content
        if open_depth == depth and content != "-- ":
            done[-1] += piece
        else:
            done.append(">" * depth + (" " if depth else "") + piece)
        open_depth = depth if flows else None
    return "\n".join(done)


def _as_html(text: str) -> str:
    return f"<pre>{escape(text, quote=False)}</pre>"
