"""Whom a reply goes to."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext

from goodword.mail.addressing import Recipients, automatic_answer
from goodword.mail.models import Mailbox
from goodword.mail.parsing import Address
from goodword.mail.parsing.addresses import addresses

from ..errors import NotPossible
from ..models import Conversation, Message

Written = Address | str


def last_said(conversation: Conversation) -> Message | None:
    """The customer's newest message, without its HTML; where none wrote, the newest of a list that did."""
    heard = _heard(conversation)
    by_list = heard.filter(kind=Message.Kind.AUTOMATIC).exclude(answer_to=[])
    return heard.filter(kind=Message.Kind.CUSTOMER).first() or by_list.first()


def last_said_by_its_customer(conversation: Conversation) -> Message | None:
    """The newest message of the one whose conversation it is, whoever else wrote after them."""
    customer = conversation.customer_id
    return _heard(conversation).filter(kind=Message.Kind.CUSTOMER, customer=customer).first()


def recipients(conversation: Conversation) -> Recipients:
    """Whom the next reply goes to unless the agent says otherwise: all of the customer's last message."""
    return answering(conversation, last_said(conversation))


def answering(conversation: Conversation, last: Message | None) -> Recipients:
    """Whom an answer to `last` goes to; without one, the customer."""
    if last is not None and last.answer_to:
        return Recipients(stored(last.answer_to), stored(last.answer_cc))
    if last is not None and last.sender_address:
        return Recipients((Address(last.sender_name, last.sender_address),), ())
    known = conversation.customer.addresses.order_by("id").values_list("address", flat=True).first()
    return Recipients((Address(conversation.customer.name, known),) if known else (), ())


def chosen(
    conversation: Conversation,
    last: Message | None,
    *,
    to: Sequence[Written] | None,
    cc: Sequence[Written] | None,
) -> Recipients:
    """The recipients an agent asked for, and by default those of `answering`."""
    given = answering(conversation, last) if to is None or cc is None else Recipients((), ())
    return Recipients(
        given.to if to is None else tuple(_read(to)),
        given.cc if cc is None else tuple(_read(cc)),
    )


def requester(conversation: Conversation, last: Message | None) -> Recipients:
    """Whom a mail that no agent writes goes to: the one who wrote `last`, or without it the customer; nobody
    in copy. Nobody at all where a machine or a list began, and no person wrote since.
    """
    if last is not None and last.kind != Message.Kind.CUSTOMER:
        last = None
    if last is None and _begun_by_a_machine(conversation):
        return Recipients((), ())
    given = answering(conversation, last)
    sender = Address(last.sender_name, last.sender_address) if last and last.sender_address else None
    house = Mailbox.objects.values_list("address", flat=True)
    found = automatic_answer(sender, asked=given.to, house=list(house))
    return Recipients((found,) if found else (), ())


def stored(people: Iterable[dict[str, str]]) -> tuple[Address, ...]:
    """Addresses as a message keeps them."""
    return tuple(Address(person.get("name", ""), person["email"]) for person in people if person.get("email"))


def kept(people: Iterable[Address]) -> list[dict[str, str]]:
    """Addresses in the form a message keeps them."""
    return [{"name": person.name, "email": person.email} for person in people]


def _heard(conversation: Conversation) -> QuerySet[Message]:
    return conversation.messages.defer("search", "html", "quoted_html", "quoted").order_by("-at", "-id")


def _begun_by_a_machine(conversation: Conversation) -> bool:
    first = conversation.messages.order_by("at", "id").only("kind", "outgoing").first()
    machines = (Message.Kind.AUTOMATIC, Message.Kind.BOUNCE)
    return first is not None and first.kind in machines and first.outgoing_id is None


def _read(people: Sequence[Written]) -> Iterable[Address]:
    for person in people:
        if isinstance(person, Address):
            yield person
            continue
        found = addresses(person)
        if not found:
            raise NotPossible(
                gettext("'%(address)s' is no mail address. It should look like ada@example.org.")
                % {"address": person[:100]}
            )
        yield from found
