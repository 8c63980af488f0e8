"""Whose mail it is and what kind of message it makes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from goodword.customers.actions import CustomerError, Newcomer, customer_of, customers_of, tidy_name
from goodword.customers.models import Customer, CustomerAddress
from goodword.mail.addressing import is_of_our_list, mailbox_address, went_to_many
from goodword.mail.models import RawMail
from goodword.mail.parsing import Address, AutoKind, ParsedMail, Unreadable

from ..models import Message, Participant
from .ahead import REFERENCES_READ, Ahead, conversations_named, signed_addresses

_MACHINES = {
    AutoKind.AUTO_REPLY: Message.Kind.AUTOMATIC,
    AutoKind.RECEIPT: Message.Kind.AUTOMATIC,
    AutoKind.BOUNCE: Message.Kind.BOUNCE,
    AutoKind.LIST: Message.Kind.AUTOMATIC,
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail, sorted: `ours` is one that the house itself sent before it was imported."""

    raw: RawMail
    mail: ParsedMail
    kind: Message.Kind
    sender: Address | None
    ours: bool
    at: datetime
    ahead: Ahead

    @property
    def silent(self) -> bool:
        return self.raw.silent

    @property
    def trust(self) -> str:
        """What our own servers say of the sender: a `Message.Trust`, or ''."""
        return str(self.raw.authentication.get("sender", ""))

    @property
    def forged(self) -> bool:
        return self.trust == Message.Trust.FORGED

    @property
    def counts(self) -> bool:
        """Whether somebody now waits for an answer."""
        return self.kind == Message.Kind.CUSTOMER and not self.silent

    @property
    def correspondents(self) -> list[Address]:
        """Everybody outside the house whom the mail names, the sender first."""
        named = [*([self.sender] if self.sender else []), *self.mail.to, *self.mail.cc]
        return [person for person in named if mailbox_address(person.email) not in self.ahead.house]


def sort(raw: RawMail, mail: ParsedMail, ahead: Ahead) -> Arrival:
    """What kind of arrival a mail is."""
    house = ahead.house
    sender, kind, ours = mail.from_, Message.Kind.CUSTOMER, False
    if mail.bounced:
        kind = Message.Kind.BOUNCE
    elif mail.auto in _MACHINES and not _is_a_persons(raw, mail, ahead):
        kind = _MACHINES[mail.auto]
    elif sender and mailbox_address(sender.email) in house:
        # A form on the shop's own site writes in our name and says in Reply-To who filled it in.
        asking = next((one for one in mail.reply_to if mailbox_address(one.email) not in house), None)
        ours = raw.silent and asking is None
        sender = asking or sender
        kind = Message.Kind.REPLY if ours else Message.Kind.CUSTOMER if asking else Message.Kind.AUTOMATIC
    at = min(mail.date or raw.received_at, raw.received_at) if raw.silent else raw.received_at
    return Arrival(raw, mail, kind, sender, ours, at, ahead)


def _is_a_persons(raw: RawMail, mail: ParsedMail, ahead: Ahead) -> bool:
    """Whether what looks like a list's is of somebody who writes to us: by a list or a form of our own, by a
    provider that puts such fields under every mail, or in answer to us through a group of their own.
    """
    if mail.auto is not AutoKind.LIST:
        return False
    by_us = mail.from_ is not None and mailbox_address(mail.from_.email) in ahead.house
    direct = not went_to_many(mail, house=ahead.house)
    return by_us or direct or is_of_our_list(mail, house=ahead.house) or _answers_us(raw, mail, ahead)


def _answers_us(raw: RawMail, mail: ParsedMail, ahead: Ahead) -> bool:
    """Whether it came to a reply address that we signed, or answers where its sender takes part."""
    if next(conversations_named(raw, mail), None) is not None:
        return True
    ids = mail.thread_ids[:REFERENCES_READ]
    if mail.from_ is None or ahead.referred.isdisjoint(ids):
        return False
    ahead.about_to_read_messages(ids)
    known = Message.objects.filter(header_id__in=ids).order_by()
    places = set(known.values_list("conversation_id", flat=True))
    ahead.about_to_read(places)
    theirs = Participant.objects.filter(conversation__in=places, address=mail.from_.email.lower())
    return theirs.exists()


def is_our_own(mail: ParsedMail, ahead: Ahead) -> bool:
    """Whether this is a mail of ours that came back to us, through a list or a forwarder."""
    if mail.message_id is None or mail.from_ is None:
        return False
    own = ahead.ours.get(mail.message_id)
    return own is not None and mail.from_.key in own.casefold()


def answering_house(arrival: Arrival) -> set[str]:
    """The addresses an answer must never go to."""
    return {*arrival.ahead.house, *arrival.ahead.agents}


def meet(mails: Iterable[tuple[RawMail, ParsedMail]], ahead: Ahead) -> None:
    """Make the customers that these mails need and nobody knows yet, all at once."""
    arrivals = [sort(raw, mail, ahead) for raw, mail in mails]
    newcomers = [
        Newcomer(arrival.sender.email, arrival.sender.name, arrival.at)
        for arrival in arrivals
        if arrival.sender and _writes_for_the_first_time(arrival, arrival.sender)
    ]
    if len(newcomers) > 1:
        ahead.customers |= customers_of(newcomers)


def _writes_for_the_first_time(arrival: Arrival, sender: Address) -> bool:
    known = sender.email.lower() in arrival.ahead.customers
    if known or signed_addresses(arrival.raw, arrival.mail):
        # Who answers one of our addresses may be no customer: another room may take it.
        return False
    own = arrival.raw.pk in arrival.ahead.done or is_our_own(arrival.mail, arrival.ahead)
    return arrival.kind == Message.Kind.CUSTOMER and sender == arrival.mail.from_ and not own


def customer_behind(arrival: Arrival) -> Customer:
    """The customer the mail is from, or for our own mails and reports, about; without one, Unreadable."""
    if arrival.ours:
        outside = arrival.correspondents
        return _customer(outside[0] if outside else arrival.sender, arrival)
    if arrival.kind == Message.Kind.BOUNCE and arrival.mail.bounced:
        lost = [address.lower() for address in arrival.mail.bounced.addresses]
        known = CustomerAddress.objects.filter(address__in=lost).select_related("customer").first()
        if known is not None:
            return known.customer
        if arrival.sender is None and lost:
            return _customer(Address("", lost[0]), arrival)
    return _customer(arrival.sender, arrival)


def _customer(person: Address | None, arrival: Arrival) -> Customer:
    if person is None:
        raise Unreadable("The mail is a report that names neither its sender nor any mail of ours.")
    known = arrival.ahead.customers
    customer = known.get(person.email.lower())
    nothing_said = not tidy_name(person.name, person.email.lower())
    if customer is not None and customer.since <= arrival.at and (customer.name or nothing_said):
        return customer  # there is nothing to be learnt of them
    try:
        customer = customer_of(
            address=person.email,
            name=person.name,
            at=arrival.at,
            probably_new=customer is None and person == arrival.mail.from_,
        )
    except CustomerError as error:
        raise Unreadable(str(error)) from error
    known[person.email.lower()] = customer
    return customer
