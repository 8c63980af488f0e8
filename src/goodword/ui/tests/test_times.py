"""Moments are said as people say them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from goodword.ui.times import exact, say_moment, say_short, say_span

NOW = datetime(2026, 11, 21, 16, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_utc():
    with timezone.override("UTC"):
        yield


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW - timedelta(seconds=20), "just now"),
        (NOW + timedelta(seconds=20), "in a minute"),
        (NOW - timedelta(minutes=18), "18 min ago"),
        (NOW + timedelta(minutes=40), "in 40 min"),
        (NOW - timedelta(hours=3), "13:40"),
        (NOW + timedelta(hours=3), "today 19:40"),
        (NOW - timedelta(hours=20), "yesterday 20:40"),
        (NOW + timedelta(hours=10), "tomorrow 02:40"),
        (NOW - timedelta(days=3), "Wed 16:40"),
        (NOW + timedelta(days=6), "Fri 16:40"),
        (NOW - timedelta(days=8), "13 Nov"),
        (NOW - timedelta(days=400), "17 Oct 2025"),
    ],
)
def test_a_moment_is_said_in_plain_words(moment: datetime, said: str):
    assert say_moment(moment, now=NOW) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW - timedelta(minutes=1), "16:39"),
        (NOW - timedelta(days=2), "Thu"),
        (NOW - timedelta(days=20), "1 Nov"),
        (NOW - timedelta(days=400), "17 Oct 2025"),
    ],
)
def test_the_edge_of_a_list_row_shows_the_shortest_form(moment: datetime, said: str):
    assert say_short(moment, now=NOW) == said


def test_a_moment_is_said_in_the_readers_time_zone():
    with timezone.override("Asia/Tokyo"):
        assert say_moment(NOW - timedelta(hours=3), now=NOW) == "yesterday 22:40"
        assert exact(NOW) == "Sunday 22 November 2026, 01:40"


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=4), "1 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=5, minutes=50), "5 h"),
        (timedelta(days=1), "24 h"),
        (timedelta(days=2, hours=3), "2 days"),
    ],
)
def test_a_span_is_said_in_its_largest_unit(span: timedelta, said: str):
    assert say_span(span) == said
