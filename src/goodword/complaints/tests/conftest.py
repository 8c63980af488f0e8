"""Complaints of the cast."""

from datetime import time

import pytest

from goodword.complaints import actions
from goodword.customers.models import ContactRule
from goodword.inbox import actions as inbox


@pytest.fixture
def place(mailbox, team, customer):
    """A conversation of the care team."""
    return inbox.open_conversation(
        customer=customer,
        subject="The kettle leaks again",
        text="This is the second kettle that leaks. I want my money back.",
        mailbox=mailbox,
    )


@pytest.fixture
def any_hour(db):
    """Customers may hear from us at any hour of any day."""
    ContactRule.objects.create(pk=1, quiet_from=time(0), quiet_until=time(0), quiet_weekdays=[])


@pytest.fixture
def complaint(place, owner):
    """A complaint that was just opened."""
    return actions.open_complaint(
        conversation=place,
        agent=owner,
        what_happened="The second kettle leaks as well.",
        wanted="Her money back",
        kind="faulty",
        order_number="KET-4711",
    )
