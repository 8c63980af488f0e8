"""Small door to the job queue: put work off inside the transaction that asks for it."""

import math
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task


def nudge(task: "Task[Any, Any, Any]", **when: Any) -> None:
    """Make sure one run of `task` is waiting; many nudges before it starts are one run.

    The task finds its own work in the tables, so it takes no arguments. The savepoint keeps the
    caller's transaction usable when a run is waiting already.
    """
    _defer(task, task.name, **when)


def nudge_at(task: "Task[Any, Any, Any]", due: datetime) -> None:
    """Make sure `task` runs once `due` has come; many nudges for one second are one run."""
    if due <= timezone.now():
        nudge(task)
        return
    second = math.ceil(due.timestamp())
    _defer(task, f"{task.name} {second}", schedule_at=datetime.fromtimestamp(second, UTC))


def _defer(task: "Task[Any, Any, Any]", lock: str, **when: Any) -> None:
    # Where much comes in, a run waits already, and a look costs far less than an insert that fails.
    if ProcrastinateJob.objects.filter(queueing_lock=lock, status="todo").exists():
        return
    try:
        with transaction.atomic():
            task.configure(queueing_lock=lock, **when).defer()
    except AlreadyEnqueued:
        return
