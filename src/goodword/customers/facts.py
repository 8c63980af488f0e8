"""What another system says of customers, purchases and subscriptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Who:
    """Whose it is: by our number, by the other system's, or by mail address, whichever is known first.

    With an address a customer is made when nobody has it yet.
    """

    email: str = ""
    name: str = ""
    number: str = ""
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """One product of one order."""

    external_id: str
    product: str
    bought_at: datetime
    order_number: str = ""
    sku: str = ""
    quantity: Decimal = Decimal(1)
    amount: Decimal | None = None
    currency: str = ""
    delivered_at: datetime | None = None
    warranty_until: date | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """A plan and how far it has come."""

    external_id: str
    plan: str
    state: str = "active"
    amount: Decimal | None = None
    currency: str = ""
    started_on: date | None = None
    renews_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What is said of a customer; None leaves what is known as it is."""

    name: str | None = None
    organisation: str | None = None
    phone: str | None = None
    greeting_name: str | None = None
    tier: str | None = None
    preferred_channel: str | None = None
    language: str | None = None
    time_zone: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
