"""The register as CSV: UTF-8 with a mark that spreadsheets know, moments in the company's time."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from ..queries import COLUMNS, Entry

BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet takes what begins so for a formula, and runs it.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """The register line by line, its headings first."""
    yield BYTE_ORDER_MARK + _line([str(heading) for _name, heading in COLUMNS])
    for entry in entries:
        yield _line([said(getattr(entry, name)) for name, _heading in COLUMNS])


def said(value: object) -> str:
    """A value as it stands in a cell; nothing a customer wrote can be a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value, timezone.get_default_timezone()).strftime("%Y-%m-%d %H:%M")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _line(cells: list[str]) -> str:
    kept = io.StringIO()
    csv.writer(kept).writerow(cells)
    return kept.getvalue()
