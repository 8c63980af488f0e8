"""Leads set the hours of the house and of each team in the settings."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goodword.promises.models import LeadDelay
from goodword.staff.calendars import calendar_of
from goodword.staff.models import Agent, Holiday, Shift, Team

from .conftest import LogIn

HOUSE = "/settings/hours/house/"


@pytest.fixture
def chief(lead: Agent, log_in: LogIn) -> Client:
    return log_in(lead)


def week(**days: str) -> dict[str, str]:
    return {f"day_{day}": "" for day in range(7)} | {"delay": "60"} | days


def test_the_week_is_typed_as_people_write_it_and_shown_again(chief: Client, team: Team) -> None:
    said = chief.post(HOUSE, week(day_0="9-12:30, 13:30 – 17", delay="30"), follow=True).content.decode()
    assert "Saved." in said
    assert [str(shift) for shift in Shift.objects.all()] == ["0 09:00-12:30", "0 13:30-17:00"]
    assert LeadDelay.objects.get().minutes == 30
    shown = chief.get(HOUSE).content.decode()
    assert 'value="09:00-12:30, 13:30-17:00"' in shown
    overview = chief.get("/settings/hours/").content.decode()
    assert "after 30 min of working time" in overview
    assert "as the house" in overview


def test_a_team_has_its_own_week_zone_and_delay_and_may_give_them_back(chief: Client, team: Team) -> None:
    address = f"/settings/hours/teams/{team.pk}/"
    chief.post(address, week(day_4="22:00-06:00", time_zone="Asia/Tokyo", delay="never"))
    team.refresh_from_db()
    assert calendar_of(team).zone.key == "Asia/Tokyo"
    assert LeadDelay.objects.get(team=team).minutes is None
    chief.post(address, week(delay="house"))
    assert not LeadDelay.objects.filter(team=team).exists()
    assert not Shift.objects.exists()


def test_what_cannot_be_read_is_said_beside_its_day_and_nothing_is_kept(chief: Client) -> None:
    answer = chief.post(HOUSE, week(day_0="9-17", day_2="nine to five"))
    assert answer.status_code == 422
    assert "&#x27;nine to five&#x27; is no shift" in answer.content.decode()
    assert not Shift.objects.exists()


def test_an_unknown_zone_is_said(chief: Client, team: Team) -> None:
    answer = chief.post(f"/settings/hours/teams/{team.pk}/", week(time_zone="Europe/Atlantis", delay="house"))
    assert answer.status_code == 422
    assert "is no time zone" in answer.content.decode()


def test_a_year_of_holidays_is_pasted_or_taken_from_a_calendar(chief: Client, team: Team) -> None:
    chief.post(HOUSE + "holidays/", {"lines": "2026-12-25 Christmas Day\n2026-12-26 Boxing Day"})
    calendar = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20270101\nSUMMARY:New Year\nEND:VEVENT\nEND:VCALENDAR"
    said = chief.post(
        HOUSE + "holidays/", {"file": SimpleUploadedFile("year.ics", calendar)}, follow=True
    ).content.decode()
    assert "1 day was added." in said
    chief.post(f"/settings/hours/teams/{team.pk}/holidays/", {"lines": "2026-12-24 Party"})
    assert set(Holiday.objects.values_list("day", "team")) == {
        (date(2026, 12, 25), None),
        (date(2026, 12, 26), None),
        (date(2027, 1, 1), None),
        (date(2026, 12, 24), team.pk),
    }
    wrong = chief.post(HOUSE + "holidays/", {"lines": "Christmas"})
    assert wrong.status_code == 422
    assert "Line 1" in wrong.content.decode()


def test_a_holiday_is_taken_away_again(chief: Client) -> None:
    chief.post(HOUSE + "holidays/", {"lines": "2026-12-25 Christmas Day"})
    holiday = Holiday.objects.get()
    chief.post(f"/settings/hours/holidays/{holiday.pk}/remove/")
    assert not Holiday.objects.exists()


def test_agents_do_not_set_hours(browser: Client) -> None:
    for address in ("/settings/hours/", HOUSE):
        assert browser.get(address).status_code == 403
    browser.post(HOUSE, week(day_0="9-17"))
    assert not Shift.objects.exists()
