"""What stands in a cell, as a value."""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import CustomerError
from .columns import squeezed, states

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)")
_SLASHED = re.compile(r"\d{1,4}/\d{1,2}/\d{1,4}")


def number(text: str) -> Decimal:
    """12.50, 12,50 and 1.234,50 alike: of point and comma the last one parts the cents."""
    tidy = text.replace(" ", "").replace("\u00a0", "").replace("'", "")
    point, comma = tidy.rfind("."), tidy.rfind(",")
    if comma > point and (point >= 0 or len(tidy) - comma != 4):
        tidy = tidy.replace(".", "").replace(",", ".")
    else:
        tidy = tidy.replace(",", "")
    try:
        found = Decimal(tidy)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or len(tidy) > 30:
        raise CustomerError(_("'%(value)s' is not a number. Write it as 12.50.") % {"value": text[:60]})
    return found


def moment(text: str) -> datetime:
    """A day or a moment; without an offset it is the company's time."""
    found = _iso(_with_dashes(text))
    if found is None:
        raise CustomerError(_not_a_date(text))
    return found if found.tzinfo else timezone.make_aware(found, timezone.get_default_timezone())


def day(text: str) -> date:
    """A day; of a moment with an offset, the day it was in the company's time."""
    return timezone.localtime(moment(text), timezone.get_default_timezone()).date()


def state(text: str) -> str:
    """The state of a subscription, as far as it is known by that word."""
    return states().get(squeezed(text), text)


def _iso(text: str) -> datetime | None:
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time())
        return datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    except ValueError:
        return None


def _with_dashes(text: str) -> str:
    text = " ".join(text.split())
    dotted = _DOTTED.fullmatch(text)
    if dotted is None:
        return text
    of_month, month, year, rest = dotted.groups()
    return f"{year}-{int(month):02}-{int(of_month):02}{rest}"


def _not_a_date(text: str) -> str:
    if _SLASHED.match(text.strip()):
        sentence = _("'%(value)s' can be read in two ways. Write the date as 2026-03-01.")
    else:
        sentence = _("'%(value)s' is not a date. Write it as 2026-03-01.")
    return sentence % {"value": text[:60]}
