"""Words for moments, written on Friday 20 November 2026 at half past two in London."""

from datetime import date

import pytest

from goodword.coach import load_pack
from goodword.coach.reviewing import moment
from goodword.coach.text import Text
from goodword.coach.when import Clock

CLOCK = Clock(moment("2026-11-20T14:30:00", "Europe/London"), frozenset({date(2026, 11, 30)}))


def due(words: str) -> str | None:
    found = load_pack().times.find(Text(f"We will do it {words}, and then rest."), CLOCK)
    assert len(found) == 1, found
    return found[0].due


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("by Friday", "2026-11-27"),
        ("by Friday 27 November", "2026-11-27"),
        ("on the 27th", "2026-11-27"),
        ("tomorrow", "2026-11-21"),
        ("the day after tomorrow", "2026-11-22"),
        ("this evening", "2026-11-20"),
        ("by the end of today", "2026-11-20"),
        ("by close of business on Monday", "2026-11-23"),
        ("by close tomorrow", "2026-11-21"),
        ("next week", "2026-11-27"),
        ("next Monday", "2026-11-23"),
        ("Monday week", "2026-11-30"),
        ("a week on Monday", "2026-11-30"),
        ("before the weekend", "2026-11-20"),
        ("by the end of the month", "2026-11-30"),
        ("within 2 working days", "2026-11-24"),
        ("in 2 to 4 working days", "2026-11-26"),
        ("within six working days", "2026-12-01"),  # Monday 30 November is a holiday
        ("within a week", "2026-11-27"),
        ("in a couple of days", "2026-11-22"),
        ("in a fortnight", "2026-12-04"),
        ("in 24 hours", "2026-11-21T14:30:00+00:00"),
        ("inside 36 hours", "2026-11-22T02:30:00+00:00"),
        ("in 30 minutes", "2026-11-20T15:00:00+00:00"),
        ("by 3pm", "2026-11-20T15:00:00+00:00"),
        ("by 9am", "2026-11-21T09:00:00+00:00"),
        ("by 5.30pm tomorrow", "2026-11-21T17:30:00+00:00"),
        ("on Monday at 14:05", "2026-11-23T14:05:00+00:00"),
        ("before ten on Thursday", "2026-11-26T10:00:00+00:00"),
        ("by noon on Tuesday", "2026-11-24T12:00:00+00:00"),
        ("on Tuesday between 9am and 1pm", "2026-11-24T13:00:00+00:00"),
        ("on 2026-12-01", "2026-12-01"),
        ("on 01/12/2026", "2026-12-01"),
        ("on December 1, 2026", "2026-12-01"),
        ("by 4 January", "2027-01-04"),
        ("at half past four", "2026-11-20T16:30:00+00:00"),
        ("by half six", "2026-11-20T18:30:00+00:00"),
        ("at ten to nine tomorrow", "2026-11-21T08:50:00+00:00"),
        ("by 9.30 on Monday", "2026-11-23T09:30:00+00:00"),
        ("on Monday between two and four", "2026-11-23T16:00:00+00:00"),
        ("this evening at 8", "2026-11-20T20:00:00+00:00"),
        ("before we close", "2026-11-20"),
        ("in half an hour", "2026-11-20T15:00:00+00:00"),
        ("within a week to ten days", "2026-11-30"),
        ("the Monday after next", "2026-11-30"),
        ("a week today", "2026-11-27"),
        ("by the middle of next week", "2026-11-25"),
        ("until the end of January", "2027-01-31"),
        ("on Tuesday 24.11.", "2026-11-24"),
        ("by Christmas Eve", "2026-12-24"),
        ("early next week", None),
        ("soon", None),
        ("as soon as possible", None),
        ("over the next few days", None),
        ("with your next bill", None),
    ],
)
def test_words_for_a_moment_give_its_date_or_hour(words, expected):
    assert due(words) == expected


@pytest.mark.parametrize(
    "words", ["three days ago", "for 30 days", "last Friday", "since Monday", "every week"]
)
def test_words_for_what_was_or_lasts_are_no_moment(words):
    assert load_pack().times.find(Text(f"We have had it {words}."), CLOCK) == []


def test_summer_time_is_heeded():
    summer = Clock(moment("2026-10-24T12:00:00", "Europe/London"))
    (found,) = load_pack().times.find(Text("We will call on Monday at 9am."), summer)
    assert found.due == "2026-10-26T09:00:00+00:00"
