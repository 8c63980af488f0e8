"""Lengths of time as people write them: '4 h', '2 days', '1 h 30 min'."""

import re
from collections import Counter
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.staff.calendars import calendar_of
from goodword.staff.working_time import Calendar, between

from .pages import Refused

HOUR = 60
DAY = 24 * HOUR
A_MONDAY = date(2026, 6, 1)
_PIECE = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d]*)")
_MINUTES = {"m": 1, "min": 1, "minute": 1, "h": HOUR, "hour": HOUR}
_DAYS = {"d": 1, "day": 1, "w": 7, "week": 7}


def minutes_of(text: str, *, day: int = DAY) -> int | None:
    """The minutes that a text means; None for an empty one. `day` is how many minutes a day has there.

    A bare number means hours. Raises Refused with a sentence.
    """
    if not text.strip():
        return None
    pieces = [_piece(amount, unit.casefold(), day) for amount, unit in _PIECE.findall(text)]
    whole = [piece for piece in pieces if piece is not None]
    if len(whole) < len(pieces) or _PIECE.sub("", text).strip(" ,+") or sum(whole) < 1:
        raise Refused(
            _("'%(text)s' is no length of time. Write it as '30 min', '4 h' or '2 days'.")
            % {"text": text[:40]}
        )
    return round(sum(whole))


def words_of(minutes: int | None, *, day: int = DAY) -> str:
    """Minutes in the largest units that they fill: '2 days', '1 h 30 min'."""
    if not minutes:
        return ""
    if minutes % day == 0:
        days = minutes // day
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    hours, rest = divmod(minutes, HOUR)
    pieces = [_("%(n)s h") % {"n": hours}] if hours else []
    pieces += [_("%(n)s min") % {"n": rest}] if rest else []
    return " ".join(pieces)


def working_day() -> int:
    """How many minutes most working days of the house have; a whole day where it never closes."""
    calendar = calendar_of()
    days = [A_MONDAY + timedelta(days=number) for number in range(7)]
    lengths = [_length(calendar, day) for day in days]
    usual = Counter(length for length in lengths if length).most_common(1)
    return usual[0][0] if usual else DAY


def _length(calendar: Calendar, day: date) -> int:
    start = datetime.combine(day, time(0), tzinfo=calendar.zone)
    end = datetime.combine(day + timedelta(days=1), time(0), tzinfo=calendar.zone)
    return between(calendar, start, end) // timedelta(minutes=1)


def _piece(amount: str, unit: str, day: int) -> float | None:
    single = unit.removesuffix("s") if len(unit) > 1 else unit
    number = float(amount.replace(",", "."))
    if single in _DAYS:
        return number * _DAYS[single] * day
    minutes = _MINUTES.get(single or "h")
    return None if minutes is None else number * minutes
