"""A file of rows as people export it, read without guessing at what it means."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ..errors import CustomerError
from .columns import Column, columns, squeezed

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

MOST_ROWS = 5_000
MOST_BYTES = 4_000_000
DELIMITERS = ",;\t|"
FIELD = "field:"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A line of the file with something in it: its number as an editor shows it, and its cells by field."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was read: its rows, what each column was taken for, and the headings nobody knew."""

    rows: tuple[FileRow, ...]
    used: Mapping[str, str]
    unknown: tuple[str, ...]


def decoded(data: bytes) -> str:
    """The file as text; raises CustomerError when it is none, or too large."""
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise CustomerError(_("The file is larger than %(most)d MB. Split it.") % {"most": most})
    if b"\x00" in data:
        raise CustomerError(_("This is not a text file. Save the table as CSV first."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_table(text: str, *, kind: str, own_fields: Mapping[str, str]) -> Table:
    """The rows of a CSV file with a heading; `own_fields` are the keys of the company's fields by label.

    Raises CustomerError when there is no row, or a column is missing without which no row means anything.
    """
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    try:
        heading = next(reader, [])
        places = _places(heading, kind=kind, own_fields=own_fields)
        rows = tuple(_rows(reader, places))
    except csv.Error as error:
        sentence = _("The file cannot be read as a table: %(error)s.")
        raise CustomerError(sentence % {"error": error}) from error
    if not rows:
        raise CustomerError(_("The file has a heading and no rows below it."))
    used = {name: heading[place].strip() for place, name in places.items()}
    unknown = [title.strip() for place, title in enumerate(heading) if place not in places and title.strip()]
    return Table(rows, used, tuple(unknown))


def _rows(reader: "CsvReader", places: Mapping[int, str]) -> Iterator[FileRow]:
    count = 0
    for cells in reader:
        kept = {name: cells[place].strip() for place, name in places.items() if place < len(cells)}
        if not any(kept.values()):
            continue
        count += 1
        if count > MOST_ROWS:
            raise CustomerError(_("The file has more than %(most)d rows. Split it.") % {"most": MOST_ROWS})
        yield FileRow(reader.line_num, kept)


def _places(heading: list[str], *, kind: str, own_fields: Mapping[str, str]) -> dict[int, str]:
    """Which field stands in which column."""
    names = {squeezed(label): FIELD + key for label, key in own_fields.items()}
    for column in reversed(columns(kind)):
        names |= {squeezed(called): column.name for called in (*reversed(column.called), column.name)}
    found: dict[int, str] = {}
    for place, title in enumerate(heading):
        name = names.get(squeezed(title))
        if name is None:
            continue
        if name in found.values():
            sentence = _("Two columns mean the same: '%(title)s' and another one. Rename or remove one.")
            raise CustomerError(sentence % {"title": title.strip()[:60]})
        found[place] = name
    _require(columns(kind), set(found.values()))
    return found


def _require(known: tuple[Column, ...], found: set[str]) -> None:
    missing = [column.called[0] for column in known if column.needed and column.name not in found]
    if not found & {"email", "number"}:
        missing.insert(0, known[0].called[0])
    if missing:
        sentence = _("The file needs a column called: %(missing)s. The first line must hold the headings.")
        raise CustomerError(sentence % {"missing": ", ".join(missing)})


def _delimiter(text: str) -> str:
    """What parts the columns of the heading most often."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=heading.count)
