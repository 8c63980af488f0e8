"""What the tests of the inbox start from."""

import pytest

from goodword.inbox import actions


@pytest.fixture
def conversation(customer, mailbox, team):
    """The customer's conversation in the care team's mailbox."""
    return actions.open_conversation(
        customer=customer, subject="A lamp", text="The lamp broke.\n\nWhat now?", mailbox=mailbox
    )


@pytest.fixture
def other(customer, mailbox, team):
    """Another conversation of the same customer."""
    return actions.open_conversation(
        customer=customer, subject="Another lamp", text="It broke as well.", mailbox=mailbox
    )
