"""What is done about customers. Each verb is one transaction and writes its event.

`agent` is who does it; None stands for the house itself (incoming mail, a program).
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.events.actions import record
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent

from . import access, registry
from .models import Customer, CustomerAddress, CustomerNote, Organisation

NAME_LENGTH = 300
ADDRESS_LENGTH = 320
NOTE_LENGTH = 20_000


class CustomerError(ValueError):
    """Something about a customer cannot be done; the text says what is wrong and what to do."""


class AddressTaken(CustomerError):
    """The address belongs to another customer, who is in `customer` unless the agent may not see them."""

    def __init__(self, address: str, customer: Customer | None) -> None:
        sentence = _("%(address)s is already an address of %(customer)s. Take it away there first.")
        super().__init__(
            sentence % {"address": address, "customer": customer or _("a customer of another team")}
        )
        self.customer = customer


def customer_of(*, address: str, name: str = "", at: datetime | None = None) -> Customer:
    """The customer with this mail address, made when there is none yet.

    Upper and lower case make no difference. Any number of processes may ask at once and all get the
    same customer. A name is learnt while the customer has none; `at` (the time of the mail, now without)
    moves `since` back, never forward. Raises CustomerError for an address that cannot be one.
    """
    address = tidy_address(address)
    at = at or timezone.now()
    name = tidy_name(name, address)
    known = _by_address(address)
    if known is None:
        known = _new_customer(address, name=name, at=at)
    return _learn(known, name=name, at=at)


def tidy_address(address: str) -> str:
    """The address in lower case; raises CustomerError when it cannot be a mail address."""
    tidy = _printable(address).lower()
    local, at, domain = tidy.rpartition("@")
    if not (local and at and domain) or " " in tidy or len(tidy) > ADDRESS_LENGTH:
        raise CustomerError(
            _("'%(address)s' is not a mail address. It should look like ada@example.org.")
            % {"address": tidy[:100]}
        )
    return tidy


def tidy_name(name: str, address: str = "") -> str:
    """The name on one line; empty when it only repeats the address."""
    tidy = _printable(name).strip("'\" ")[:NAME_LENGTH].strip()
    return "" if tidy.lower() == address else tidy


@transaction.atomic
def rename(*, customer: Customer, name: str, agent: Agent | None) -> Customer:
    """Give the customer another name; an empty one is allowed and shows the address instead."""
    tidy = tidy_name(name)
    customer = _locked(customer)
    if customer.name != tidy:
        before, customer.name = customer.name, tidy
        customer.save(update_fields=["name"])
        _record("customer.renamed", customer, agent, before=before, name=tidy)
    return customer


@transaction.atomic
def add_address(*, customer: Customer, address: str, agent: Agent | None) -> CustomerAddress:
    """Add an address; adding one the customer has is harmless. Raises AddressTaken or CustomerError."""
    address = tidy_address(address)
    if _insert_address(customer, address, timezone.now()):
        _record("customer.address_added", customer, agent, address=address)
    row = CustomerAddress.objects.select_related("customer").get(address=address)
    if row.customer_id != customer.pk:
        raise AddressTaken(address, access.visible(agent).filter(pk=row.customer_id).first())
    return row


@transaction.atomic
def remove_address(*, customer: Customer, address: str, agent: Agent | None) -> None:
    """Take an address away; the last one stays, because mail could not reach the customer any more."""
    address = tidy_address(address)
    customer = _locked(customer)
    held = list(customer.addresses.values_list("address", flat=True))
    if address not in held:
        return
    if len(held) == 1:
        raise CustomerError(
            _("%(address)s is the only address of %(customer)s. Add another one first.")
            % {"address": address, "customer": customer}
        )
    customer.addresses.filter(address=address).delete()
    _record("customer.address_removed", customer, agent, address=address)


@transaction.atomic
def set_organisation(*, customer: Customer, name: str, agent: Agent | None) -> Customer:
    """Put the customer into the organisation of that name, made when new; an empty name takes them out."""
    tidy = tidy_name(name)
    customer = _locked(customer)
    organisation = _organisation(tidy) if tidy else None
    if customer.organisation_id != (organisation.pk if organisation else None):
        customer.organisation = organisation
        customer.save(update_fields=["organisation"])
        _record("customer.organisation_set", customer, agent, name=tidy)
    return customer


@transaction.atomic
def add_note(*, customer: Customer, author: Agent | None, body: str) -> CustomerNote:
    """Write down what the team wants to remember. Raises CustomerError when there is nothing in it."""
    body = body.replace("\x00", "").strip()[:NOTE_LENGTH]
    if not body:
        raise CustomerError(_("The note is empty. Write a few words first."))
    note = CustomerNote.objects.create(customer=customer, author=author, body=body)
    _record("customer.note_added", customer, author, note=note.pk)
    return note


@transaction.atomic
def remove_note(*, note: CustomerNote, agent: Agent) -> None:
    """Take a note away: its author may, and a lead. Raises NotAllowed."""
    if note.author_id != agent.pk and not agent.is_lead:
        raise NotAllowed(_("Only the author of a note or a lead may take it away. Ask one of them."))
    removed, _kinds = CustomerNote.objects.filter(pk=note.pk).delete()
    if removed:
        _record("customer.note_removed", note.customer, agent)


@transaction.atomic
def join(*, gone: Customer, kept: Customer, agent: Agent | None) -> Customer:
    """Two customers were one person: give all that is known of `gone` to `kept`, and let `gone` go.

    Rooms above move their own (see `registry.joined`). Joining again is harmless; it cannot be undone.
    """
    found = {row.pk: row for row in Customer.objects.select_for_update().filter(pk__in=[gone.pk, kept.pk])}
    if kept.pk not in found:
        raise CustomerError(
            _("%(customer)s is gone meanwhile. Look the customer up again.") % {"customer": kept}
        )
    if gone.pk == kept.pk or gone.pk not in found:
        return found[kept.pk]
    gone, kept = found[gone.pk], found[kept.pk]
    moved = list(gone.addresses.values_list("address", flat=True))
    gone.addresses.update(customer=kept)
    gone.notes.update(customer=kept)
    for move in registry.joined:
        move(gone, kept)
    kept.name, kept.since = kept.name or gone.name, min(kept.since, gone.since)
    kept.organisation_id = kept.organisation_id or gone.organisation_id
    kept.save(update_fields=["name", "since", "organisation"])
    _record("customer.joined", kept, agent, gone=gone.pk, name=gone.name, addresses=moved)
    gone.delete()
    return kept


def _by_address(address: str) -> Customer | None:
    row = CustomerAddress.objects.select_related("customer").filter(address=address).first()
    return row.customer if row else None


@transaction.atomic(savepoint=False)
def _new_customer(address: str, *, name: str, at: datetime) -> Customer:
    """Make the customer, or step back for whoever was quicker with the same address."""
    customer = Customer.objects.create(name=name, since=at)
    if _insert_address(customer, address, at):
        _record("customer.added", customer, None)
        return customer
    customer.delete()
    return CustomerAddress.objects.select_related("customer").get(address=address).customer


def _insert_address(customer: Customer, address: str, at: datetime) -> bool:
    """Whether the address was free. PostgreSQL waits here for a rival's transaction to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customeraddress (customer_id, address, created_at) VALUES (%s, %s, %s) "
            "ON CONFLICT (address) DO NOTHING",
            [customer.pk, address, at],
        )
        return bool(cursor.rowcount == 1)


def _learn(customer: Customer, *, name: str, at: datetime) -> Customer:
    if name and not customer.name:
        Customer.objects.filter(pk=customer.pk, name="").update(name=name)
        customer.refresh_from_db(fields=["name"])
    if at < customer.since:
        Customer.objects.filter(pk=customer.pk, since__gt=at).update(since=at)
        customer.since = at
    return customer


def _organisation(name: str) -> Organisation:
    with connection.cursor() as cursor:
        # Two agents typing the same new name at once make one organisation.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organisation'), hashtext(lower(%s)))", [name])
    return Organisation.objects.filter(name__iexact=name).first() or Organisation.objects.create(name=name)


def _locked(customer: Customer) -> Customer:
    return Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer.pk)


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _record(kind: str, customer: Customer, agent: Agent | None, **details: Any) -> None:
    """Names and addresses stand one level down: live streams carry only single values, and they reach
    every agent, also those who must not see the customer."""
    data = {"details": details} if details else {}
    record(kind, customer_id=customer.pk, agent_id=agent.pk if agent else None, data=data)
