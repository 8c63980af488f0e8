"""Making the message."""

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from goodword.coaching import actions as coaching
from goodword.customers.models import Customer
from goodword.kit import rows
from goodword.mail import outbox
from goodword.mail.actions import keep_file
from goodword.mail.addressing import reply_all
from goodword.mail.models import RawMail
from goodword.mail.parsing import AutoKind, ParsedMail
from goodword.mail.returning import came_back

from ..actions.adding import add_message, take_reading, tell
from ..actions.drafting import file_name
from ..actions.recipients import kept
from ..actions.states import set_open
from ..actions.taking_part import take_part
from ..clocks import follow
from ..models import Attachment, Conversation, Message, Participant
from ..routing.waking import opened as to_be_routed
from .ahead import Ahead
from .placing import Place, is_there_already, place_of, reported_reply, taken_elsewhere
from .sorting import Arrival, answering_house, customer_behind, is_our_own, meet, sort

State = Conversation.State


OUR_OWN = "It is a mail of ours that came back to us."
SHOWN = "Its conversation shows it already: it came to another mailbox of the house, too."


def turning(mails: Sequence[tuple[RawMail, ParsedMail]]) -> Callable[[RawMail, ParsedMail], str | None]:
    """`turn_into_message` for these mails, with what they need to know looked up at once."""
    ahead = Ahead.of(mails)
    meet(mails, ahead)
    return partial(turn_into_message, ahead=ahead)


@transaction.atomic(savepoint=False)
def turn_into_message(raw_mail: RawMail, parsed: ParsedMail, *, ahead: Ahead | None = None) -> str | None:
    """Put a mail into its conversation, or open one; of what adds nothing, the sentence that says why.

    A mail handled before adds nothing. Raises mail's Unreadable, with a sentence for people, when no customer
    can be made out.
    """
    ahead = ahead or Ahead.of([(raw_mail, parsed)])
    if raw_mail.pk in ahead.done:
        return None
    if is_our_own(parsed, ahead):
        return OUR_OWN
    elsewhere = taken_elsewhere(raw_mail, parsed)
    if elsewhere is not None:
        return elsewhere
    arrival = sort(raw_mail, parsed, ahead)
    customer = customer_behind(arrival)
    _mark_lost(arrival)
    found = place_of(arrival)
    if found.conversation is not None and is_there_already(arrival, found.conversation):
        return SHOWN
    _add(arrival, customer, found)
    return None


def _add(arrival: Arrival, customer: Customer, found: Place) -> None:
    opened = found.conversation is None
    newcomer = not opened and arrival.counts and not _takes_part(arrival, found.conversation)
    place = _opened(arrival, customer, found) if found.conversation is None else found.conversation
    said = _said(arrival, customer)
    if arrival.counts:
        place.waiting_since = place.waiting_since or arrival.at
        take_reading(place, said["reading"])
        if place.state in (State.CLOSED, State.SNOOZED):
            set_open(place, reason="customer")
    message = add_message(place, kind=arrival.kind, at=arrival.at, **said)
    arrival.ahead.add(message)
    if not opened:
        place.save()
    elif arrival.counts:
        to_be_routed()
    _keep_files(arrival.mail, message)
    if arrival.kind in (Message.Kind.CUSTOMER, Message.Kind.REPLY):
        take_part(place, [person.email for person in arrival.correspondents])
    if not arrival.silent:
        if opened:
            tell("conversation.opened", place, message=message.pk, message_kind=message.kind)
        if newcomer:
            tell("conversation.joined", place, message=message.pk, address=message.sender_address)
        tell("message.received", place, message=message.pk, message_kind=message.kind)
        if arrival.counts:
            follow(place)


def _mark_lost(arrival: Arrival) -> None:
    """Mark the reply that a report is about and does not name; mail itself marks those that it names."""
    report = arrival.mail.bounced
    if report is None or report.original_message_id is not None or came_back(arrival.raw, arrival.mail):
        return
    reply = reported_reply(arrival)
    if reply is not None and reply.outgoing is not None:
        outbox.take_report(dataclasses.replace(report, original_message_id=reply.outgoing.message_id))


def _takes_part(arrival: Arrival, place: Conversation | None) -> bool:
    address = arrival.sender.email.lower() if arrival.sender else ""
    arrival.ahead.about_to_read([place.pk if place else None])
    return Participant.objects.filter(conversation=place, address=address).exists()


def _opened(arrival: Arrival, customer: Customer, found: Place) -> Conversation:
    """A conversation that `add_message` writes with its first message."""
    return Conversation(
        customer=customer,
        mailbox_id=arrival.raw.mailbox_id,
        channel=Conversation.Channel.MAIL,
        subject=arrival.mail.subject,
        opened_at=arrival.at,
        last_at=arrival.at,
        may_belong_to_id=found.may_belong_to,
        # What nobody waits for an answer to is no work.
        state=State.OPEN if arrival.counts else State.CLOSED,
    )


def _said(arrival: Arrival, customer: Customer) -> dict[str, Any]:
    """The fields of the message, beside its kind and its time."""
    mail, sender = arrival.mail, arrival.sender
    said: dict[str, Any] = {"reading": None}
    by_list = arrival.kind == Message.Kind.AUTOMATIC and mail.auto is AutoKind.LIST
    if arrival.kind == Message.Kind.CUSTOMER or by_list:
        answer = reply_all(mail, house=answering_house(arrival))
        said |= {"answer_to": kept(answer.to), "answer_cc": kept(answer.cc)}
    text = mail.reply_text.strip() or (mail.text.strip() if not mail.quoted_text.strip() else "")
    if arrival.counts:
        said["reading"] = coaching.read_message(text, at=arrival.at)
    signature = f"-- \n{mail.signature.strip()}\n\n" if mail.signature.strip() else ""
    return said | {
        "customer": None if arrival.ours else customer,
        "sender_name": sender.name[:300] if sender else "",
        "sender_address": sender.email[:320] if sender else "",
        "sender_trust": arrival.trust,
        "to": kept(mail.to),
        "cc": kept(mail.cc),
        "subject": mail.subject,
        "text": text,
        "html": (mail.reply_html if mail.reply_html is not None else mail.html) or "",
        "quoted": (signature + mail.quoted_text).strip(),
        "quoted_html": mail.quoted_html or "",
        "header_id": mail.message_id or "",
        "references": list(mail.references or mail.in_reply_to),
        "raw_mail": arrival.raw,
    }


def _keep_files(mail: ParsedMail, message: Message) -> None:
    for part in mail.attachments:
        file = Attachment(
            message=message,
            blob=keep_file(part.data),
            filename=file_name(part.filename),
            content_type=part.content_type[:200],
            content_id=(part.content_id or "").strip("<>")[:500],
            inline=part.inline,
        )
        rows.insert_later(file)
