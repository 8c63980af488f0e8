"""Shifts as people write them, '09:00-12:30, 13:30-17:00', and holidays as lists and calendars tell them."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

MOST_SHIFTS = 6
MOST_DAYS = 400
LONGEST_HOLIDAY = 31
_SHIFT = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|—|to)\s*(\d{1,2})(?:[:.](\d{2}))?")
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})\s*[,;:\t]?\s*(.*)")
_ICS_DAY = re.compile(r"(\d{8})")
Shifts = list[tuple[time, time]]
Days = list[tuple[date, str]]


def shifts_in(text: str) -> Shifts:
    """The shifts of one day; none for nothing. Raises ValueError with a sentence."""
    pieces = [piece.strip() for piece in re.split(r"[,;\n]", text) if piece.strip()]
    if len(pieces) > MOST_SHIFTS:
        raise ValueError(_("These are %(n)s shifts. A day has %(most)s at most.") % _how_many(len(pieces)))
    found = [_shift(piece) for piece in pieces]
    opens = [first for first, _last in found]
    if len(set(opens)) < len(opens):
        raise ValueError(_("Two shifts begin at the same time. Keep one of them."))
    return sorted(found)


def say_shifts(shifts: Iterable[tuple[time, time]]) -> str:
    """The shifts of a day in the form that `shifts_in` reads."""
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in sorted(shifts))


def days_in(text: str) -> Days:
    """The days of a calendar (.ics) or of lines such as '2026-12-25 Christmas Day', each day once.

    Raises ValueError with a sentence that names the line.
    """
    found = _of_calendar(text) if "BEGIN:VCALENDAR" in text else _of_lines(text)
    days: dict[date, str] = {}
    for day, name in found:
        days.setdefault(day, name)
        if len(days) > MOST_DAYS:
            raise ValueError(
                _("These are more than %(most)s days. Take one year at a time.") % {"most": MOST_DAYS}
            )
    if not days:
        raise ValueError(_("No day was found. Write one a line, such as: 2026-12-25 Christmas Day"))
    return sorted(days.items())


def _how_many(count: int) -> dict[str, int]:
    return {"n": count, "most": MOST_SHIFTS}


def _shift(piece: str) -> tuple[time, time]:
    found = _SHIFT.fullmatch(piece)
    if found is None:
        raise ValueError(_("'%(text)s' is no shift. Write one such as 09:00-17:00.") % {"text": piece[:40]})
    opens, closes = _clock(found[1], found[2], piece), _clock(found[3], found[4], piece)
    return opens, closes


def _clock(hour: str, minute: str | None, piece: str) -> time:
    if int(hour) == 24 and int(minute or 0) == 0:
        return time(0)
    try:
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        raise ValueError(
            _("'%(text)s' has a time that no clock shows. Write one such as 09:00-17:00.")
            % {"text": piece[:40]}
        ) from error


def _of_lines(text: str) -> Iterator[tuple[date, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        day = _day(found[1]) if found else None
        if found is None or day is None:
            sentence = _("Line %(n)s, '%(line)s', has no day. Write it such as: 2026-12-25 Christmas Day")
            raise ValueError(sentence % {"n": number, "line": line.strip()[:60]})
        yield day, found[2].strip() or _("Holiday")


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _of_calendar(text: str) -> Iterator[tuple[date, str]]:
    event: dict[str, str] = {}
    # A line that begins with a space goes on where the one before it ended.
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        name, _colon, value = line.partition(":")
        name = name.partition(";")[0].upper()
        if name == "BEGIN" and value.strip().upper() == "VEVENT":
            event = {}
        elif name == "END" and value.strip().upper() == "VEVENT":
            yield from _days_of(event)
        else:
            event[name] = value.strip()


def _days_of(event: dict[str, str]) -> Iterator[tuple[date, str]]:
    first = _ics_day(event.get("DTSTART", ""))
    if first is None:
        return
    name = re.sub(r"\\([,;\\])", r"\1", event.get("SUMMARY", "")).strip() or _("Holiday")
    # The end of a calendar's whole days is the day after them.
    after = _ics_day(event.get("DTEND", "")) or first
    count = min(max((after - first).days, 1), LONGEST_HOLIDAY)
    yield from ((first + timedelta(days=number), name) for number in range(count))


def _ics_day(value: str) -> date | None:
    found = _ICS_DAY.match(value)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%d").date()
    except ValueError:
        return None
