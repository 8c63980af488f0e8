"""Small door to the job queue: put work off inside the transaction that asks for it."""

from typing import Any

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.tasks import Task


def nudge(task: "Task[Any, Any, Any]", **when: Any) -> None:
    """Make sure one run of `task` is waiting; many nudges before it starts are one run.

    The task finds its own work in the tables, so it takes no arguments. The savepoint keeps the
    caller's transaction usable when a run is waiting already.
    """
    try:
        with transaction.atomic():
            task.configure(queueing_lock=task.name, **when).defer()
    except AlreadyEnqueued:
        return
