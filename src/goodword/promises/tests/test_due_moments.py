"""The coach's due words become a moment of the company's clock."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from goodword.promises import moments
from goodword.promises.actions import NewPromise
from goodword.promises.moments import Group


@pytest.fixture
def berlin(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"


def test_a_day_means_the_end_of_that_day_where_the_company_is(berlin: None) -> None:
    due_at, whole_day = moments.due_moment("2026-11-27")
    assert due_at is not None
    assert due_at.astimezone(UTC) == datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)
    assert whole_day


def test_a_moment_keeps_its_offset_and_one_without_is_the_company_s(berlin: None) -> None:
    assert moments.due_moment("2026-11-27T15:00:00+00:00") == (datetime(2026, 11, 27, 15, tzinfo=UTC), False)
    assert moments.due_moment("2026-11-27T15:00") == (datetime(2026, 11, 27, 14, tzinfo=UTC), False)


@pytest.mark.parametrize("due", [None, ""])
def test_no_words_for_a_time_are_no_time(due: str | None) -> None:
    assert moments.due_moment(due) == (None, False)


@pytest.mark.parametrize(
    "due", ["soon", "2026-13-01", "27.11.2026", "2026-11-27T25:00", "9999-12-31", "0001-01-01"]
)
def test_what_is_no_time_is_refused_with_a_sentence(due: str) -> None:
    with pytest.raises(ValueError, match=r"\. (Write|Name) "):
        moments.due_moment(due)


def test_a_commitment_of_the_coach_becomes_a_promise() -> None:
    promise = NewPromise.from_commitment(
        {
            "start": 0,
            "end": 30,
            "quote": "We will refund you by Friday.",
            "action": "refund you",
            "who": "company",
            "due": "2026-11-27",
            "due_text": "by Friday",
            "condition": None,
            "firm": True,
        }
    )
    assert (promise.what, promise.due_text, promise.condition) == ("refund you", "by Friday", "")
    assert promise.whole_day
    assert promise.due_at == datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC)


def test_a_commitment_from_a_page_may_hold_anything() -> None:
    promise = NewPromise.from_commitment(
        {"action": 7, "quote": ["x"], "due": 12, "due_text": None, "condition": {}}
    )
    assert promise == NewPromise(what="", quote="", due_at=None, whole_day=False, due_text="", source="reply")


MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known_since", "due_at", "whole_day", "expected"),
    [
        (MONDAY, MONDAY + timedelta(days=2), False, MONDAY + timedelta(days=2, hours=-4)),
        (MONDAY, datetime(2026, 11, 27, 23, 59, 59, tzinfo=UTC), True, datetime(2026, 11, 27, 9, tzinfo=UTC)),
        (MONDAY, MONDAY + timedelta(hours=2), False, MONDAY + timedelta(hours=1)),
    ],
    ids=["four hours before", "in the morning of a whole day", "half-way when there is less time"],
)
def test_when_the_owner_is_reminded_ahead(
    known_since: datetime, due_at: datetime, whole_day: bool, expected: datetime
) -> None:
    assert moments.ahead_at(due_at, whole_day=whole_day, known_since=known_since) == expected


def test_the_week_of_the_due_list_ends_on_sunday_night() -> None:
    edges = moments.bounds(MONDAY)
    assert edges.group_of(None) == Group.NO_TIME
    assert edges.group_of(MONDAY - timedelta(seconds=1)) == Group.OVERDUE
    assert edges.group_of(MONDAY + timedelta(hours=15)) == Group.TODAY
    assert edges.group_of(MONDAY + timedelta(hours=16)) == Group.THIS_WEEK
    assert edges.group_of(datetime(2026, 11, 29, 23, 59, tzinfo=UTC)) == Group.THIS_WEEK
    assert edges.group_of(datetime(2026, 11, 30, 0, 0, tzinfo=UTC)) == Group.LATER
