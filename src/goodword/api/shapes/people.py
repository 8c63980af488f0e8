"""Agents and customers as the API shows them."""

from datetime import datetime
from typing import Any

from goodword.api.fields import Address, Name, Sent, Shown, SomeNote
from goodword.customers.models import Customer
from goodword.customers.queries import Profile
from goodword.promises.queries import PromiseCounts
from goodword.staff.models import Agent


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
    """A customer; `name` is empty while nobody knows it."""

    organisation: str | None
    addresses: list[str]
    since: datetime


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


class CustomerDetail(CustomerOut):
    """A customer with the newest notes and how the promises stand."""

    notes: list[NoteOut]
    promises: PromiseCountsOut


class NewCustomer(Sent):
    """A customer to be made, or found by the address."""

    email: Address
    name: Name = ""
    organisation: Name = ""


class CustomerChange(Sent):
    """What to change; a field that is left out stays as it is."""

    name: Name | None = None
    organisation: Name | None = None
    add_address: Address | None = None
    add_note: SomeNote | None = None


def agent_out(agent: Agent | None) -> AgentOut | None:
    """An agent, or nobody."""
    return None if agent is None else AgentOut(id=agent.pk, name=agent.name, email=agent.email)


def customer_out(customer: Customer) -> CustomerOut:
    """A customer whose organisation and addresses were loaded."""
    return CustomerOut(**_customer(customer, [row.address for row in customer.addresses.all()]))


def customer_detail(profile: Profile, counts: PromiseCounts) -> CustomerDetail:
    """A customer with everything."""
    notes = [
        NoteOut(id=note.pk, body=note.body, author=agent_out(note.author), created_at=note.created_at)
        for note in profile.notes
    ]
    standing = PromiseCountsOut(
        open=counts.open, overdue=counts.overdue, kept=counts.kept, broken=counts.broken
    )
    return CustomerDetail(
        **_customer(profile.customer, list(profile.addresses)), notes=notes, promises=standing
    )


def _customer(customer: Customer, addresses: list[str]) -> dict[str, Any]:
    return {
        "id": customer.pk,
        "name": customer.name,
        "organisation": customer.organisation.name if customer.organisation else None,
        "addresses": addresses,
        "since": customer.since,
    }
