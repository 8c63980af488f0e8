"""The jobs that look after complaints run often, never wait twice, and do their work."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from goodword.complaints import actions, jobs
from goodword.complaints.models import StageRecord
from goodword.events.models import Event


@pytest.mark.parametrize(("job", "seconds"), [("watch", 20), ("settle", 10)])
def test_each_is_due_many_times_a_minute_and_never_waits_twice(job, seconds):
    schedules = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert schedules[f"complaints.{job}"] == f"* * * * * */{seconds}"
    assert getattr(jobs, job).queueing_lock == f"complaints.{job}"


def test_watching_tells_of_what_is_late(complaint):
    StageRecord.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    jobs.watch(timestamp=0)
    assert Event.objects.get(kind="complaint.breached").data["number"] == complaint.number


def test_settling_ends_proposals_and_asks_whether_all_is_well(complaint, owner, any_hour):
    option = actions.NewOption(kind="information", text="We tell you how it is sealed.")
    proposal = actions.save_proposal(complaint=complaint, agent=owner, options=[option])
    proposal = actions.send_proposal(proposal=proposal, agent=owner)
    type(proposal).objects.filter(pk=proposal.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    remedy = actions.add_remedy(complaint=complaint, agent=owner, kind="information", what="How it is sealed")
    actions.done(remedy=remedy, agent=owner, words="On the phone.")
    complaint.follow_ups.update(due_at=timezone.now())
    jobs.settle(timestamp=0)
    proposal.refresh_from_db()
    assert proposal.state == proposal.State.EXPIRED
    assert complaint.follow_ups.get().sent_at is not None
