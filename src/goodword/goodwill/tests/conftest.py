"""The cast of goodwill: three levels of authority over the house's agents."""

from decimal import Decimal

import pytest

from goodword.goodwill.actions import NewGesture
from goodword.goodwill.models.kinds import GestureKind
from goodword.staff import authority
from goodword.staff.models import Agent, AuthorityLevel


def new(customer: object, amount: str = "10", **changes: object) -> NewGesture:
    """A refund that says sorry."""
    facts = {
        "kind": GestureKind.REFUND,
        "amount": Decimal(amount),
        "customer": customer,
        "reason": "The kettle leaked twice.",
    }
    return NewGesture(**(facts | changes))  # type: ignore[arg-type]


@pytest.fixture
def levels(db: None, owner: Agent) -> list[AuthorityLevel]:
    """Care (25, 60, 100), senior (100, 200, 500), and the top without limits; the owner has the first."""
    care = authority.add_level(
        by=None, name="Care", per_gesture=Decimal(25), per_customer=Decimal(60), per_month=Decimal(100)
    )
    senior = authority.add_level(
        by=None, name="Senior", per_gesture=Decimal(100), per_customer=Decimal(200), per_month=Decimal(500)
    )
    top = authority.add_level(by=None, name="Top", per_gesture=None, per_customer=None, per_month=None)
    authority.give_level(by=None, agent=owner, level=care)
    owner.refresh_from_db()
    return [care, senior, top]
