"""What is late goes to the leads after some working time, and what is likely to break is said in time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.promises import actions, own_up, reminding, track_record
from goodword.promises.models import Outcome, Promise, Reminder
from goodword.promises.spans import Span
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent, Holiday, Shift, Team

MADE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
# A Friday afternoon; the team is back on Monday at nine.
DUE = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


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
    facts = {"what": "refund", "quote": "", "due_at": DUE, "whole_day": False, "due_text": ""}
    new = actions.NewPromise(**(facts | changes))  # type: ignore[arg-type]
    return actions.make(customer=customer, promise=new, made_by=owner, at=MADE)


def given(kind: str) -> list[Agent | None]:
    """Who got reminders of a kind."""
    return [row.agent for row in Reminder.objects.filter(kind=kind).order_by("id")]


def test_what_is_late_goes_to_the_leads_after_an_hour_of_the_team_s_time(
    customer: Customer, owner: Agent, office: Team, lead: Agent
) -> None:
    promised(customer, owner)
    # Half an hour of Friday and half an hour of Monday.
    for now in (DUE, DUE + timedelta(hours=6), MONDAY + 29 * MINUTE):
        reminding.remind_due(now)
    assert given("escalated") == []
    for now in (MONDAY + 30 * MINUTE, MONDAY + timedelta(days=9)):
        reminding.remind_due(now)
    assert given("escalated") == [lead]
    assert Event.objects.get(kind="promise.escalated").data["to"] == [lead.pk]


def test_the_leads_of_the_team_hear_of_it_before_those_of_others(
    customer: Customer, owner: Agent, team_mate: Agent, office: Team, lead: Agent
) -> None:
    Agent.objects.filter(pk=team_mate.pk).update(role=Agent.Role.LEAD)
    promised(customer, owner)
    reminding.remind_due(DUE + timedelta(days=7))
    assert given("escalated") == [team_mate]


@pytest.mark.parametrize(("minutes", "told"), [(30, True), (None, False)])
def test_the_delay_is_a_setting_of_the_team(
    customer: Customer, owner: Agent, office: Team, lead: Agent, minutes: int | None, told: bool
) -> None:
    actions.set_lead_delay(by=lead, team=None, minutes=600)
    actions.set_lead_delay(by=lead, team=office, minutes=minutes)
    promised(customer, owner)
    reminding.remind_due(DUE + 30 * MINUTE)
    assert given("escalated") == ([lead] if told else [])


def test_a_shorter_delay_holds_for_what_is_late_already(
    customer: Customer, owner: Agent, lead: Agent
) -> None:
    promise = promised(customer, owner, due_at=MADE + MINUTE)
    reminding.remind_due(MADE + 2 * MINUTE)
    assert Promise.objects.get(pk=promise.pk).watch_at == MADE + 61 * MINUTE
    actions.set_lead_delay(by=lead, team=None, minutes=5)
    changed = Promise.objects.get(pk=promise.pk).watch_at
    assert changed is not None
    reminding.remind_due(max(changed, MADE + 7 * MINUTE))
    assert given("escalated") == [lead]


def test_only_a_lead_sets_the_delay_and_not_to_nonsense(owner: Agent, lead: Agent) -> None:
    with pytest.raises(NotAllowed):
        actions.set_lead_delay(by=owner, team=None, minutes=5)
    with pytest.raises(actions.PromiseError, match="cannot be meant"):
        actions.set_lead_delay(by=lead, team=None, minutes=-1)


def test_a_promise_in_trouble_does_not_keep_the_others_waiting(
    customer: Customer, owner: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = promised(customer, owner), promised(customer, owner)
    give = reminding._give

    def trouble(promise: Promise, kind: Reminder.Kind, now: datetime) -> None:
        if promise.pk == first.pk:
            raise RuntimeError("a lamp fell over")
        give(promise, kind, now)

    monkeypatch.setattr(reminding, "_give", trouble)
    assert reminding.remind_due(DUE) == 1
    assert Reminder.objects.get().promise == second
    monkeypatch.undo()
    assert reminding.remind_due(DUE) == 1


def history(customer: Customer, owner: Agent, *, kept_after: list[timedelta], broken: int = 0) -> None:
    """Settled promises about money, kept so long after they were made."""
    for took in kept_after:
        promise = promised(customer, owner, kind="money")
        actions.keep(promise=promise, agent=owner)
        Outcome.objects.filter(promise=promise).update(at=MADE + took)
    for _ in range(broken):
        actions.break_(promise=promised(customer, owner, kind="money"), agent=owner)
    track_record.forget()


def test_the_owner_hears_half_way_that_by_history_it_will_not_hold(customer: Customer, owner: Agent) -> None:
    history(customer, owner, kept_after=[timedelta(days=9)] * 20)
    promised(customer, owner, kind="money")
    promised(customer, owner, kind="call")
    reminding.remind_due(MADE + timedelta(days=2))
    assert given("unlikely") == []
    half = MADE + (DUE - MADE) / 2
    for now in (half, half + MINUTE, DUE - timedelta(hours=4), DUE):
        reminding.remind_due(now)
    assert given("unlikely") == [owner]
    assert given("ahead") == [owner, owner]


def test_with_few_settled_promises_nothing_is_said(customer: Customer, owner: Agent) -> None:
    history(customer, owner, kept_after=[timedelta(days=9)] * 19)
    promised(customer, owner, kind="money")
    reminding.remind_due(MADE + (DUE - MADE) / 2)
    assert given("unlikely") == []


def test_the_record_of_a_kind_says_how_many_were_kept_how_soon(customer: Customer, owner: Agent) -> None:
    quick, slow = timedelta(hours=20), timedelta(days=2, hours=12)
    history(customer, owner, kept_after=[quick] * 9 + [slow] * 11, broken=2)
    record = track_record.record_of("money")
    assert record.settled == 22
    assert round(record.kept_within(timedelta(days=1)), 2) == 0.41
    assert record.holding() == timedelta(days=3)
    assert track_record.record_of("call") == track_record.NOTHING
    assert track_record.plain()["money"]["settled"] == 22


def test_the_record_takes_one_query_and_is_kept_for_some_minutes(
    customer: Customer, owner: Agent, django_assert_num_queries: object
) -> None:
    history(customer, owner, kept_after=[MINUTE] * 3)
    with django_assert_num_queries(1):  # type: ignore[operator]
        track_record.records()
        track_record.records()


def test_what_was_opened_again_and_kept_later_counts_once(customer: Customer, owner: Agent) -> None:
    promise = promised(customer, owner, kind="money")
    actions.break_(promise=promise, agent=owner)
    actions.reopen(promise=promise, agent=owner)
    actions.keep(promise=promise, agent=owner)
    promise = promised(customer, owner, kind="money")
    actions.keep(promise=promise, agent=owner)
    actions.reopen(promise=promise, agent=owner)
    assert track_record.counted()["money"].settled == 1


@pytest.fixture
def closed_for_good(office: Team) -> Team:
    """A team with hours, and a holiday on every day of three years."""
    first = date(2026, 11, 1)
    Holiday.objects.bulk_create(
        Holiday(team=office, day=first + timedelta(days=number), name="Closed") for number in range(1100)
    )
    return office


def test_holidays_without_end_hold_no_reminder_up(
    customer: Customer, owner: Agent, closed_for_good: Team, lead: Agent
) -> None:
    late = promised(customer, owner)
    for now in (DUE, DUE + 59 * MINUTE):
        reminding.remind_due(now)
    assert (given("due"), given("escalated")) == ([owner], [])
    reminding.remind_due(DUE + 60 * MINUTE)
    assert given("escalated") == [lead]
    late.refresh_from_db()
    assert late.watch_at is None


def test_holidays_without_end_are_said_in_a_sentence_where_a_day_is_needed(
    customer: Customer, owner: Agent, closed_for_good: Team
) -> None:
    waits = promised(
        customer, owner, due_at=None, condition="once the parcel is back", after=Span(3, "working_day")
    )
    with pytest.raises(actions.PromiseError, match="nobody works for over a year"):
        actions.meet_condition(promise=waits, agent=owner, at=MADE)


def test_holidays_without_end_leave_a_new_day_to_own_up_with(
    customer: Customer, owner: Agent, closed_for_good: Team
) -> None:
    late = promised(customer, owner)
    draft = own_up.draft_for(late, now=DUE - 30 * MINUTE)
    assert draft is not None
    assert draft.due_at > DUE
