"""However many workers watch the clocks, and however they end: each is warned of and told of once."""

import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from goodword.events.models import Event
from goodword.inbox import actions, clocks
from goodword.inbox.actions import NewLevel
from goodword.inbox.models import ServiceClock

HOUSE = Path(__file__).resolve().parents[4]
MANY = 150
PATIENCE = 120
# A worker that does nothing but watch, half of the time as if the warnings had come, and then the due times.
WORKER = """
import os, sys
from datetime import datetime
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from goodword.inbox import clocks
while True:
    clocks.watch(datetime.fromisoformat(sys.argv[2]))
"""


def worker(at):
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen([sys.executable, "-c", WORKER, name, at.isoformat()], cwd=HOUSE)


def until(condition):
    """Come back when it holds."""
    latest = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < latest, "The workers did not get on."
        time.sleep(0.01)


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
    workers = [worker(at) for _ in range(3)]
    try:
        for part in (1, 60, 110):
            until(lambda part=part: told(kind) >= part)
            killed = workers.pop(0)
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            workers.append(worker(at))
        until(lambda: told(kind) >= MANY)
    finally:
        for one in workers:
            one.kill()
            one.wait()
    assert sorted(Event.objects.filter(kind=kind).values_list("conversation_id", flat=True)) == sorted(
        ServiceClock.objects.values_list("conversation_id", flat=True)
    )
    assert list(clocks.recompute(write=False)) == []


def test_the_watcher_runs_every_ten_seconds():
    schedules = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert schedules["inbox.watch"] == "* * * * * */10"
