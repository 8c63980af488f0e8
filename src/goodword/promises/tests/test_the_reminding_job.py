"""The job that reminds runs every ten seconds and does its work."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from goodword.customers.models import Customer
from goodword.promises import actions, jobs
from goodword.promises.models import Reminder
from goodword.staff.models import Agent


def test_the_job_is_due_every_ten_seconds_and_never_waits_twice() -> None:
    schedules = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert schedules["promises.remind"] == "* * * * * */10"
    assert jobs.remind.queueing_lock == "promises.remind"


def test_the_job_reminds_of_what_is_due(customer: Customer, owner: Agent) -> None:
    due_at = timezone.now() - timedelta(minutes=1)
    new = actions.NewPromise(what="call back", quote="", due_at=due_at, whole_day=False, due_text="")
    actions.make(customer=customer, promise=new, made_by=owner)
    jobs.remind(timestamp=0)
    assert Reminder.objects.get().agent == owner
