"""Counting time over working hours: pure functions over a calendar of shifts and holidays.

Shifts are wall-clock times of the calendar's zone, so a shift over a change of the clocks is an hour longer
or shorter, as it is for those who work it. It begins at the first moment at which the clock shows its
opening time or a later one, and ends at the first that shows its closing time or a later one: an hour that
the clock leaps over is not worked, and of one that comes twice the first counts as the edge. A holiday takes
out the shifts that begin on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# Longer than any sensible stretch without work; beyond it a calendar counts as one that never opens.
LONGEST_REST = timedelta(days=400)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NOBODY = "Nobody works within 400 days by these hours. Add hours, or take holidays away."


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
    raise ValueError(NOBODY)


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


def open_until(calendar: Calendar, at: datetime) -> datetime | None:
    """When the stretch of work that holds `at`, with those that touch it, ends (UTC); None when work goes on
    for a week and longer. A moment without work ends at once.
    """
    end = at.astimezone(UTC)
    for opens, closes in _open_stretches(calendar, at, until=at + 8 * DAY):
        if opens > end:
            break
        end = closes
    return end if end - at <= 7 * DAY else None


def works_on(calendar: Calendar, day: date) -> bool:
    """Whether a shift begins on that day."""
    return bool(_by_weekday(calendar.hours)[day.weekday()]) and day not in calendar.holidays


def working_day_after(calendar: Calendar, day: date, count: int) -> date:
    """The `count`-th working day after `day`; the day itself for a count of 0.

    Raises ValueError when there is none within 400 days of the one before.
    """
    idle = timedelta(0)
    while count > 0:
        day, idle = day + DAY, idle + DAY
        if works_on(calendar, day):
            count, idle = count - 1, timedelta(0)
        elif idle > LONGEST_REST:
            raise ValueError(NOBODY)
    return day


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
    week = _by_weekday(calendar.hours)
    while idle <= LONGEST_REST and day <= last and day < date.max - DAY:
        times = week[day.weekday()]
        if times and day not in calendar.holidays:
            idle = timedelta(0)
            yield from _on(calendar.zone, day, times)
        else:
            idle += DAY
        day += DAY


Times = tuple[tuple[time, time], ...]


@lru_cache(maxsize=256)
def _by_weekday(hours: tuple[Hours, ...]) -> tuple[Times, ...]:
    """The times of each weekday's shifts, Monday first."""
    return tuple(
        tuple(sorted((shift.opens, shift.closes) for shift in hours if shift.weekday == day))
        for day in range(7)
    )


@lru_cache(maxsize=4096)
def _on(zone: ZoneInfo, day: date, times: Times) -> tuple[tuple[datetime, datetime], ...]:
    """One day's shifts in UTC, by their beginning."""
    return tuple(
        sorted(
            (_moment(zone, day, opens), _moment(zone, day if closes > opens else day + DAY, closes))
            for opens, closes in times
        )
    )


def _moment(zone: ZoneInfo, day: date, clock: time) -> datetime:
    """The first moment (UTC) of that day at which the clock shows `clock` or later."""
    wall = datetime.combine(day, clock, tzinfo=zone)
    before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    moment = wall.astimezone(UTC)
    # Where the clock leaps over this time, the offset after the leap is the larger one.
    if before is None or after is None or after <= before:
        return moment
    return _leap(zone, moment - (after - before), moment)


def _leap(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    """The moment between the two at which the clock leaps, to the second."""
    offset = early.astimezone(zone).utcoffset()
    while late - early > SECOND:
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
