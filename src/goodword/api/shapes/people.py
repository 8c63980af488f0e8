"""Agents and customers as the API shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, cast

from pydantic import Field

from goodword.api.fields import ANY_TEXT, SOME_TEXT, Address, Name, Sent, Shown, SomeNote
from goodword.customers.actions import Details
from goodword.customers.models import Customer
from goodword.customers.queries import OwnValue, Profile
from goodword.promises.queries import PromiseCounts
from goodword.staff.models import Agent

from .buying import Described

_DETAILS = ("greeting_name", "preferred_channel", "language", "time_zone")


class AgentOut(Shown):
    """An agent."""

    id: int
    name: str
    email: str


class CustomerRef(Shown):
    """A customer, as far as a list needs it."""

    id: int
    name: str


class CustomerOut(CustomerRef):
    """A customer; `name` is empty while nobody knows it, `tier` while they have none."""

    organisation: str | None
    addresses: list[str]
    since: datetime
    tier: str


class CustomerPageOut(Shown):
    """A stretch of the customers, the newest first."""

    items: list[CustomerOut]
    next_cursor: str | None


class NoteOut(Shown):
    """What the team keeps about a customer."""

    id: int
    body: str
    author: AgentOut | None
    created_at: datetime


class PromiseCountsOut(Shown):
    """How the promises to a customer stand; the overdue ones are among the open ones."""

    open: int
    overdue: int
    kept: int
    broken: int


class PhoneOut(Shown):
    """A phone number in E.164, and as people write it."""

    number: str
    shown: str
    label: str


class HandleOut(Shown):
    """The customer's name in a network."""

    network: str
    handle: str


class CustomerDetail(CustomerOut):
    """A customer with the newest notes and how the promises stand; `fields` are your own, by their keys."""

    greeting_name: str
    preferred_channel: str
    language: str
    time_zone: str
    phones: list[PhoneOut]
    handles: list[HandleOut]
    fields: dict[str, str]
    notes: list[NoteOut]
    promises: PromiseCountsOut


class NewCustomer(Sent):
    """A customer to be made, or found by the address."""

    email: Address
    name: Name = ""
    organisation: Name = ""


class HandleIn(Sent):
    """A name in a network, as 'Instagram' and '@ada'."""

    network: Annotated[str, Field(min_length=1, max_length=40, pattern=SOME_TEXT)]
    handle: Annotated[str, Field(min_length=1, max_length=200, pattern=SOME_TEXT)]


class CustomerChange(Described):
    """What to change; a field that is left out stays as it is."""

    add_phone: Annotated[str, Field(max_length=60, pattern=ANY_TEXT)] | None = None
    add_handle: HandleIn | None = None
    add_address: Address | None = None
    add_note: SomeNote | None = None

    def details(self) -> Details:
        """What is said of how to treat them."""
        said = {name: getattr(self, name) for name in Details.__annotations__}
        return cast(Details, {name: value for name, value in said.items() if value is not None})


def agent_out(agent: Agent | None) -> AgentOut | None:
    """An agent, or nobody."""
    return None if agent is None else AgentOut(id=agent.pk, name=agent.name, email=agent.email)


def customer_out(customer: Customer) -> CustomerOut:
    """A customer whose organisation and addresses were loaded."""
    return CustomerOut(**_customer(customer, [row.address for row in customer.addresses.all()]))


def customer_detail(
    profile: Profile, counts: PromiseCounts, *, own_values: Sequence[OwnValue]
) -> CustomerDetail:
    """A customer with everything."""
    notes = [
        NoteOut(id=note.pk, body=note.body, author=agent_out(note.author), created_at=note.created_at)
        for note in profile.notes
    ]
    standing = PromiseCountsOut(
        open=counts.open, overdue=counts.overdue, kept=counts.kept, broken=counts.broken
    )
    return CustomerDetail(
        **_customer(profile.customer, list(profile.addresses)),
        **{name: getattr(profile.customer, name) for name in _DETAILS},
        phones=[
            PhoneOut(number=row.number, shown=row.shown, label=row.label)
            for row in profile.customer.phones.order_by("id")
        ],
        handles=[
            HandleOut(network=row.network, handle=row.handle)
            for row in profile.customer.handles.order_by("id")
        ],
        fields={one.field.key: one.value for one in own_values},
        notes=notes,
        promises=standing,
    )


def _customer(customer: Customer, addresses: list[str]) -> dict[str, Any]:
    return {
        "id": customer.pk,
        "name": customer.name,
        "organisation": customer.organisation.name if customer.organisation else None,
        "addresses": addresses,
        "since": customer.since,
        "tier": customer.tier,
    }
