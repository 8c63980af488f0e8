"""Which conversation a mail belongs to: never by its subject, which anybody can write.

A mail that came to several mailboxes of the house is in each by itself, so that nobody's copy ends up where
they may not look.
"""

from dataclasses import dataclass

from goodword.mail.addressing import conversation_of
from goodword.mail.models import RawMail
from goodword.mail.parsing import ParsedMail
from goodword.mail.queries import twins
from goodword.mail.returning import came_back

from .. import access, registry
from ..actions.sending import reply_key
from ..models import Conversation, Message, Participant
from .ahead import REFERENCES_READ, conversations_claimed, conversations_named, signed_addresses
from .sorting import Arrival

REPLIES_READ = 50


@dataclass(frozen=True, slots=True)
class Place:
    """The conversation, locked; or None, and the one that a stranger or a forged address referred to."""

    conversation: Conversation | None
    may_belong_to: int | None = None


def taken_elsewhere(raw: RawMail, mail: ParsedMail) -> str | None:
    """Why the mail makes no message, where a room above takes it by a signed address of its own."""
    for address in signed_addresses(raw, mail):
        for handler in registry.addressed:
            said = handler(address, raw, mail)
            if said is not None:
                return said
    return None


def place_of(arrival: Arrival) -> Place:
    """Where it belongs: by its signed reply address, or by known Message-IDs and a sender who takes part.

    A sender whom our own server calls forged joins nothing, whatever they know: what they write would stand
    there as the words of somebody else.
    """
    signed = _written_to(arrival)
    if arrival.forged:
        return Place(None, may_belong_to=next(iter([*signed, *_named(arrival)]), None) or _claimed(arrival))
    for number in signed or _reported(arrival):
        found = _locked(arrival, number)
        if found is not None and not _has_copy(arrival, found.mailbox_id):
            return Place(found)
    named = _named(arrival)
    if not named:
        return Place(None, may_belong_to=_claimed(arrival))
    taking_part = _taking_part(arrival, named)
    if taking_part is None:
        return Place(None, may_belong_to=named[0])
    return Place(_locked(arrival, taking_part))


def _written_to(arrival: Arrival) -> list[int]:
    """The conversations that it is addressed to, of its own mailbox first: each copy goes on in its own."""
    signed = list(dict.fromkeys(conversations_named(arrival.raw, arrival.mail)))
    if not signed:
        return []
    boxes = dict(Conversation.objects.filter(pk__in=signed).values_list("pk", "mailbox_id"))
    known = [number for number in signed if number in boxes]
    return sorted(known, key=lambda number: boxes[number] != arrival.raw.mailbox_id)


def _claimed(arrival: Arrival) -> int | None:
    """A conversation that it is addressed to by an address that nobody here signed."""
    forged = conversations_claimed(arrival.raw, arrival.mail)
    if not forged:
        return None
    known = Conversation.objects.filter(pk__in=forged, customer__erased_at=None).order_by("pk")
    return known.values_list("pk", flat=True).first()


def _reported(arrival: Arrival) -> list[int]:
    """The conversation of the reply that a delivery report is about."""
    reply = reported_reply(arrival)
    return [reply.conversation_id] if reply else []


def reported_reply(arrival: Arrival) -> Message | None:
    """The reply that a delivery report is about: by the signed address it came to, by its Message-ID, else by
    our signed address in it and whom it did not reach.
    """
    report = arrival.mail.bounced
    if report is None or arrival.forged:
        return None
    replies = Message.objects.filter(kind=Message.Kind.REPLY).select_related("outgoing")
    replies = replies.defer("search", "outgoing__raw")
    number = came_back(arrival.raw, arrival.mail)
    if number is not None:
        return replies.filter(outgoing=number).first()
    if report.original_message_id is not None:
        return replies.filter(outgoing__message_id=report.original_message_id).first()
    key = reply_key()
    signed = {conversation_of(address, key=key) for address in report.reply_addresses} - {None}
    lost = {address.casefold() for address in report.addresses}
    sent = replies.filter(conversation__in=signed, outgoing__isnull=False).order_by("-at", "-id")[
        :REPLIES_READ
    ]
    for reply in sent if lost else ():
        if reply.outgoing and lost & {address.casefold() for address in reply.outgoing.recipients}:
            return reply
    return None


def _named(arrival: Arrival) -> list[int]:
    """The conversations of the messages it says it answers: of its own mailbox first, the nearest first."""
    ids = arrival.mail.thread_ids[:REFERENCES_READ]
    if arrival.ahead.referred.isdisjoint(ids):
        return []
    arrival.ahead.about_to_read_messages(ids)
    known = Message.objects.filter(header_id__in=ids).values_list(
        "header_id", "conversation_id", "conversation__mailbox_id"
    )
    box = arrival.raw.mailbox_id
    nearest = sorted(known, key=lambda one: (one[2] != box, ids.index(one[0]), one[1]))
    apart = {other for other in {one[2] for one in nearest} if _has_copy(arrival, other)}
    return list(dict.fromkeys(conversation for _header, conversation, there in nearest if there not in apart))


def _has_copy(arrival: Arrival, mailbox: int | None) -> bool:
    """Whether that other mailbox has this same mail by itself."""
    if mailbox is None or mailbox == arrival.raw.mailbox_id:
        return False
    return twins(arrival.raw).filter(mailbox=mailbox).exists()


def is_there_already(arrival: Arrival, place: Conversation) -> bool:
    """Whether the conversation shows this same mail already, from the copy of another mailbox."""
    return Message.objects.filter(conversation=place, raw_mail__in=twins(arrival.raw)).exists()


def _taking_part(arrival: Arrival, named: list[int]) -> int | None:
    if arrival.ours:
        return named[0]
    if arrival.sender is None:
        return None
    arrival.ahead.about_to_read(named)
    parts = Participant.objects.filter(conversation__in=named, address=arrival.sender.email.lower())
    theirs = set(parts.values_list("conversation_id", flat=True))
    return next((number for number in named if number in theirs), None)


def _locked(arrival: Arrival, number: int) -> Conversation | None:
    """The conversation with its row locked, or where it goes on after a merge; None when it is gone."""
    while True:
        found = Conversation.objects.filter(pk=number).select_related("customer").first()
        place = access.merged_into(found) if found and found.state == Conversation.State.MERGED else found
        if place is None or place.customer.erased_at is not None:
            return None
        # What the mails before it wrote there is written by now, the conversation's own row included.
        arrival.ahead.about_to_read([place.pk])
        # Only the last one is locked: merges lock theirs in an order of their own.
        try:
            locked = access.locked(None, place.pk)
        except Conversation.DoesNotExist:
            return None  # deleted for good while we waited for it
        if locked.state != Conversation.State.MERGED:
            return locked
        number = locked.pk
