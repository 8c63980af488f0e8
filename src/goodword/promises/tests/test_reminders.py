"""The owner is reminded before a promise is due and when it is, once each, however many workers run."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.promises import actions, moments, queries, reminding
from goodword.promises.models import Promise, Reminder
from goodword.staff.models import Agent

MADE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
SOON = DUE - timedelta(hours=3)


def promised(
    customer: Customer, owner: Agent | None, *, due_at: datetime | None = DUE, whole_day: bool = False
) -> Promise:
    """A promise made a week before."""
    new = actions.NewPromise(what="refund", quote="", due_at=due_at, whole_day=whole_day, due_text="")
    return actions.make(customer=customer, promise=new, made_by=owner, at=MADE)


def given() -> list[str]:
    """The kinds of reminders that were given, the oldest first."""
    return list(
        Event.objects.filter(kind__startswith="promise.due").order_by("id").values_list("kind", flat=True)
    )


def test_each_reminder_is_given_at_its_time_and_once(customer: Customer, owner: Agent) -> None:
    promise = promised(customer, owner)

    for now in (DUE - timedelta(hours=5), SOON, SOON, DUE, DUE, DUE + timedelta(days=3)):
        reminding.remind_due(now)

    assert given() == ["promise.due_soon", "promise.due"]
    told = Reminder.objects.filter(promise=promise).exclude(kind=Reminder.Kind.ESCALATED)
    assert {row.agent for row in told} == {owner}


def test_a_whole_day_is_reminded_of_in_its_morning_and_is_due_when_it_ends(
    customer: Customer, owner: Agent
) -> None:
    promised(customer, owner, due_at=moments.end_of_day(DUE.date()), whole_day=True)

    reminding.remind_due(datetime(2026, 11, 27, 8, 59, tzinfo=UTC))
    assert given() == []
    reminding.remind_due(datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    reminding.remind_due(datetime(2026, 11, 27, 18, 0, tzinfo=UTC))
    assert given() == ["promise.due_soon"]
    reminding.remind_due(datetime(2026, 11, 28, 0, 0, tzinfo=UTC))
    assert given() == ["promise.due_soon", "promise.due"]


def test_nobody_is_reminded_of_what_is_settled_or_has_no_time(customer: Customer, owner: Agent) -> None:
    actions.keep(promise=promised(customer, owner), agent=owner)
    actions.withdraw(promise=promised(customer, owner), agent=owner)
    promised(customer, owner, due_at=None)

    assert reminding.remind_due(DUE + timedelta(days=1)) == 0
    assert given() == []


def test_a_new_due_time_reminds_anew(customer: Customer, owner: Agent) -> None:
    promise = promised(customer, owner, due_at=timezone.now() - timedelta(hours=1))
    reminding.remind_due()
    later = timezone.now() + timedelta(days=3)
    actions.renegotiate(promise=promise, agent=owner, due_at=later)

    for now in (timezone.now(), later - timedelta(hours=4), later):
        reminding.remind_due(now)

    assert given() == ["promise.due", "promise.due_soon", "promise.due"]


def test_a_promise_put_off_by_little_is_not_reminded_of_at_once(customer: Customer, owner: Agent) -> None:
    promise = promised(customer, owner, due_at=timezone.now() + timedelta(days=1))
    soon = timezone.now() + timedelta(hours=2)
    actions.renegotiate(promise=promise, agent=owner, due_at=soon)

    assert reminding.remind_due(timezone.now() + timedelta(minutes=30)) == 0
    assert reminding.remind_due(timezone.now() + timedelta(minutes=61)) == 1


def test_a_promise_nobody_sees_to_goes_to_nobody_and_is_still_told(customer: Customer) -> None:
    promised(customer, None)
    reminding.remind_due(DUE)
    assert Reminder.objects.get().agent is None
    assert given() == ["promise.due"]


def test_who_has_left_is_not_reminded(customer: Customer, owner: Agent) -> None:
    promised(customer, owner)
    Agent.objects.filter(pk=owner.pk).update(is_active=False)
    reminding.remind_due(DUE)
    assert Reminder.objects.get().agent is None
    assert given() == ["promise.due"]


def test_the_owner_finds_new_reminders_until_they_were_seen(
    customer: Customer, owner: Agent, team_mate: Agent
) -> None:
    promise = promised(customer, owner)
    reminding.remind_due(DUE)

    assert [row.promise for row in queries.unseen_reminders(owner)] == [promise]
    assert queries.unseen_reminders(team_mate) == []
    assert reminding.see_reminders(agent=owner, promise=promise) == 1
    assert queries.unseen_reminders(owner) == []


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_give_each_reminder_once(customer: Customer, owner: Agent) -> None:
    for _ in range(20):
        promised(customer, owner)
    counts: list[int] = []
    together = threading.Barrier(3)

    def work() -> None:
        try:
            together.wait()
            counts.append(reminding.remind_due(DUE))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(counts) == 3
    assert sum(counts) == 20
    assert Reminder.objects.count() == 20
    assert given() == ["promise.due"] * 20
