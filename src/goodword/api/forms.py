"""Forms as bytes: what was sent in each field, and nothing read into it.

Django decodes the fields of a form and drops files whose names it dislikes; a mail in a form must come out as
it went in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from urllib.parse import parse_qsl

MOST_FIELDS = 20_000


class BadForm(ValueError):
    """A body that is no form; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, its bytes, and for a file what its sender calls it and says that it is."""

    name: str
    data: bytes
    filename: str | None = None
    content_type: str = ""

    @property
    def text(self) -> str:
        """The field as text, for those that can be nothing else."""
        return self.data.decode("utf-8", errors="replace")


class Form:
    """The fields of a form, in their order."""

    def __init__(self, fields: list[Field]) -> None:
        self.fields = fields
        self._last = {field.name: field for field in fields}

    def get(self, name: str) -> Field | None:
        """The last field of this name."""
        return self._last.get(name)

    def data(self, name: str) -> bytes | None:
        """The bytes of the last field of this name."""
        found = self.get(name)
        return found.data if found else None

    def text(self, name: str) -> str:
        """The last field of this name as text; '' without one."""
        found = self.get(name)
        return found.text if found else ""


def read(content_type: str, body: bytes) -> Form:
    """The form in a body, in one of the two ways that browsers send forms; raises BadForm."""
    said = Message()
    said["Content-Type"] = content_type
    kind = said.get_content_type()
    if kind == "application/x-www-form-urlencoded":
        return Form(list(_urlencoded(body)))
    if kind == "multipart/form-data":
        boundary = said.get_param("boundary")
        if not isinstance(boundary, str) or not boundary:
            raise BadForm("The form does not say what stands between its fields.")
        return Form(list(_multipart(body, boundary.encode("latin-1", errors="replace"))))
    raise BadForm(f"The body is '{kind[:60]}' and no form.")


def _urlencoded(body: bytes) -> Iterator[Field]:
    try:
        # Latin-1 has a character for each byte, so that none is lost on the way.
        pairs = parse_qsl(
            body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise BadForm(f"The form has more than {MOST_FIELDS} fields.") from error
    for name, value in pairs:
        yield Field(_decoded(name.encode("latin-1")), value.encode("latin-1", errors="replace"))


def _multipart(body: bytes, boundary: bytes) -> Iterator[Field]:
    delimiter = b"\r\n--" + boundary
    end = 0 if body.startswith(b"--" + boundary) else body.find(delimiter)
    if end < 0:
        raise BadForm("The form has no fields, or it was cut off.")
    position = end + len(delimiter) - (2 if end == 0 else 0)
    for _number in range(MOST_FIELDS):
        if body.startswith(b"--", position):
            return
        begin = body.find(b"\r\n", position) + 2
        end = body.find(delimiter, begin - 2)
        # An empty field may have no line of its own: the blank line before it also ends it.
        head = body.find(b"\r\n\r\n", begin - 2, end + 2)
        if begin < 2 or end < 0 or head < 0:
            raise BadForm("The form was cut off before its end.")
        yield _field(body[begin:head], body[head + 4 : end])
        position = end + len(delimiter)
    raise BadForm(f"The form has more than {MOST_FIELDS} fields.")


def _field(head: bytes, data: bytes) -> Field:
    said = HeaderParser().parsestr(_decoded(head))
    filename = said.get_param("filename", header="Content-Disposition")
    if isinstance(filename, tuple):
        filename = said.get_filename()
    name = said.get_param("name", header="Content-Disposition")
    return Field(
        name=name if isinstance(name, str) else "",
        data=data,
        filename=filename,
        content_type=said.get("Content-Type", ""),
    )


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", errors="replace")
