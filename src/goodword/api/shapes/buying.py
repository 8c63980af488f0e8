"""What other systems say of customers and what they bought."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.json_schema import WithJsonSchema

from goodword.api.fields import ANY_TEXT, DAY, SOME_TEXT, Address, Flag, Id, Moment, Name, Note, Sent, Shown
from goodword.customers.facts import CustomerFacts, PurchaseFacts, SubscriptionFacts, Who
from goodword.customers.models import Purchase, Subscription

MOST = 999_999_999

Source = Annotated[
    str,
    Field(
        min_length=1,
        max_length=60,
        pattern=SOME_TEXT,
        description="The other system, the same word each time.",
    ),
]
ExternalId = Annotated[
    str, Field(min_length=1, max_length=200, pattern=SOME_TEXT, description="Its number in that system.")
]
Product = Annotated[str, Field(min_length=1, max_length=300, pattern=SOME_TEXT)]
Plan = Annotated[str, Field(min_length=1, max_length=200, pattern=SOME_TEXT)]
Word = Annotated[str, Field(max_length=100, pattern=ANY_TEXT)]
Currency = Annotated[str, Field(pattern=r"^([A-Za-z]{3})?$", examples=["EUR"])]
State = Literal["trial", "active", "paused", "unpaid", "ended"]
Channel = Literal["", "mail", "phone", "message", "chat", "letter"]


def _decimal(value: Any) -> Any:
    """A number as it was written, not as binary fractions have it."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _thousandths(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.001"))


Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    Field(ge=-MOST, le=MOST),
    AfterValidator(_cents),
    WithJsonSchema({"type": "number", "minimum": -MOST, "maximum": MOST, "examples": [39.9]}),
]
Quantity = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    Field(ge=Decimal("0.001"), le=MOST),
    AfterValidator(_thousandths),
    WithJsonSchema({"type": "number", "minimum": 0.001, "maximum": MOST, "examples": [1]}),
]
Day = Annotated[date, WithJsonSchema({"type": "string", "pattern": rf"^{DAY}$", "examples": ["2028-05-03"]})]


class Whose(Sent):
    """The customer: by our number, else by the other system's, else by mail address, made when new."""

    id: Id | None = None
    number: Annotated[str, Field(max_length=200, pattern=ANY_TEXT)] = Field(
        default="", description="The customer's number in the other system."
    )
    email: Address | None = None
    name: Name = ""

    def who(self) -> Who:
        """As the room takes it."""
        return Who(email=self.email or "", name=self.name, number=self.number, customer_id=self.id)


class FromElsewhere(Sent):
    """What comes from another system: the same source and number is the same thing."""

    source: Source
    external_id: ExternalId


class PurchaseIn(FromElsewhere):
    """One product of one order."""

    customer: Whose
    product: Product
    bought_at: Moment
    order_number: Word = ""
    sku: Word = ""
    quantity: Quantity = Decimal(1)
    amount: Amount | None = None
    currency: Currency = ""
    delivered_at: Moment | None = None
    warranty_until: Day | None = Field(default=None, description="The last day of the warranty.")

    def facts(self) -> PurchaseFacts:
        """As the room takes it."""
        return PurchaseFacts(**self.model_dump(exclude={"source", "customer"}))


class SubscriptionIn(FromElsewhere):
    """A plan and how far it has come."""

    customer: Whose
    plan: Plan
    state: State = "active"
    amount: Amount | None = None
    currency: Currency = ""
    started_on: Day | None = None
    renews_on: Day | None = None
    ended_on: Day | None = None

    def facts(self) -> SubscriptionFacts:
        """As the room takes it."""
        return SubscriptionFacts(**self.model_dump(exclude={"source", "customer"}))


class Described(Sent):
    """What may be said of a customer; a field that is left out, or null, stays as it is."""

    name: Name | None = None
    organisation: Name | None = None
    greeting_name: Annotated[str, Field(max_length=200, pattern=ANY_TEXT)] | None = None
    tier: Annotated[str, Field(max_length=40, pattern=ANY_TEXT)] | None = None
    preferred_channel: Channel | None = None
    language: Annotated[str, Field(max_length=10, pattern=ANY_TEXT)] | None = None
    time_zone: Annotated[str, Field(max_length=60, pattern=ANY_TEXT)] | None = None
    fields: dict[str, Annotated[str, Field(max_length=2000, pattern=ANY_TEXT)]] = Field(
        default={},
        max_length=100,
        description="Your own fields by their keys; an empty text takes a value away.",
    )


class CustomerIn(Described, FromElsewhere):
    """A customer as another system knows them; `external_id` is their number there."""

    email: Address | None = None
    phone: Annotated[str, Field(max_length=60, pattern=ANY_TEXT)] | None = None

    def who(self) -> Who:
        """As the room takes it."""
        return Who(email=self.email or "", name=self.name or "", number=self.external_id)

    def facts(self) -> CustomerFacts:
        """As the room takes it."""
        return CustomerFacts(**self.model_dump(exclude={"source", "external_id", "email"}))


class ConsentIn(Sent):
    """What the customer said to a purpose: surveys, notices or offers."""

    purpose: Annotated[str, Field(max_length=40, pattern=ANY_TEXT, examples=["offers"])]
    given: Flag
    how: Annotated[str, Field(min_length=1, max_length=200, pattern=SOME_TEXT, examples=["check-out form"])]
    proof: Note = Field(default="", description="What they read and ticked, or wrote.")
    at: Moment | None = Field(default=None, description="When they said so; without it, now.")


class PurchaseOut(Shown):
    """A purchase as it stands."""

    id: int
    customer: int
    source: str
    external_id: str
    product: str
    order_number: str
    sku: str
    quantity: float
    amount: float | None
    currency: str
    bought_at: datetime
    delivered_at: datetime | None
    warranty_until: date | None


class SubscriptionOut(Shown):
    """A subscription as it stands."""

    id: int
    customer: int
    source: str
    external_id: str
    plan: str
    state: str
    amount: float | None
    currency: str
    started_on: date | None
    renews_on: date | None
    ended_on: date | None


class BoughtOut(Shown):
    """What a customer bought, the newest first, at most 50 of each."""

    purchases: list[PurchaseOut]
    subscriptions: list[SubscriptionOut]


class ConsentOut(Shown):
    """How a customer stands to a purpose: `given` is null while they said nothing."""

    purpose: str
    given: bool | None
    allowed: bool
    at: datetime | None
    how: str


def purchase_out(row: Purchase) -> PurchaseOut:
    """A purchase."""
    same = {name: getattr(row, name) for name in PurchaseOut.model_fields if name != "customer"}
    return PurchaseOut(**same, customer=row.customer_id)


def subscription_out(row: Subscription) -> SubscriptionOut:
    """A subscription."""
    same = {name: getattr(row, name) for name in SubscriptionOut.model_fields if name != "customer"}
    return SubscriptionOut(**same, customer=row.customer_id)
