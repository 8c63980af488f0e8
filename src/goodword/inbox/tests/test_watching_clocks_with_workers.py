"""However many workers watch the clocks, and however they end: each is warned of and told of once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from tests.waiting import until
from tests.workers import working

from goodword.events.models import Event
from goodword.inbox import actions, clocks
from goodword.inbox.actions import NewLevel
from goodword.inbox.models import ServiceClock

MANY = 150


def told(kind):
    return Event.objects.filter(kind=kind).count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("minutes", "kind"), [(50, "service.warned"), (61, "service.breached")])
def test_workers_that_are_killed_leave_nothing_out_and_nothing_twice(
    customer, mailbox, team, lead, minutes, kind
):
    actions.save_level(by=lead, given=NewLevel(name="All", first_reply=60, working_hours=False))
    begun = timezone.now()
    for _ in range(MANY):
        actions.open_conversation(
            customer=customer, subject="A lamp", text="Broken.", mailbox=mailbox, at=begun
        )
    at = begun + timedelta(minutes=minutes)
    with working(clocks.watch, at=at) as workers:
        for part in (1, 60, 110):
            until(lambda part=part: told(kind) >= part)
            workers.kill_one()
        until(lambda: told(kind) >= MANY)
    assert sorted(Event.objects.filter(kind=kind).values_list("conversation_id", flat=True)) == sorted(
        ServiceClock.objects.values_list("conversation_id", flat=True)
    )
    assert list(clocks.recompute(write=False)) == []


def test_the_watcher_runs_every_ten_seconds():
    schedules = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert schedules["inbox.watch"] == "* * * * * */10"
