"""Routing with several real workers: everybody gets a fair share, and a worker that dies harms nothing."""

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from tests.waiting import until

from goodword.customers.actions import customer_of
from goodword.inbox import actions
from goodword.inbox.models import Assignment, Conversation, RoutingRule
from goodword.inbox.routing.giving import route_waiting
from goodword.mail import tests as mail_tests
from goodword.staff.models import Agent, Availability, Capacity, Team

pytestmark = pytest.mark.django_db(transaction=True)

AGENTS, EACH = 5, 10
PATIENCE = 90


@pytest.fixture
def crew(mailbox):
    """Five agents of one team, each with room for ten."""
    team = Team.objects.create(name="Care")
    team.mailboxes.add(mailbox)
    for number in range(AGENTS):
        agent = Agent.objects.create_user(f"a{number}@desk.example", name=f"A{number}", handle=f"a{number}")
        team.members.add(agent)
    Capacity.objects.create(agent=None, channel="api", most=EACH)
    RoutingRule.objects.create(name="All", team=team)
    return team


@pytest.fixture
def worker(settings):
    """Starts real workers on the tests' database; gives the process once it is ready."""
    started = []

    def start():
        environ = os.environ | {
            "GOODWORD_DATA": str(settings.DATA),
            "TEST_DATABASE": connection.settings_dict["NAME"],
        }
        script = Path(mail_tests.__file__).with_name("one_worker.py")
        process = subprocess.Popen(
            [sys.executable, str(script)], env=environ, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=PATIENCE)


def open_many(mailbox, count):
    """Open conversations from many threads at the same moment."""

    def one(number):
        try:
            carla = customer_of(address=f"c{number % 7}@example.org")
            actions.open_conversation(customer=carla, subject=f"{number}", text="Hello.", mailbox=mailbox)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(one, range(count)))


def shares():
    given = Conversation.objects.filter(assignee__isnull=False).values_list("assignee__name", flat=True)
    return sorted(Counter(given).values())


def test_fifty_at_once_are_ten_for_each_of_five(crew, mailbox, worker):
    for _ in range(3):
        worker()
    open_many(mailbox, AGENTS * EACH)
    until(lambda: not Conversation.objects.filter(assignee=None).exists())
    assert shares() == [EACH] * AGENTS
    assert Assignment.objects.count() == AGENTS * EACH


def test_any_number_of_threads_give_each_conversation_once_and_never_too_many(crew, mailbox):
    open_many(mailbox, AGENTS * EACH + 7)

    def route(_):
        try:
            return route_waiting()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(route, range(8))) == AGENTS * EACH
    assert shares() == [EACH] * AGENTS
    assert Conversation.objects.filter(routing="waiting", assignee=None).count() == 7
    assert Assignment.objects.count() == AGENTS * EACH


def test_a_worker_killed_while_it_decides_harms_nothing(crew, mailbox, worker):
    process = worker()
    open_many(mailbox, AGENTS * EACH)
    process.kill()
    process.wait(PATIENCE)
    worker()  # takes up what the other left, at the latest with the sweep of the minute
    until(lambda: not Conversation.objects.filter(assignee=None).exists())
    assert shares() == [EACH] * AGENTS
    assert Availability.objects.count() == AGENTS
