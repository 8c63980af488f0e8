"""Several watchers at once tell of everything once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from goodword.complaints import actions, watching
from goodword.complaints.models import Complaint, StageRecord
from goodword.events.models import Event
from goodword.inbox import actions as inbox

from .waiting import beside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def late(owner, mailbox, team, customer):
    """Twelve complaints that should have left their stage an hour ago."""
    for number in range(12):
        place = inbox.open_conversation(
            customer=customer, subject=str(number), text="It broke.", mailbox=mailbox
        )
        actions.open_complaint(conversation=place, agent=owner, what_happened="It broke.")
    past = timezone.now() - timedelta(hours=1)
    StageRecord.objects.update(due_at=past, warn_at=past - timedelta(hours=1))


def watch_once(_number):
    try:
        return watching.watch()
    finally:
        connection.close()


def test_eight_watchers_tell_of_each_late_complaint_once(late):
    with ThreadPoolExecutor(8) as pool:
        told = sum(pool.map(watch_once, range(8)))
    assert told == 12
    numbers = Event.objects.filter(kind="complaint.breached").values_list("data__number", flat=True)
    assert len(set(numbers)) == len(numbers) == 12


def test_a_stage_left_while_a_watcher_tells_that_it_is_late_is_told_once(late, owner):
    complaint = Complaint.objects.earliest("id")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert watching.watch() == 12
            left = beside(pool, lambda: actions.acknowledge(complaint=complaint, agent=owner))
        left.result()
    complaint.refresh_from_db()
    assert complaint.stage == "acknowledged"
    assert Event.objects.filter(kind="complaint.breached", data__complaint=complaint.pk).count() == 1


def test_a_watcher_that_dies_halfway_leaves_it_to_the_next_one(late):
    class Killed(Exception):
        pass

    @transaction.atomic
    def watched_and_killed():
        watching.watch()
        raise Killed

    with pytest.raises(Killed):
        watched_and_killed()
    assert not Event.objects.filter(kind="complaint.breached").exists()
    assert watching.watch() == 12
