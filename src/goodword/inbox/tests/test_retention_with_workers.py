"""However many workers take old conversations away, and however they end: each goes once."""

import pytest
from procrastinate.contrib.django import app
from tests.waiting import until
from tests.workers import working

from goodword.events.models import Event
from goodword.inbox import retention
from goodword.inbox.models import Conversation, Message, RetentionRun

from .test_retention import Does, old_ones, rule_of

MANY = 60


def work() -> None:
    """What the job does, so little at a time that a worker is killed in the middle."""
    retention.work(most=5)


def gone() -> int:
    return RetentionRun.objects.get(kind="rule").done


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("does", "kind"),
    [(Does.DELETE, "conversation.removed"), (Does.ERASE, "conversation.words_erased")],
)
def test_workers_that_are_killed_leave_nothing_out_and_take_nothing_twice(mailbox, administrator, does, kind):
    numbers = sorted(place.pk for place in old_ones(mailbox, MANY))
    rule_of(administrator, does=does)
    retention.begin()
    with working(work) as workers:
        for part in (1, 20, 40):
            until(lambda part=part: gone() >= part)
            workers.kill_one()
        until(lambda: not retention.work_left())
    run = RetentionRun.objects.get(kind="rule")
    assert (run.done, run.left_out) == (MANY, {})
    assert sorted(Event.objects.filter(kind=kind).values_list("conversation_id", flat=True)) == numbers
    assert not Message.objects.exclude(text="").exists()
    assert Conversation.objects.count() == (MANY if does == Does.ERASE else 0)


def test_a_night_that_was_cut_short_is_gone_on_with():
    schedules = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert schedules["inbox.retain_nightly"] == "31 2 * * *"
    assert schedules["inbox.retain_sweep"] == "*/10 * * * *"
