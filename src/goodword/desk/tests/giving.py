"""What the tests of the pages about goodwill have in common."""

from decimal import Decimal

from django.test import Client
from django.urls import reverse

from goodword.customers.models import Customer
from goodword.goodwill import actions
from goodword.goodwill.actions import NewGesture, Place
from goodword.goodwill.models import Gesture
from goodword.staff import authority
from goodword.staff.models import Agent, AuthorityLevel

NOWHERE = Place()


def add_levels(owner: Agent) -> list[AuthorityLevel]:
    """Two levels, of which the owner has the lower one: 25 at once, 60 to one customer, 100 in a month."""
    care = authority.add_level(
        by=None, name="Care", per_gesture=Decimal(25), per_customer=Decimal(60), per_month=Decimal(100)
    )
    top = authority.add_level(by=None, name="Top", per_gesture=None, per_customer=None, per_month=None)
    authority.give_level(by=None, agent=owner, level=care)
    owner.refresh_from_db()
    return [care, top]


def give(
    agent: Agent,
    customer: Customer,
    amount: str = "20",
    *,
    kind: str = "refund",
    reason: str = "It leaked.",
    place: Place = NOWHERE,
    percent: int | None = None,
) -> Gesture:
    """A gesture of the agent's."""
    facts = NewGesture(kind, Decimal(amount), customer, reason, place=place, percent=percent)
    return actions.give(agent=agent, gesture=facts)


def text(client: Client, name: str, *args: object, **query: str) -> str:
    """What a page says."""
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()
