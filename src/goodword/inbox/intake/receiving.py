"""Making the message."""

import dataclasses
from typing import Any

from django.db import transaction

from goodword.coaching import actions as coaching
from goodword.customers.models import Customer
from goodword.mail import outbox
from goodword.mail.actions import keep_file
from goodword.mail.addressing import reply_all
from goodword.mail.models import RawMail
from goodword.mail.parsing import ParsedMail

from ..actions.adding import add_message, take_reading, tell
from ..actions.drafting import file_name
from ..actions.recipients import kept
from ..actions.states import set_open
from ..actions.taking_part import take_part
from ..models import Attachment, Conversation, Message, Participant
from .placing import Place, is_there_already, place_of, reported_reply, taken_elsewhere
from .sorting import Arrival, answering_house, customer_behind, is_our_own, sort

State = Conversation.State


OUR_OWN = "It is a mail of ours that came back to us."
SHOWN = "Its conversation shows it already: it came to another mailbox of the house, too."


@transaction.atomic(savepoint=False)
def turn_into_message(raw_mail: RawMail, parsed: ParsedMail) -> str | None:
    """Put a mail into its conversation, or open one; of what adds nothing, the sentence that says why.

    A mail handled before adds nothing. Raises mail's Unreadable, with a sentence for people, when no customer
    can be made out.
    """
    if Message.objects.filter(raw_mail=raw_mail).exists():
        return None
    if is_our_own(parsed):
        return OUR_OWN
    elsewhere = taken_elsewhere(raw_mail, parsed)
    if elsewhere is not None:
        return elsewhere
    arrival = sort(raw_mail, parsed)
    customer = customer_behind(arrival)
    _mark_lost(arrival)
    found = place_of(arrival)
    if found.conversation is not None and is_there_already(arrival, found.conversation):
        return SHOWN
    opened = found.conversation is None
    newcomer = not opened and arrival.counts and not _takes_part(arrival, found.conversation)
    place = _opened(arrival, customer, found) if found.conversation is None else found.conversation
    message = _message(arrival, customer, place)
    _keep_files(parsed, message)
    if arrival.kind in (Message.Kind.CUSTOMER, Message.Kind.REPLY):
        take_part(place, [person.email for person in arrival.correspondents])
    if arrival.counts:
        place.waiting_since = place.waiting_since or arrival.at
        take_reading(place, message.reading)
        if place.state in (State.CLOSED, State.SNOOZED):
            set_open(place, reason="customer")
    place.save()
    if not arrival.silent:
        if opened:
            tell("conversation.opened", place, message=message.pk, message_kind=message.kind)
        if newcomer:
            tell("conversation.joined", place, message=message.pk, address=message.sender_address)
        tell("message.received", place, message=message.pk, message_kind=message.kind)
    return None


def _mark_lost(arrival: Arrival) -> None:
    """Mark the reply that a report is about and does not name; mail itself marks those that it names."""
    report = arrival.mail.bounced
    if report is None or report.original_message_id is not None:
        return
    reply = reported_reply(arrival)
    if reply is not None and reply.outgoing is not None:
        outbox.mark_bounced(dataclasses.replace(report, original_message_id=reply.outgoing.message_id))


def _takes_part(arrival: Arrival, place: Conversation | None) -> bool:
    address = arrival.sender.email.lower() if arrival.sender else ""
    return Participant.objects.filter(conversation=place, address=address).exists()


def _opened(arrival: Arrival, customer: Customer, found: Place) -> Conversation:
    return Conversation.objects.create(
        customer=customer,
        mailbox=arrival.raw.mailbox,
        channel=Conversation.Channel.MAIL,
        subject=arrival.mail.subject,
        opened_at=arrival.at,
        last_at=arrival.at,
        may_belong_to_id=found.may_belong_to,
        # What nobody waits for an answer to is no work.
        state=State.OPEN if arrival.counts else State.CLOSED,
    )


def _message(arrival: Arrival, customer: Customer, place: Conversation) -> Message:
    mail, sender = arrival.mail, arrival.sender
    said: dict[str, Any] = {}
    if arrival.kind == Message.Kind.CUSTOMER:
        answer = reply_all(mail, house=answering_house(arrival))
        said = {"answer_to": kept(answer.to), "answer_cc": kept(answer.cc)}
    text = mail.reply_text.strip() or (mail.text.strip() if not mail.quoted_text.strip() else "")
    if arrival.counts:
        said["reading"] = coaching.read_message(text, at=arrival.at)
    signature = f"-- \n{mail.signature.strip()}\n\n" if mail.signature.strip() else ""
    return add_message(
        place,
        kind=arrival.kind,
        at=arrival.at,
        customer=None if arrival.ours else customer,
        sender_name=sender.name[:300] if sender else "",
        sender_address=sender.email[:320] if sender else "",
        sender_trust=arrival.trust,
        to=kept(mail.to),
        cc=kept(mail.cc),
        subject=mail.subject,
        text=text,
        html=(mail.reply_html if mail.reply_html is not None else mail.html) or "",
        quoted=(signature + mail.quoted_text).strip(),
        quoted_html=mail.quoted_html or "",
        header_id=mail.message_id or "",
        references=list(mail.references or mail.in_reply_to),
        raw_mail=arrival.raw,
        **said,
    )


def _keep_files(mail: ParsedMail, message: Message) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            message=message,
            blob=keep_file(part.data),
            filename=file_name(part.filename),
            content_type=part.content_type[:200],
            content_id=(part.content_id or "").strip("<>")[:500],
            inline=part.inline,
        )
        for part in mail.attachments
    )
