"""What agents type about a promise becomes a promise of the company's clock."""

from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from goodword.customers.models import Customer
from goodword.promises import actions
from goodword.promises.forms import PromiseForm, RenegotiateForm, due_initial
from goodword.staff.models import Agent


@pytest.fixture(autouse=True)
def berlin(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"


@pytest.mark.parametrize(
    ("day", "clock", "due_at", "whole_day"),
    [
        ("2026-11-27", "", datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC), True),
        ("2026-11-27", "15:30", datetime(2026, 11, 27, 14, 30, tzinfo=UTC), False),
        ("", "", None, False),
    ],
)
def test_a_day_a_clock_time_or_neither(
    owner: Agent, day: str, clock: str, due_at: datetime | None, whole_day: bool
) -> None:
    form = PromiseForm({"what": "call back", "due_day": day, "due_time": clock, "owner": owner.pk})
    assert form.is_valid(), form.errors
    new = form.new_promise()
    assert (new.what, new.owner_id) == ("call back", owner.pk)
    assert (new.due_at, new.whole_day) == (due_at, whole_day)


@pytest.mark.parametrize(
    ("day", "clock"), [("", "15:30"), ("9999-12-31", ""), ("0001-01-01", "10:00"), ("x", "")]
)
def test_what_is_no_time_is_said_at_the_day(db: None, day: str, clock: str) -> None:
    form = RenegotiateForm({"due_day": day, "due_time": clock})
    assert not form.is_valid()
    assert list(form.errors) == ["due_day"]


@pytest.mark.parametrize("whole_day", [True, False])
def test_the_form_shows_the_due_time_as_it_was_typed(
    customer: Customer, owner: Agent, whole_day: bool
) -> None:
    typed = {"what": "call back", "due_day": "2026-11-27", "due_time": "" if whole_day else "15:30"}
    form = PromiseForm(typed)
    assert form.is_valid()
    promise = actions.make(customer=customer, promise=form.new_promise(), made_by=owner)

    shown = due_initial(promise)
    assert str(shown["due_day"]) == "2026-11-27"
    assert shown["due_time"] is None if whole_day else str(shown["due_time"]) == "15:30:00"
