"""However many workers watch, and however they end, each reminder is given once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.promises import actions
from goodword.promises.models import Promise, Reminder
from goodword.staff.models import Agent

HOUSE = Path(__file__).resolve().parents[4]
DUE = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
LATE = DUE + timedelta(hours=2)
MANY = 240
PATIENCE = 120
# A worker that does nothing but watch, as if it were always this late.
WORKER = """
import os, sys
from datetime import datetime
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from goodword.promises import reminding
while True:
    reminding.remind_due(datetime.fromisoformat(sys.argv[2]))
"""


def worker() -> "subprocess.Popen[bytes]":
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen([sys.executable, "-c", WORKER, name, LATE.isoformat()], cwd=HOUSE)


def until(condition: Callable[[], bool]) -> None:
    """Come back when it holds."""
    latest = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < latest, "The workers did not get on."
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_workers_that_are_killed_leave_nothing_out_and_nothing_twice(
    customer: Customer, owner: Agent, lead: Agent
) -> None:
    for _ in range(MANY):
        new = actions.NewPromise(what="refund", quote="", due_at=DUE, whole_day=False, due_text="")
        actions.make(customer=customer, promise=new, made_by=owner, at=DUE - timedelta(days=7))
    workers = [worker() for _ in range(3)]
    try:
        for part in (20, 90, 160, 230, 320):
            until(lambda part=part: Reminder.objects.count() >= part)  # type: ignore[misc]
            killed = workers.pop(0)
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            workers.append(worker())
        until(lambda: not Promise.objects.filter(watch_at__lte=LATE).exists())
    finally:
        for one in workers:
            one.kill()
            one.wait()

    assert Reminder.objects.filter(kind="due", agent=owner).count() == MANY
    assert Reminder.objects.filter(kind="escalated", agent=lead).count() == MANY
    assert Reminder.objects.count() == 2 * MANY
    for kind in ("promise.due", "promise.escalated"):
        told = Event.objects.filter(kind=kind).values_list("data__promise", flat=True)
        assert sorted(told) == sorted(Promise.objects.values_list("pk", flat=True))
