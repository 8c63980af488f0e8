"""Working hours and holidays are set by leads, for the house or a team, and told to whoever plans by them."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError

from goodword.events.models import Event
from goodword.staff import actions, hours, registry
from goodword.staff.access import NotAllowed
from goodword.staff.calendars import calendar_of
from goodword.staff.hour_words import days_in, say_shifts, shifts_in
from goodword.staff.models import Agent, Holiday, Shift, Team
from goodword.staff.working_time import Hours

OFFICE = [(time(9), time(12, 30)), (time(13, 30), time(17))]
NIGHT = [(time(22), time(6))]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Team | None]:
    """The teams whose hours were said to have changed."""
    heard: list[Team | None] = []
    monkeypatch.setattr(registry.hours_changed, "_entries", [heard.append])
    return heard


def test_a_team_has_its_own_hours_and_the_others_the_house_s(
    lead: Agent, team: Team, told: list[Team | None]
) -> None:
    hours.set_hours(by=lead, team=None, week={0: OFFICE})
    hours.set_hours(by=lead, team=team, week={4: NIGHT}, time_zone="Asia/Tokyo")

    own = calendar_of(team)
    assert (own.hours, own.zone.key) == ((Hours(4, time(22), time(6)),), "Asia/Tokyo")
    other = Team.objects.get(name="Elsewhere")
    assert calendar_of(other).hours == tuple(Hours(0, opens, closes) for opens, closes in OFFICE)
    assert told == [None, team]
    assert list(Event.objects.filter(kind="hours.changed").values_list("data__team", flat=True)) == [
        None,
        team.pk,
    ]


def test_saving_the_same_week_again_changes_nothing(lead: Agent, told: list[Team | None]) -> None:
    for _ in range(2):
        hours.set_hours(by=lead, team=None, week={0: OFFICE, 1: NIGHT})
    assert Shift.objects.count() == 3
    assert told == [None]
    hours.set_hours(by=lead, team=None, week={0: [(time(9), time(13))]})
    assert [str(shift) for shift in Shift.objects.all()] == ["0 09:00-13:00"]
    assert len(told) == 2


def test_only_leads_set_hours_and_only_in_zones_that_exist(owner: Agent, lead: Agent, team: Team) -> None:
    with pytest.raises(NotAllowed):
        hours.set_hours(by=owner, team=None, week={})
    with pytest.raises(NotAllowed):
        hours.import_holidays(by=owner, team=None, days=[])
    with pytest.raises(ValidationError, match="'Europe/Atlantis' is no time zone"):
        hours.set_hours(by=lead, team=team, week={}, time_zone="Europe/Atlantis")
    with pytest.raises(ValidationError, match="A week has the days"):
        hours.set_hours(by=lead, team=team, week={7: OFFICE})


def test_holidays_are_imported_once_and_keep_their_names(lead: Agent, told: list[Team | None]) -> None:
    actions.add_holiday(by=lead, day=date(2026, 12, 25), name="Christmas")
    days = [(date(2026, 12, 25), "Weihnachten"), (date(2026, 12, 26), "Boxing Day")]
    assert hours.import_holidays(by=lead, team=None, days=days) == 1
    assert hours.import_holidays(by=lead, team=None, days=days) == 0
    assert dict(Holiday.objects.values_list("day", "name"))[date(2026, 12, 25)] == "Christmas"
    assert told == [None, None]
    actions.remove_holiday(by=lead, holiday=Holiday.objects.get(name="Boxing Day"))
    assert told == [None, None, None]


@pytest.mark.parametrize(
    ("text", "shifts"),
    [
        ("09:00-12:30, 13:30-17:00", OFFICE),
        ("13.30 – 17; 9 to 12:30", OFFICE),
        ("22:00-06:00", NIGHT),
        ("0-24", [(time(0), time(0))]),
        (" ", []),
    ],
)
def test_shifts_are_read_as_people_write_them(text: str, shifts: list[tuple[time, time]]) -> None:
    assert shifts_in(text) == shifts
    assert shifts_in(say_shifts(shifts)) == shifts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nine to five", "'nine to five' is no shift"),
        ("9:00-25:00", "a time that no clock shows"),
        ("9-10, 9-11", "begin at the same time"),
        (", ".join(f"{hour}-{hour + 1}" for hour in range(7)), "7 shifts"),
    ],
)
def test_what_is_no_shift_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        shifts_in(text)


def test_holidays_are_read_from_lines() -> None:
    text = "2026-12-26, Boxing Day\n\n25.12.2026 Christmas Day\n2026-12-26 again\n2027-01-01"
    assert days_in(text) == [
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 26), "Boxing Day"),
        (date(2027, 1, 1), "Holiday"),
    ]


def test_holidays_are_read_from_a_calendar() -> None:
    text = "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "BEGIN:VEVENT",
            "DTSTART;VALUE=DATE:20261225",
            "DTEND;VALUE=DATE:20261227",
            "SUMMARY:Christmas\\, both",
            "  days",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "SUMMARY:without a day",
            "END:VEVENT",
            "BEGIN:VEVENT",
            "DTSTART:20270101T000000Z",
            "SUMMARY:New Year",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
    assert days_in(text) == [
        (date(2026, 12, 25), "Christmas, both days"),
        (date(2026, 12, 26), "Christmas, both days"),
        (date(2027, 1, 1), "New Year"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-12-25 Christmas\nsome day", "Line 2, 'some day', has no day"),
        ("2026-13-01 Never", "Line 1"),
        ("", "No day was found"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", "No day was found"),
    ],
)
def test_what_is_no_holiday_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        days_in(text)
