"""Words for moments in time, found by an own small grammar and resolved against the moment of writing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of writing with its zone, and the days nobody works. Without `now` nothing resolves."""

    now: datetime | None = None
    holidays: frozenset[date] = frozenset()

    @property
    def today(self) -> date | None:
        return self.now.date() if self.now else None

    @property
    def zone(self) -> tzinfo | None:
        return self.now.tzinfo if self.now else None

    def month_first(self, zones: Iterable[str]) -> bool:
        """Whether people in the zone of writing put the month before the day: '12/3' is 3 December."""
        return str(self.zone).startswith(tuple(zones))

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def working_days_later(self, count: int) -> date | None:
        """The day `count` working days after today, or None without `now` or beyond the calendar."""
        day = self.today
        if day is None:
            return None
        weeks = max(0, (count - 10) // 5)  # whole weeks at once keeps absurd counts cheap
        left = count
        if not self.holidays and weeks:
            day, left = plus(day, weeks * 7), count - weeks * 5
        while day is not None and left > 0:
            day = plus(day, 1)
            if day is not None and self.works(day):
                left -= 1
        return day


@dataclass(frozen=True, slots=True)
class Moment:
    """Words for a time in a text. `due` is None when the words name no day or hour, or cannot be resolved."""

    start: int
    end: int
    due: str | None
    vague: bool = False
    span: bool = False
    days: int | None = None


def plus(day: date, days: int) -> date | None:
    """`day` moved by `days`, or None outside the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def next_weekday(today: date, weekday: int) -> date:
    """The first such weekday after today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_of_next_week(today: date, weekday: int) -> date:
    return today + timedelta(days=7 - today.weekday() + weekday)


def end_of_week(today: date, weeks: int = 0) -> date:
    """Friday of the week `weeks` from now; Sunday when this week's Friday is over."""
    friday = today + timedelta(days=4 - today.weekday() + 7 * weeks)
    return friday if friday >= today else friday + timedelta(days=2)


def end_of_month(today: date, months: int = 0) -> date:
    year, month = divmod(today.year * 12 + today.month + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def nearest_year(today: date, day: int, month: int) -> date | None:
    """The date in the year that makes it upcoming, or at most a month past."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today - timedelta(days=31):
            return found
    return None


def day_of_month(today: date, day: int) -> date | None:
    """The next date with that day of the month, today included."""
    for ahead in range(3):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        try:
            found = date(year, month + 1, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def exact(day: int, month: int, year: int) -> date | None:
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def at_clock(day: date, hour: int, minute: int, zone: tzinfo | None) -> str:
    return datetime.combine(day, time(hour % 24, minute), tzinfo=zone).isoformat(timespec="seconds")
