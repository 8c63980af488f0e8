"""However many workers watch, and however they end, each reminder is given once."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.waiting import until
from tests.workers import working

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.promises import actions, reminding
from goodword.promises.models import Promise, Reminder
from goodword.staff.models import Agent

DUE = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
LATE = DUE + timedelta(hours=2)
MANY = 240


@pytest.mark.django_db(transaction=True)
def test_workers_that_are_killed_leave_nothing_out_and_nothing_twice(
    customer: Customer, owner: Agent, lead: Agent
) -> None:
    for _ in range(MANY):
        new = actions.NewPromise(what="refund", quote="", due_at=DUE, whole_day=False, due_text="")
        actions.make(customer=customer, promise=new, made_by=owner, at=DUE - timedelta(days=7))
    with working(reminding.remind_due, at=LATE) as workers:
        for part in (20, 90, 160, 230, 320):
            until(lambda part=part: Reminder.objects.count() >= part)  # type: ignore[misc]
            workers.kill_one()
        until(lambda: not Promise.objects.filter(watch_at__lte=LATE).exists())

    assert Reminder.objects.filter(kind="due", agent=owner).count() == MANY
    assert Reminder.objects.filter(kind="escalated", agent=lead).count() == MANY
    assert Reminder.objects.count() == 2 * MANY
    for kind in ("promise.due", "promise.escalated"):
        told = Event.objects.filter(kind=kind).values_list("data__promise", flat=True)
        assert sorted(told) == sorted(Promise.objects.values_list("pk", flat=True))
