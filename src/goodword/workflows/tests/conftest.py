"""What the tests of automation start from."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from goodword.customers.models import Customer
from goodword.inbox import actions as inbox
from goodword.inbox.models import Conversation
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, Team
from goodword.workflows import actions, running
from goodword.workflows.models import Rule

Make = Callable[..., Rule]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def make(lead: Agent) -> Make:
    """Makes a rule that hears of what comes after it."""

    def made(*acts: dict[str, Any], **given: Any) -> Rule:
        named = {"name": f"Rule {Rule.objects.count() + 1}", "actions": acts} | given
        return actions.keep_rule(by=lead, given=actions.NewRule(**named))

    return made


@pytest.fixture
def place(db: None, customer: Customer, mailbox: Mailbox, team: Team) -> Iterator[Conversation]:
    """The customer's conversation in the care team's mailbox, opened before any rule."""
    made = inbox.open_conversation(
        customer=customer, subject="A lamp", text="The lamp broke.", mailbox=mailbox
    )
    running.run_events()
    return made
