"""Whom and what another system means, looked up one by one or for many rows at once."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection
from django.utils.translation import gettext as _

from ..errors import CustomerError
from ..facts import Who
from ..models import Customer, CustomerAddress, CustomerReference, Purchase, Subscription
from .finding import customer_of, printable, tidy_address
from .reach import add_address, add_reference

Row = TypeVar("Row", Purchase, Subscription)
NUMBER_LENGTH = 200


def hold_source(source: str) -> None:
    """Let one transaction after the other take in what a system says, so that none makes a row twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('customers.source'), hashtext(%s))", [source])


class Known:
    """Customers and rows that were looked up already. An empty one looks up each as it is asked for."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], Customer | None] = {}
        self._rows: dict[tuple[type, str, str], Any] = {}

    def look_up(self, people: Iterable[Who], *, source: str) -> None:
        """Look up many people in three queries."""
        wanted = list(people)
        emails = {_lower(who.email) for who in wanted if who.email}
        numbers = {printable(who.number) for who in wanted if who.number}
        self._people |= {("email", email): None for email in emails}
        self._people |= {("number", number): None for number in numbers}
        for row in CustomerAddress.objects.filter(address__in=emails).select_related("customer"):
            self._people["email", row.address] = row.customer
        named = CustomerReference.objects.filter(source=source, external_id__in=numbers)
        for reference in named.select_related("customer"):
            self._people["number", reference.external_id] = reference.customer

    def look_up_rows(self, model: type[Row], external_ids: Iterable[str], *, source: str) -> None:
        """Look up many rows in one query."""
        hold_source(source)
        wanted = set(external_ids)
        self._rows |= {(model, source, one): None for one in wanted}
        for row in model._default_manager.filter(source=source, external_id__in=wanted):
            self.learn_row(row)

    def by_email(self, email: str) -> Customer | None:
        """The customer with this address."""
        email = tidy_address(email)
        if ("email", email) not in self._people:
            row = CustomerAddress.objects.select_related("customer").filter(address=email).first()
            self._people["email", email] = row.customer if row else None
        return self._people["email", email]

    def by_number(self, number: str, *, source: str) -> Customer | None:
        """The customer with this number in the other system."""
        if ("number", number) not in self._people:
            found = CustomerReference.objects.filter(source=source, external_id=number)
            row = found.select_related("customer").first()
            self._people["number", number] = row.customer if row else None
        return self._people["number", number]

    def row(self, model: type[Row], source: str, external_id: str) -> Row | None:
        """The purchase or subscription of this number, held for the rest of the transaction."""
        key = (model, source, external_id)
        if key not in self._rows:
            hold_source(source)
            rows = model._default_manager.select_for_update(of=("self",))
            self._rows[key] = rows.filter(source=source, external_id=external_id).first()
        found: Row | None = self._rows[key]
        return found

    def learn_row(self, row: Purchase | Subscription) -> None:
        """Remember one that is there now."""
        self._rows[type(row), row.source, row.external_id] = row

    def forget(self, who: Who) -> None:
        """Look this one up again: what was done about them was taken back."""
        self._people.pop(("email", _lower(who.email)), None)
        self._people.pop(("number", printable(who.number)), None)

    def learn(self, customer: Customer, *, email: str = "", number: str = "") -> None:
        """Remember somebody who is known now."""
        if email:
            self._people["email", email] = customer
        if number:
            self._people["number", number] = customer


def customer_behind(who: Who, *, source: str, known: Known) -> tuple[Customer, bool]:
    """The customer who is meant, and whether they were made for it. Raises CustomerError.

    The other system's number goes before the address, because people change their address.
    """
    if who.customer_id is not None:
        by_id = Customer.objects.filter(pk=who.customer_id, erased_at=None).first()
        if by_id is None:
            raise CustomerError(_("There is no customer %(number)s.") % {"number": who.customer_id})
        return by_id, False
    number = _number(who.number)
    email = tidy_address(who.email) if who.email.strip() else ""
    found = known.by_number(number, source=source) if number else None
    if found is not None:
        _give_address(found, email, known)
        return found, False
    if not email:
        raise CustomerError(_nobody(number))
    found, made = known.by_email(email), False
    if found is None:
        found, made = customer_of(address=email, name=who.name), True
    if number:
        add_reference(customer=found, source=source, external_id=number)
    known.learn(found, email=email, number=number)
    return found, made


def _give_address(customer: Customer, email: str, known: Known) -> None:
    """A new address of somebody who is known by number; one that is another's stays with them."""
    if email and known.by_email(email) is None:
        add_address(customer=customer, address=email, agent=None)
        known.learn(customer, email=email)


def _number(number: str) -> str:
    tidy = printable(number)
    if len(tidy) > NUMBER_LENGTH:
        raise CustomerError(
            _("The customer's number has more than %(most)d characters.") % {"most": NUMBER_LENGTH}
        )
    return tidy


def _nobody(number: str) -> str:
    if number:
        return _("Nobody is known by the number '%(number)s'. Give the mail address as well.") % {
            "number": number[:60]
        }
    return _("It does not say whose it is. Give a mail address or the customer's number.")


def _lower(email: str) -> str:
    return printable(email).lower()
