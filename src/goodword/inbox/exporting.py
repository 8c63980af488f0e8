"""What a customer and the house said to each other, for the customer's export."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.registry import Asked, Entry, File, Section
from goodword.mail.models import Blob, OutgoingMail, RawMail

from . import access
from .models import Attachment, Conversation, Escalation, Handover, Message

AT_ONCE = 100
READ = ("feeling", "strength", "urgency", "language")
SAID = ("kind", "at", "subject", "sender_name", "sender_address", "to", "cc", "text", "quoted")


@registry.exporting.add
def conversations(asked: Asked) -> Iterable[Section]:
    """Their conversations, what was said in them with files and mails, and what they said in those of others.

    Of a conversation with somebody else only their own words are given out.
    """
    seen = access.conversations(asked.agent)
    own = seen.filter(customer=asked.customer)
    yield Section("conversations", _("Conversations"), _conversations(own))
    said = Message.objects.filter(conversation__in=own)
    said = said if asked.internal else said.exclude(kind=Message.Kind.NOTE)
    yield Section("messages", _("Messages"), _messages(said, internal=asked.internal))
    addresses = asked.customer.addresses.values("address")
    by_them = Q(customer=asked.customer) | Q(sender_address__in=addresses)
    elsewhere = Message.objects.filter(by_them, conversation__in=seen.exclude(customer=asked.customer))
    yield Section("messages_elsewhere", _("In conversations of others"), _messages(elsewhere, internal=False))
    if asked.internal:
        yield Section("handovers", _("Summaries of the team"), _summaries(own))


def _conversations(own: "QuerySet[Conversation]") -> Iterator[Entry]:
    for one in own.prefetch_related("tags").order_by("pk").iterator(chunk_size=AT_ONCE):
        yield Entry(
            {
                "number": one.pk,
                "subject": one.subject,
                "channel": one.channel,
                "opened_at": one.opened_at,
                "newest_at": one.last_at,
                "state": one.state,
                "tags": sorted(tag.name for tag in one.tags.all()),
            }
        )


def _messages(rows: "QuerySet[Message]", *, internal: bool) -> Iterator[Entry]:
    found = rows.select_related("agent", "call").prefetch_related("attachments").defer("search", "html")
    for one in found.order_by("conversation", "at", "pk").iterator(chunk_size=AT_ONCE):
        facts: dict[str, Any] = {"conversation": one.conversation_id}
        facts |= {name: getattr(one, name) for name in SAID}
        facts |= {"agent": one.agent.name if one.agent else ""}
        facts |= {"read_in_it": {name: one.reading.get(name) for name in READ}} if one.reading else {}
        call = getattr(one, "call", None)
        if call is not None:
            facts["call"] = {"direction": call.direction, "phone": call.phone, "minutes": call.minutes}
            facts["call"] |= {"tone": call.tone, "next_step": call.next_step} if internal else {}
            facts["text"] = one.text if internal else ""
        yield Entry(facts, [*map(_file, one.attachments.all()), *_originals(one)])


def _file(one: Attachment) -> File:
    return File(one.filename, partial(_bytes, one.blob_id))


def _bytes(digest: str) -> bytes:
    return bytes(Blob.objects.get(pk=digest).data)


def _originals(one: Message) -> Iterator[File]:
    """The mails as they came and left."""
    if one.raw_mail_id:
        yield File(f"{one.pk}.eml", partial(_raw, RawMail, one.raw_mail_id))
    if one.outgoing_id:
        yield File(f"{one.pk}.eml", partial(_raw, OutgoingMail, one.outgoing_id))


def _raw(model: type[RawMail] | type[OutgoingMail], pk: int) -> bytes:
    return bytes(model.objects.values_list("raw", flat=True).get(pk=pk))


def _summaries(own: "QuerySet[Conversation]") -> Iterator[Entry]:
    for handed in Handover.objects.filter(conversation__in=own).order_by("pk").iterator(chunk_size=AT_ONCE):
        yield Entry({"conversation": handed.conversation_id, "at": handed.at, "summary": handed.summary})
    for raised in Escalation.objects.filter(conversation__in=own).order_by("pk").iterator(chunk_size=AT_ONCE):
        yield Entry(
            {
                "conversation": raised.conversation_id,
                "at": raised.at,
                "reason": raised.reason,
                "decision": raised.decision,
            }
        )
