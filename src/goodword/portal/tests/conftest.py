"""A complaint of the cast with an offer that the customer was sent."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from goodword.complaints import actions
from goodword.complaints.actions import NewOption
from goodword.inbox import actions as inbox
from goodword.staff.models import AuthorityLevel


@pytest.fixture
def customer_client():
    """A browser that nobody is logged in with."""
    return Client()


@pytest.fixture
def case(mailbox, team, customer, owner):
    """A complaint that an agent looks into."""
    place = inbox.open_conversation(
        customer=customer,
        subject="The kettle leaks again",
        text="This is the second kettle that leaks. I want my money back.",
        mailbox=mailbox,
    )
    owner.authority = AuthorityLevel.objects.create(name="Agent", rank=1, per_gesture=50, per_month=500)
    owner.save()
    return actions.open_complaint(
        conversation=place, agent=owner, what_happened="The second kettle leaks as well.", kind="faulty"
    )


@pytest.fixture
def offer(case, owner):
    """Three options that were sent."""
    options = [
        NewOption("replacement", "A new kettle, tested before it leaves", Decimal("12")),
        NewOption("refund", "Your money back", Decimal("30"), Decimal("30")),
        NewOption("voucher", "A voucher of 20 for your next order", Decimal("20"), Decimal("20")),
    ]
    proposal = actions.save_proposal(complaint=case, agent=owner, options=options)
    return actions.send_proposal(proposal=proposal, agent=owner)


@pytest.fixture
def page(offer):
    """The address of the customer's page, as their mail has it."""
    return re.search(r"http://[^/]+(/yours/choice/\S+)", offer.message.text)[1]
