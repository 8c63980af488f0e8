"""The ledger as rows of a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Gesture, Voucher

# A spreadsheet takes a cell that begins so for a formula, and would run what a customer wrote.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[Gesture]) -> Iterator[str]:
    """The rows as lines of CSV with a head, one text for each line."""
    yield _line([_("Number"), _("Date"), _("Month"), _("Kind"), _("Amount"), _("Currency"), _("Reason"),
                 _("Customer"), _("Team"), _("Given by"), _("Decided by"), _("Conversation"), _("Takes back"),
                 _("Voucher")])  # fmt: skip
    for row in rows:
        yield _line(_cells(row))


def _cells(row: Gesture) -> list[object]:
    voucher: Voucher | None = getattr(row, "voucher", None)
    return [
        row.pk,
        timezone.localtime(row.at, timezone.get_default_timezone()).isoformat(timespec="seconds"),
        f"{row.month:%Y-%m}",
        row.get_kind_display(),
        row.amount,
        settings.CONFIG.currency,
        _text(row.reason),
        _text(str(row.customer) if row.customer else ""),
        _text(row.team.name if row.team else ""),
        _text(row.agent.name if row.agent else ""),
        _text(row.decided_by.name if row.decided_by else ""),
        row.conversation_id or "",
        row.reverses_id or "",
        voucher.state.label if voucher else "",
    ]


def _text(words: str) -> str:
    return f"'{words}" if words.startswith(_FORMULA) else words


def _line(cells: list[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
