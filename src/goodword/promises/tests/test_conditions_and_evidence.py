"""A promise may wait for something, says what made it, and shows how it was kept."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.promises import actions, moments, registry
from goodword.promises.actions import Evidence, NewPromise
from goodword.promises.models import Outcome, Promise
from goodword.promises.spans import Span, due_after, span_in
from goodword.staff.calendars import calendar_of
from goodword.staff.models import Agent, Holiday, Shift, Team

FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
WAITING = {
    "action": "refund you",
    "quote": "We will refund you within 3 working days once the parcel is back",
    "due": None,
    "due_text": "within 3 working days",
    "condition": "once the parcel is back",
    "kind": "money",
}


@pytest.fixture
def office(team: Team) -> Team:
    """The care team works from Monday to Friday."""
    Shift.objects.bulk_create(
        Shift(team=team, weekday=day, opens=time(9), closes=time(17)) for day in range(5)
    )
    return team


def made(customer: Customer, owner: Agent, **changes: object) -> Promise:
    facts = {"what": "refund 20 €", "quote": "", "due_at": None, "whole_day": False, "due_text": ""}
    return actions.make(customer=customer, promise=NewPromise(**(facts | changes)), made_by=owner)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "amount", "unit"),
    [
        ("within 3 working days", 3, "working_day"),
        ("in two business days", 2, "working_day"),
        ("3 to 5 working days", 5, "working_day"),
        ("within 24 hours", 24, "hour"),
        ("an hour", 1, "hour"),
        ("in 4 office hours", 4, "working_hour"),
        ("a week after that", 1, "week"),
        ("3 days after the parcel arrives", 3, "day"),
    ],
)
def test_spans_are_read_from_the_words_of_a_promise(words: str, amount: int, unit: str) -> None:
    assert span_in(words) == Span(amount, unit)


@pytest.mark.parametrize("words", ["", "soon", "by Friday", "at 3", "day after day"])
def test_words_without_a_span_have_none(words: str) -> None:
    assert span_in(words) is None


def test_a_conditional_promise_has_its_due_time_once_its_condition_is_met(
    customer: Customer, owner: Agent, office: Team
) -> None:
    Holiday.objects.create(team=None, day=date(2026, 11, 30), name="Founders' day")
    promise = actions.make(customer=customer, promise=NewPromise.from_commitment(WAITING), made_by=owner)
    assert (promise.kind, promise.source, promise.team) == ("money", "reply", office)
    assert promise.due_at is None
    assert promise.is_waiting

    for _ in range(2):
        promise = actions.meet_condition(promise=promise, agent=owner, at=FRIDAY - timedelta(days=7))
    # Friday the 20th; Monday to Wednesday are the three working days.
    assert promise.due_at == moments.end_of_day(date(2026, 11, 25))
    assert promise.whole_day
    assert not promise.is_waiting
    assert [said.kind for said in promise.outcomes.all()] == ["condition_met"]


def test_a_condition_ticked_off_by_mistake_takes_its_due_time_with_it(
    customer: Customer, owner: Agent, office: Team
) -> None:
    promise = actions.make(customer=customer, promise=NewPromise.from_commitment(WAITING), made_by=owner)
    actions.meet_condition(promise=promise, agent=owner)
    promise = actions.unmeet_condition(promise=promise, agent=owner)
    assert promise.due_at is None
    assert promise.is_waiting


def test_a_promise_without_a_condition_has_none_to_tick_off(customer: Customer, owner: Agent) -> None:
    with pytest.raises(actions.PromiseError, match="no condition"):
        actions.meet_condition(promise=made(customer, owner), agent=owner)


def test_hours_and_days_are_counted_by_the_team_s_hours(office: Team) -> None:
    Holiday.objects.create(team=office, day=date(2026, 11, 30), name="Trip")
    calendar = calendar_of(office)
    assert due_after(Span(2, "hour"), FRIDAY, calendar) == (FRIDAY + timedelta(hours=2), False)
    assert due_after(Span(8, "working_hour"), FRIDAY, calendar) == (
        datetime(2026, 12, 1, 10, 0, tzinfo=UTC),
        False,
    )
    assert due_after(Span(1, "working_day"), FRIDAY, calendar) == (
        moments.end_of_day(date(2026, 12, 1)),
        True,
    )
    assert due_after(Span(1, "week"), FRIDAY, calendar) == (moments.end_of_day(date(2026, 12, 4)), True)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("https://shop.example/refunds/7", "link"), ("Paid, reference R-77", "words")],
)
def test_what_shows_that_it_was_kept_stands_beside_the_outcome(
    customer: Customer, owner: Agent, typed: str, kind: str
) -> None:
    promise = made(customer, owner)
    actions.keep(promise=promise, agent=owner, evidence=Evidence.of_text(typed))
    said = promise.outcomes.get()
    assert (said.evidence_kind, said.evidence) == (kind, typed)


def test_rooms_above_say_what_a_record_behind_a_promise_is(
    customer: Customer, owner: Agent, team_mate: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(kind: str, number: int, agent: Agent) -> registry.Linked | None:
        return registry.Linked(f"{kind} {number}") if agent == owner else None

    monkeypatch.setattr(registry.linked, "_entries", [find])
    promise = made(customer, owner, source="system", made_from=("complaints.complaint", 7))
    actions.keep(promise=promise, agent=owner, evidence=Evidence("vouchers.voucher", 9))
    said = promise.outcomes.get()
    assert registry.link_of(said.evidence_kind, said.evidence_id, owner) == registry.Linked(
        "vouchers.voucher 9"
    )
    assert registry.link_of(said.evidence_kind, said.evidence_id, team_mate) is None
    assert registry.link_of(promise.made_from, promise.made_from_id, owner) is not None
    assert registry.link_of("", None, owner) is None


def test_a_source_or_kind_that_nobody_knows_is_refused(customer: Customer, owner: Agent) -> None:
    with pytest.raises(actions.PromiseError, match="'rumour' is none of these"):
        made(customer, owner, source="rumour")
    with pytest.raises(actions.PromiseError, match="'wish' is none of these"):
        made(customer, owner, kind="wish")


def test_it_is_known_whether_the_customer_was_told_before_the_old_time(
    customer: Customer, owner: Agent
) -> None:
    now = timezone.now()
    early, late, silent = (
        made(customer, owner, due_at=due)
        for due in (now + timedelta(hours=2), now - timedelta(hours=2), now + timedelta(hours=2))
    )
    actions.renegotiate(promise=early, agent=owner, due_at=now + timedelta(days=3), told_at=now)
    actions.renegotiate(promise=late, agent=owner, due_at=now + timedelta(days=3), told_at=now)
    actions.renegotiate(promise=silent, agent=owner, due_at=now + timedelta(days=3))
    assert [said.told_in_time for said in Outcome.objects.order_by("id")] == [True, False, False]

    for _ in range(2):
        actions.told(promise=silent, agent=owner)
    assert Outcome.objects.get(promise=silent).told_in_time
    assert Promise.objects.filter(state="open").count() == 3


def test_nobody_can_have_been_told_of_no_new_time(customer: Customer, owner: Agent) -> None:
    with pytest.raises(actions.PromiseError, match="No other time was agreed"):
        actions.told(promise=made(customer, owner), agent=owner)


def test_the_team_may_change_and_somebody_of_one_team_answers_with_it(
    customer: Customer, owner: Agent, office: Team
) -> None:
    promise = made(customer, owner)
    assert promise.team == office
    other = Team.objects.get(name="Elsewhere")
    for _ in range(2):
        actions.give_to_team(promise=promise, agent=owner, team=other)
    promise.refresh_from_db()
    assert promise.team == other
