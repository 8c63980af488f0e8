"""The fixed cast that runs through the tests, and the house they live in."""

import os
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from goodword.customers.models import Customer, CustomerAddress
from goodword.inbox import clocks
from goodword.inbox.clocks import agreed
from goodword.mail.models import Mailbox
from goodword.promises import track_record
from goodword.staff.models import Agent, Team


def pytest_sessionstart() -> None:
    """Drop databases that killed test runs left behind."""
    where = settings.DATABASES["default"]
    with psycopg.connect(
        host=where["HOST"], user=where["USER"], dbname=where["USER"], autocommit=True
    ) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_goodword_%'")
        for (name,) in names.fetchall():
            pid = name.split("_")[2]
            if not Path(f"/proc/{pid}").exists() and not alive(int(pid)):
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def alive(pid: int) -> bool:
    """Whether a process of this number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@pytest.fixture(autouse=True)
def _no_levels_of_another_test() -> None:
    """What this process saw of service levels is of a test that is over."""
    clocks.forget()


def make_agent(name: str, role: str = Agent.Role.AGENT) -> Agent:
    """An agent of the house, with a password that is their handle and 'password'."""
    handle = name.split()[0].lower()
    return Agent.objects.create_user(
        f"{handle}@desk.example", f"{handle}-password", name=name, handle=handle, role=role
    )


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a process keeps for some seconds is of the tables of an earlier test."""
    agreed.forget()
    track_record.forget()


@pytest.fixture
def mailbox(db: None) -> Mailbox:
    """The house's mailbox, closed to everybody but the care team."""
    return Mailbox.objects.create(address="care@desk.example", name="Care")


@pytest.fixture
def owner(db: None) -> Agent:
    """The agent whose conversation it is."""
    return make_agent("Olga Owner")


@pytest.fixture
def team_mate(db: None) -> Agent:
    """Another agent of the same team."""
    return make_agent("Tariq Mate")


@pytest.fixture
def lead(db: None) -> Agent:
    """The lead of the house."""
    return make_agent("Lena Lead", Agent.Role.LEAD)


@pytest.fixture
def administrator(db: None) -> Agent:
    """The one who sets things up."""
    return make_agent("Adam Chief", Agent.Role.ADMINISTRATOR)


@pytest.fixture
def stranger(db: None) -> Agent:
    """An agent of another team, who must see nothing of the care team's mail."""
    return make_agent("Stan Stranger")


@pytest.fixture
def team(mailbox: Mailbox, owner: Agent, team_mate: Agent, stranger: Agent) -> Team:
    """The care team, the only one that answers the mailbox."""
    team = Team.objects.create(name="Care")
    team.mailboxes.add(mailbox)
    team.members.add(owner, team_mate)
    Team.objects.create(name="Elsewhere").members.add(stranger)
    return team


@pytest.fixture
def customer(db: None) -> Customer:
    """The customer."""
    customer = Customer.objects.create(name="Carla Customer")
    CustomerAddress.objects.create(customer=customer, address="carla@example.org")
    return customer
