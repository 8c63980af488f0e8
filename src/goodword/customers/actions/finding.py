"""Finding the customer of a mail address, or making them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.kit import rows

from ..errors import CustomerError
from ..models import Customer, CustomerAddress
from ..telling import tell

NAME_LENGTH = 300
ADDRESS_LENGTH = 320

_ADDRESS = (
    b"INSERT INTO customers_customeraddress (customer_id, address, created_at) VALUES (%s, %s, %s) "
    b"ON CONFLICT (address) DO NOTHING RETURNING id"
)

_ADDRESSES = (
    b"INSERT INTO customers_customeraddress (customer_id, address, created_at) "
    b"SELECT * FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) "
    b"ON CONFLICT (address) DO NOTHING RETURNING address"
)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who wrote, probably for the first time, and when."""

    address: str
    name: str
    at: datetime


@transaction.atomic(savepoint=False)
def customers_of(newcomers: Iterable[Newcomer]) -> dict[str, Customer]:
    """What `customer_of` makes of people who are probably new, all at once, by their addresses in lower case.

    Leaves out whoever is known, was made by somebody else in this moment, or has no real address.
    """
    new: dict[str, Customer] = {}
    for one in newcomers:
        with suppress(CustomerError):
            address = tidy_address(one.address)
            new.setdefault(address, Customer(name=tidy_name(one.name, address), since=one.at))
    if not new:
        return {}
    # In this order two who do this at once do not wait for each other.
    people = sorted(new.items())
    for (_address, customer), number in zip(people, rows.numbers(Customer, len(people)), strict=True):
        customer.pk = number
    columns = [
        [customer.pk for _address, customer in people],
        [address for address, _customer in people],
        [customer.since for _address, customer in people],
    ]
    free = {address for (address,) in rows.execute(_ADDRESSES, columns)}
    made = {address: customer for address, customer in people if address in free}
    rows.insert_all(list(made.values()))
    for customer in made.values():
        customer._state.adding, customer._state.db = False, connection.alias
        tell("customer.added", customer, None)
    return made


def customer_of(
    *, address: str, name: str = "", at: datetime | None = None, probably_new: bool = False
) -> Customer:
    """The customer with this mail address, made when there is none yet.

    Upper and lower case make no difference. Any number of processes may ask at once and all get the
    same customer. A name is learnt while the customer has none; `at` (the time of the mail, now without)
    moves `since` back, never forward. `probably_new` spares the look for one that the caller just did.
    Raises CustomerError for an address that cannot be one.
    """
    address = tidy_address(address)
    at = at or timezone.now()
    name = tidy_name(name, address)
    known = None if probably_new else _by_address(address)
    if known is None:
        known = _new_customer(address, name=name, at=at)
    if not _learn(known, name=name, at=at):
        # Joined into another in this moment, whose address it is now.
        return customer_of(address=address, name=name, at=at)
    return known


def tidy_address(address: str) -> str:
    """The address in lower case; raises CustomerError when it cannot be a mail address."""
    tidy = printable(address).lower()
    local, at, domain = tidy.rpartition("@")
    if not (local and at and domain) or " " in tidy or len(tidy) > ADDRESS_LENGTH:
        raise CustomerError(
            _("'%(address)s' is not a mail address. It should look like ada@example.org.")
            % {"address": tidy[:100]}
        )
    return tidy


def tidy_name(name: str, address: str = "") -> str:
    """The name on one line; empty when it only repeats the address."""
    tidy = printable(name).strip("'\" ")[:NAME_LENGTH].strip()
    return "" if tidy.lower() == address else tidy


def _by_address(address: str) -> Customer | None:
    row = CustomerAddress.objects.select_related("customer").filter(address=address).first()
    return row.customer if row else None


@transaction.atomic(savepoint=False)
def _new_customer(address: str, *, name: str, at: datetime) -> Customer:
    """Make the customer, or step back for whoever was quicker with the same address."""
    customer = Customer(name=name, since=at)
    rows.insert(customer)
    if insert_address(customer, address, at):
        tell("customer.added", customer, None)
        return customer
    customer.delete()
    return CustomerAddress.objects.select_related("customer").get(address=address).customer


def insert_address(customer: Customer, address: str, at: datetime) -> bool:
    """Whether the address was free. PostgreSQL waits here for a rival's transaction to end."""
    return bool(rows.execute(_ADDRESS, [customer.pk, address, at]))


def _learn(customer: Customer, *, name: str, at: datetime) -> bool:
    """Whether the customer is still there to learn it of."""
    if name and not customer.name:
        rows = Customer.objects.filter(pk=customer.pk)
        rows.filter(name="").update(name=name)
        known = rows.values_list("name", flat=True).first()
        if known is None:
            return False
        customer.name = known
    if at < customer.since:
        Customer.objects.filter(pk=customer.pk, since__gt=at).update(since=at)
        customer.since = at
    return True


def printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
