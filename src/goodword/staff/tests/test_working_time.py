"""Working time is what a minute counter counts, over changes of the clocks, nights and holidays alike."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from goodword.staff import working_time
from goodword.staff.working_time import Calendar, Hours

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
# With the days on which their clocks change; Lord Howe by half an hour, Cairo and Beirut at midnight, and
# Apia left a whole day out.
ZONES = {
    "Europe/Berlin": ["2026-03-29", "2026-10-25"],
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],
    "Africa/Cairo": ["2026-04-24", "2026-10-30"],
    "Asia/Beirut": ["2026-03-29", "2026-10-25"],
    "Pacific/Apia": ["2011-12-30", "2011-04-02"],
    "America/St_Johns": ["2026-03-08", "2011-11-06"],
    "Asia/Kolkata": ["2026-05-05"],
}
CASES = 10_000


class Counter:
    """Counts minute by minute: asks the clock on the wall of each whether somebody is at work."""

    def __init__(self, calendar: Calendar, first: datetime, last: datetime) -> None:
        self.first = first
        moments = [first + MINUTE * number for number in range(int((last - first) / MINUTE))]
        walls = [moment.astimezone(calendar.zone).replace(tzinfo=None) for moment in moments]
        self.open = [False] * len(moments)
        for opens, closes in shifts(calendar, walls[0].date() - DAY, walls[-1].date() + DAY):
            begun = next((n for n, wall in enumerate(walls) if wall >= opens), len(walls))
            ended = next((n for n in range(begun, len(walls)) if walls[n] >= closes), len(walls))
            self.open[begun:ended] = [True] * (ended - begun)

    def between(self, start: datetime, end: datetime) -> timedelta:
        first, last = self._number(start), self._number(end)
        return MINUTE * sum(self.open[first:last])

    def add(self, start: datetime, span: timedelta) -> datetime | None:
        left = span
        for number in range(self._number(start), len(self.open)):
            if left <= timedelta(0):
                return self.first + MINUTE * number
            left -= MINUTE * self.open[number]
        return None

    def _number(self, moment: datetime) -> int:
        return int((moment - self.first) / MINUTE)


def shifts(calendar: Calendar, first: date, last: date) -> list[tuple[datetime, datetime]]:
    """The shifts between two days on the wall's clock."""
    found = []
    for day in (first + DAY * number for number in range((last - first).days + 1)):
        for hours in calendar.hours:
            if hours.weekday == day.weekday() and day not in calendar.holidays:
                ends = day if hours.closes > hours.opens else day + DAY
                found.append((datetime.combine(day, hours.opens), datetime.combine(ends, hours.closes)))
    return found


def a_time(chance: random.Random) -> time:
    """A time of day, often one of the night hours in which clocks change."""
    hour = chance.choice([0, 1, 2, 2, 2, 3, chance.randrange(24), chance.randrange(24)])
    return time(hour, chance.choice([0, 0, 15, 30, chance.randrange(60)]))


def a_calendar(chance: random.Random) -> tuple[Calendar, date]:
    """Shifts that touch, overlap and go over midnight, with holidays, near a change of the clocks."""
    name = chance.choice(list(ZONES))
    change = date.fromisoformat(chance.choice(ZONES[name]))
    hours = []
    for weekday in chance.sample(range(7), chance.randrange(1, 8)):
        clock = a_time(chance)
        for _ in range(chance.randrange(1, 4)):
            closes = a_time(chance)
            hours.append(Hours(weekday, clock, closes))
            clock = chance.choice([closes, a_time(chance)])
    days = [change + DAY * chance.randrange(-3, 4) for _ in range(chance.randrange(3))]
    return Calendar(ZoneInfo(name), tuple(hours), frozenset(days)), change


def test_it_is_what_a_minute_counter_counts_in_ten_thousand_cases() -> None:
    chance = random.Random(20261122)
    done = 0
    while done < CASES:
        calendar, change = a_calendar(chance)
        middle = datetime.combine(change, time(), tzinfo=UTC)
        counter = Counter(calendar, middle - DAY * 4, middle + DAY * 5)
        for _ in range(50):
            start = middle + MINUTE * chance.randrange(-2 * 1440, 2 * 1440)
            end = start + MINUTE * chance.randrange(-60, 2 * 1440)
            said = f"{calendar} {start} {end}"
            counted = counter.between(start, end) if end > start else timedelta(0)
            assert working_time.between(calendar, start, end) == counted, said

            span = MINUTE * chance.randrange(1, 600)
            reached = counter.add(start, span)
            if reached is not None:
                assert working_time.add(calendar, start, span) == reached, f"{said} {span}"
            is_open = counter.between(start, start + MINUTE) == MINUTE
            assert working_time.is_open(calendar, start) is is_open, said
            done += 1


def test_what_is_added_is_found_again_between() -> None:
    chance = random.Random(4)
    for _ in range(500):
        calendar, change = a_calendar(chance)
        start = datetime.combine(change, a_time(chance), tzinfo=UTC)
        span = timedelta(seconds=chance.randrange(1, 400_000))
        reached = working_time.add(calendar, start, span)
        assert working_time.between(calendar, start, reached) == span


@pytest.mark.parametrize(
    ("opens", "closes", "worked"),
    [
        # In the night of 29 March 2026 the clock leaps from 2 to 3.
        (time(2, 30), time(5), 2.0),
        (time(1), time(2, 30), 1.0),
        (time(2, 15), time(2, 45), 0.0),
        (time(1), time(4), 2.0),
    ],
)
def test_an_hour_that_the_clock_leaps_over_is_not_worked(opens: time, closes: time, worked: float) -> None:
    calendar = Calendar(BERLIN, (Hours(6, opens, closes),))
    night = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert working_time.between(calendar, *night) == timedelta(hours=worked)


@pytest.mark.parametrize(
    ("opens", "closes", "worked"),
    [
        # In the night of 25 October 2026 the hour from 2 to 3 comes twice.
        (time(2), time(5), 4.0),
        (time(1), time(2, 30), 1.5),
        (time(2), time(2, 30), 0.5),
        (time(1), time(3), 3.0),
    ],
)
def test_of_an_hour_that_comes_twice_the_first_is_the_edge(opens: time, closes: time, worked: float) -> None:
    calendar = Calendar(BERLIN, (Hours(6, opens, closes),))
    night = datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)
    assert working_time.between(calendar, *night) == timedelta(hours=worked)


def test_working_days_step_over_rests_and_holidays() -> None:
    week = tuple(Hours(day, time(9), time(17)) for day in range(5))
    calendar = Calendar(BERLIN, week, frozenset({date(2026, 11, 30)}))
    friday = date(2026, 11, 27)
    assert working_time.working_day_after(calendar, friday, 0) == friday
    assert working_time.working_day_after(calendar, friday, 1) == date(2026, 12, 1)
    assert working_time.working_day_after(calendar, friday, 5) == date(2026, 12, 7)


def test_who_never_works_is_told_so() -> None:
    never = Calendar(BERLIN, ())
    moment = datetime(2026, 11, 27, tzinfo=UTC)
    assert working_time.next_open(never, moment) is None
    with pytest.raises(ValueError, match="Nobody works"):
        working_time.add(never, moment, MINUTE)
    with pytest.raises(ValueError, match="Nobody works"):
        working_time.working_day_after(never, moment.date(), 1)


def test_work_that_goes_on_in_a_shift_that_touches_is_one_stretch() -> None:
    week = tuple(
        Hours(day, *times)
        for day in range(5)
        for times in ((time(9), time(12)), (time(12), time(17)), (time(22), time(1)))
    )
    calendar = Calendar(BERLIN, week)
    ten = datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert working_time.open_until(calendar, ten) == ten + timedelta(hours=7)
    assert working_time.open_until(calendar, ten + timedelta(hours=8)) == ten + timedelta(hours=8)
    assert working_time.open_until(working_time.always(BERLIN), ten) is None
