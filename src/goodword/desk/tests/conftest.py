"""Conversations for the pages' tests, and browsers that are logged in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from goodword.customers.models import Customer
from goodword.inbox import actions
from goodword.inbox.models import Conversation
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, Team

LogIn = Callable[[Agent], Client]


@pytest.fixture(autouse=True)
def static_folder() -> None:
    """The folder of collected files, which a real start makes and whose absence would be a warning."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def log_in() -> LogIn:
    """A browser in which the agent is logged in."""

    def made(agent: Agent) -> Client:
        client = Client()
        client.force_login(agent)
        return client

    return made


@pytest.fixture
def browser(owner: Agent, team: Team, log_in: LogIn) -> Client:
    """The owner's browser."""
    return log_in(owner)


@pytest.fixture
def conversation(customer: Customer, mailbox: Mailbox, team: Team) -> Conversation:
    """Carla asks about a kettle."""
    return actions.open_conversation(
        customer=customer,
        subject="The kettle leaks",
        text="It leaks from the base. Can I have my money back? I am furious.",
        mailbox=mailbox,
        channel="mail",
    )
