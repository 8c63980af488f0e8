"""Working time counted minute by minute, by asking the clock on the wall of each: slow, and plain to see."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from .house import COMPANY, CREWS, HOUSE_HOLIDAYS, Crew

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FIRST, LAST = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


class Minutes:
    """Of each minute whether a crew is at work; without a crew somebody always is."""

    def __init__(self, crew: Crew | None) -> None:
        count = int((LAST - FIRST) / MINUTE)
        self._open = [True] * count if crew is None else [_at_work(crew, n) for n in range(count)]

    def after(self, start: datetime, span: timedelta) -> datetime:
        """When so much working time has passed since `start`."""
        at, number, left = start, int((start - FIRST) / MINUTE), span
        while number < len(self._open):
            end = FIRST + MINUTE * (number + 1)
            if self._open[number]:
                if left <= end - at:
                    return at + left
                left -= end - at
            at, number = end, number + 1
        return NEVER

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments."""
        done, at, number = timedelta(0), start, int((start - FIRST) / MINUTE)
        while at < end:
            until = min(FIRST + MINUTE * (number + 1), end)
            done += (until - at) * self._open[number]
            at, number = until, number + 1
        return done


@cache
def minutes_of(team: str | None) -> Minutes:
    """The minutes of a team; None: day and night."""
    return Minutes(CREWS[team] if team else None)


def works_on(team: str, day: date) -> bool:
    """Whether a shift of the team begins on that day."""
    crew = CREWS[team]
    return bool(crew.week.get(day.weekday())) and day not in crew.holidays | HOUSE_HOLIDAYS


def working_day_after(team: str, day: date, count: int) -> date:
    """The day on which so many days of work have come after `day`."""
    while count:
        day += DAY
        count -= works_on(team, day)
    return day


def end_of_day(day: date) -> datetime:
    """The last second of a day of the company."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=COMPANY).astimezone(UTC)


def company_day(moment: datetime) -> date:
    """The day of the company on which that moment lies."""
    return moment.astimezone(COMPANY).date()


def _at_work(crew: Crew, number: int) -> bool:
    wall = (FIRST + MINUTE * number).astimezone(ZoneInfo(crew.zone))
    today, clock = wall.date(), wall.time()
    closed = crew.holidays | HOUSE_HOLIDAYS
    for opens, closes in crew.week.get(wall.weekday(), ()) if today not in closed else ():
        if opens <= clock and (clock < closes or closes <= opens):
            return True
    yesterday = today - DAY
    over_night = crew.week.get(yesterday.weekday(), ()) if yesterday not in closed else ()
    return any(closes <= opens and clock < closes for opens, closes in over_night)
