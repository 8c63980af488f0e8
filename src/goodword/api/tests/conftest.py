"""Programs that call the API with their tokens."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from goodword.api.actions import create_token
from goodword.customers.models import Customer
from goodword.inbox.actions import open_conversation
from goodword.inbox.models import Conversation
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, Team


@dataclass
class Said:
    """What the API answered."""

    status: int
    body: Any
    headers: Any


class Program:
    """Calls the API as a program would."""

    def __init__(self, key: str | None) -> None:
        self.key = key
        self.client = Client(raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Said:
        """Send a call; keyword arguments are headers with _ for -."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = self.client.generic(
            method,
            f"/api/v1/{path}",
            data,
            content_type=sent.pop("Content-Type", "application/json"),
            headers=sent,
        )
        return Said(answer.status_code, answer.json() if answer.content else None, answer.headers)


@pytest.fixture(autouse=True)
def _mounted(settings: Any) -> None:
    """Only the API, so that these tests say something about it alone."""
    settings.ROOT_URLCONF = "goodword.api.tests.mounted"


@pytest.fixture
def program(db: None) -> Callable[..., Program]:
    """Makes programs with a token of some scope, for an agent or the whole house."""
    made: list[str] = []

    def make(scope: str = "admin", *, agent: Agent | None = None) -> Program:
        made.append(scope)
        return Program(create_token(name=f"program {len(made)}", scope=scope, agent=agent)[1])

    return make


@pytest.fixture
def house(program: Callable[..., Program]) -> Program:
    """A program of the whole house that may do everything."""
    return program("admin")


@pytest.fixture
def conversation(customer: Customer, mailbox: Mailbox, team: Team) -> Conversation:
    """A conversation of the care team's mailbox."""
    return open_conversation(
        customer=customer, subject="Where is my parcel?", text="It was to come on Monday.", mailbox=mailbox
    )
