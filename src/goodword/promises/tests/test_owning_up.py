"""Ahead of a likely break the owner has a draft that owns up, in words the coach likes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from goodword.coaching.actions import review_draft
from goodword.customers.models import Customer
from goodword.promises import actions, moments, own_up, track_record
from goodword.promises.models import Outcome, Promise
from goodword.staff.models import Agent, Holiday, Shift, Team

MADE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
ASKED = "Where is it? I was told it would be here by Friday and nobody has written to me."


@pytest.fixture(autouse=True)
def _fresh_record() -> Iterator[None]:
    track_record.forget()
    yield
    track_record.forget()


@pytest.fixture
def office(team: Team) -> Team:
    Shift.objects.bulk_create(
        Shift(team=team, weekday=day, opens=time(9), closes=time(17)) for day in range(5)
    )
    return team


def promised(customer: Customer, owner: Agent, **changes: object) -> Promise:
    facts = {"what": "refund you", "quote": "", "due_at": FRIDAY, "whole_day": False, "due_text": ""}
    new = actions.NewPromise(**(facts | changes))  # type: ignore[arg-type]
    return actions.make(customer=customer, promise=new, made_by=owner, at=MADE)


def test_a_promise_that_nears_its_time_has_a_draft_that_owns_up(
    customer: Customer, owner: Agent, office: Team
) -> None:
    Holiday.objects.create(team=None, day=date(2026, 11, 30), name="Founders' day")
    promise = promised(customer, owner)
    assert own_up.draft_for(promise, now=FRIDAY - timedelta(hours=5)) is None
    draft = own_up.draft_for(promise, now=FRIDAY - timedelta(hours=4))
    assert draft is not None
    # Two working days on, over a weekend and a holiday.
    assert draft.due_at == moments.end_of_day(date(2026, 12, 2))
    assert "Hello Carla," in draft.text
    assert "I promised to refund you by Friday 27 November, 15:00." in draft.text
    assert "Wednesday 2 December" in draft.text
    assert not draft.is_late


def test_one_that_is_late_says_so(customer: Customer, owner: Agent) -> None:
    draft = own_up.draft_for(promised(customer, owner), now=FRIDAY + timedelta(days=1))
    assert draft is not None
    assert draft.is_late
    assert "that day has passed" in draft.text


def test_history_brings_the_draft_earlier_and_moves_its_day(
    customer: Customer, owner: Agent, office: Team
) -> None:
    for _ in range(20):
        past = promised(customer, owner, kind="delivery")
        actions.keep(promise=past, agent=owner)
        Outcome.objects.filter(promise=past).update(at=MADE + timedelta(days=9, hours=20))
    promise = promised(customer, owner, kind="delivery")
    half = MADE + (FRIDAY - MADE) / 2
    assert own_up.draft_for(promise, now=half - timedelta(hours=1)) is None
    draft = own_up.draft_for(promise, now=half)
    assert draft is not None
    # Ten days hold, which end on a Thursday here; a weekend would be stepped over.
    assert draft.due_at == moments.end_of_day((half + timedelta(days=10)).date())
    late = own_up.draft_for(promise, now=half + timedelta(days=2))
    assert late is not None
    assert late.due_at == moments.end_of_day(date(2026, 12, 7))


def test_what_is_settled_or_has_no_time_has_no_draft(customer: Customer, owner: Agent) -> None:
    kept = actions.keep(promise=promised(customer, owner), agent=owner)
    timeless = promised(customer, owner, due_at=None)
    for promise in (kept, timeless):
        assert own_up.draft_for(promise, now=FRIDAY) is None


@pytest.mark.parametrize("kind", Promise.Kind.values)
@pytest.mark.parametrize(
    "what", ["refund 20 €", "Refund of 20 €", "Send the replacement", "your new kettle", "call you back"]
)
@pytest.mark.parametrize("hours", [-1, 30])
def test_the_coach_has_nothing_to_warn_of(
    customer: Customer, owner: Agent, kind: str, what: str, hours: int
) -> None:
    promise = promised(customer, owner, kind=kind, what=what)
    now = FRIDAY + timedelta(hours=hours)
    draft = own_up.draft_for(promise, now=now)
    assert draft is not None
    for asked in ("", ASKED):
        said = review_draft(
            draft=draft.text,
            customer_message=asked,
            customer_name=customer.name,
            agent_name=owner.name,
            now=now,
        )
        assert [found for found in said["findings"] if found["severity"] != "hint"] == []
        assert said["commitments"], draft.text
