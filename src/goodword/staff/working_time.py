"""Counting time over working hours: pure functions over a calendar of shifts and holidays.

Shifts are wall-clock times of the calendar's zone, so a shift over a change of the clocks is an hour longer
or shorter, as it is for those who work it. A holiday takes out the shifts that begin on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Longer than any sensible stretch without work; beyond it a calendar counts as one that never opens.
LONGEST_REST = timedelta(days=400)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """One shift of a weekday (0 is Monday); one that closes at or before it opens ends the next day."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works. Without any hours nobody ever does: see `never_opens`."""

    zone: ZoneInfo
    hours: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()

    @property
    def never_opens(self) -> bool:
        """Whether there are no hours at all."""
        return not self.hours


def always(zone: ZoneInfo) -> Calendar:
    """Round the clock, every day."""
    return Calendar(zone, tuple(Hours(day, time(0), time(0)) for day in range(7)))


def add(calendar: Calendar, start: datetime, span: timedelta) -> datetime:
    """The moment (UTC) at which `span` of working time has passed since `start`.

    A span of nothing ends at `start` itself. Raises ValueError when no work is done within 400 days.
    """
    left = span
    if left <= timedelta(0):
        return start.astimezone(UTC)
    for opens, closes in _open_stretches(calendar, start):
        here = closes - opens
        if left <= here:
            return opens + left
        left -= here
    raise ValueError("Nobody works within 400 days by these hours. Add hours, or take holidays away.")


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time from `start` to `end`; nothing when `end` is not later."""
    done = timedelta(0)
    if end <= start:
        return done
    for opens, closes in _open_stretches(calendar, start, until=end):
        if opens >= end:
            break
        done += min(closes, end) - opens
    return done


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether work is done at that moment; a shift's first moment is in, its last is out."""
    return next_open(calendar, at) == at.astimezone(UTC)


def next_open(calendar: Calendar, at: datetime) -> datetime | None:
    """The first moment (UTC) from `at` on at which work is done; None when nobody works within 400 days."""
    first = next(_open_stretches(calendar, at), None)
    return first[0] if first else None


def _open_stretches(
    calendar: Calendar, start: datetime, *, until: datetime | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """Stretches of work in UTC from `start` on, in order; what two shifts share is in the first alone."""
    done = start.astimezone(UTC)
    for opens, closes in _shifts(calendar, done, until):
        opens = max(opens, done)
        if closes > opens:
            yield opens, closes
            done = closes


def _shifts(
    calendar: Calendar, start: datetime, until: datetime | None
) -> Iterator[tuple[datetime, datetime]]:
    """The single shifts in UTC by their beginning, from the day before `start` on.

    Ends after 400 days without one, or after the day after `until`.
    """
    if calendar.never_opens:
        return
    day = start.astimezone(calendar.zone).date() - DAY
    last = until.astimezone(calendar.zone).date() + DAY if until else date.max
    idle = timedelta(0)
    while idle <= LONGEST_REST and day <= last and day < date.max - DAY:
        todays = sorted(
            _in_utc(calendar.zone, day, hours)
            for hours in calendar.hours
            if hours.weekday == day.weekday() and day not in calendar.holidays
        )
        idle = timedelta(0) if todays else idle + DAY
        yield from todays
        day += DAY


def _in_utc(zone: ZoneInfo, day: date, hours: Hours) -> tuple[datetime, datetime]:
    ends = day if hours.closes > hours.opens else day + DAY
    return (
        datetime.combine(day, hours.opens, tzinfo=zone).astimezone(UTC),
        datetime.combine(ends, hours.closes, tzinfo=zone).astimezone(UTC),
    )
