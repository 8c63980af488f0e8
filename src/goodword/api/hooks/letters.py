"""A mail as a sender brings it, whole or in parts, and how the parts become a mail again."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

# What describes how the mail was put together, which is done anew.
_OF_THE_BODY = {"content-type", "content-transfer-encoding", "content-disposition", "mime-version"}
_FOLDED = re.compile(r"[\r\n]+[ \t]*")
_FIELD_NAME = re.compile(r"[!-9;-~]+")
_CONTENT_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it was delivered to a sender: its bytes and its envelope."""

    raw: bytes = field(repr=False)
    envelope_from: str = ""
    envelope_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of a mail; one with a content id stands inside the text."""

    data: bytes = field(repr=False)
    filename: str = ""
    content_type: str = ""
    content_id: str = ""


def rebuilt(
    *,
    headers: Iterable[tuple[str, str]],
    text: str | None,
    html: str | None,
    enclosed: Sequence[Enclosed] = (),
) -> bytes:
    """A mail made of its parts: every field of its head, both texts, and every file byte for byte.

    The same parts give the same bytes, so that a mail that is brought twice is known by them.
    """
    bodies = [
        _part(f"text/{kind}; charset=utf-8", _bytes(body))
        for kind, body in (("plain", text), ("html", html))
        if body is not None
    ]
    inline = [_file(one) for one in enclosed if one.content_id]
    attached = [_file(one) for one in enclosed if not one.content_id]
    body = _joined("alternative", bodies or [_part("text/plain; charset=utf-8", b"")])
    body = _joined("related", [body, *inline])
    body = _joined("mixed", [body, *attached])
    head = [b"%s: %s" % (name, value) for name, value in _fields(headers)]
    return b"\r\n".join([*head, b"MIME-Version: 1.0", body])


def _fields(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[bytes, bytes]]:
    for name, value in headers:
        if _FIELD_NAME.fullmatch(name) and name.lower() not in _OF_THE_BODY:
            yield name.encode("ascii"), _bytes(_one_line(value))


def _joined(kind: str, parts: list[bytes]) -> bytes:
    """One part, or several with a line between them that stands in none of them."""
    if len(parts) == 1:
        return parts[0]
    marked = hashlib.sha256(kind.encode())
    for part in parts:
        marked.update(part)
    boundary = f"=_{marked.hexdigest()[:40]}".encode()
    lines = [b'Content-Type: multipart/%s; boundary="%s"' % (kind.encode(), boundary), b""]
    for part in parts:
        lines += [b"--" + boundary, part]
    return b"\r\n".join([*lines, b"--" + boundary + b"--", b""])


def _file(one: Enclosed) -> bytes:
    kind = _one_line(one.content_type)
    if not _CONTENT_TYPE.fullmatch(kind) or kind.lower().startswith(("multipart/", "message/")):
        # A mail inside the mail must not be taken apart: as a file it stays as it is.
        kind = "application/octet-stream"
    more = ["inline" if one.content_id else "attachment"]
    if one.filename:
        more.append(f"filename*=utf-8''{quote(_bytes(one.filename), safe='')}")
    fields = [f"Content-Disposition: {'; '.join(more)}"]
    if one.content_id:
        fields.append(f"Content-ID: <{_one_line(one.content_id).strip('<> ')}>")
    return _part(kind, one.data, fields)


def _part(kind: str, data: bytes, fields: Sequence[str] = ()) -> bytes:
    lines = [f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *fields, "", ""]
    encoded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    return _bytes("\r\n".join(lines)) + encoded


def _one_line(value: str) -> str:
    return _FOLDED.sub(" ", value).strip()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")
