"""Adding a message to a conversation whose row is locked, and keeping the conversation's columns true."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q

from goodword.events.actions import record
from goodword.events.models import Event
from goodword.kit import rows
from goodword.mail.models import OutgoingMail
from goodword.staff.models import Agent

from ..clocks.history import SOON
from ..models import Call, Conversation, Message
from ..redacting import html_without_cards, without_cards

Kind = Message.Kind
SPOKEN = (Kind.CUSTOMER, Kind.REPLY, Kind.CALL)
NEWS = (*SPOKEN, Kind.NOTE)
UNDELIVERED = (
    OutgoingMail.State.FAILED,
    OutgoingMail.State.UNKNOWN,
    OutgoingMail.State.WITHDRAWN,
)
_STILL_PUT_OFF = Q(
    outgoing__state=OutgoingMail.State.QUEUED,
    outgoing__attempts=0,
    outgoing__not_before__gt=F("at") + SOON,
)
PREVIEW_LENGTH = 200
WORDS = ("subject", "text", "quoted", "markdown")
HTML = ("html", "quoted_html")
UNKNOWN_LANGUAGE = "und"


def add_message(conversation: Conversation, *, kind: str, at: datetime, **fields: Any) -> Message:
    """Add a message and set what the conversation repeats of it; the caller saves the conversation, unless it
    is new: that one is written first.
    """
    conversation.revision += 1
    conversation.message_count += 1
    if kind != Kind.REPLY:
        fields = _without_cards(fields)
    message = Message(kind=kind, at=at, revision=conversation.revision, **fields)
    # What the house notes by itself, as a rule does, is no news, and begins no new silence of a customer.
    if kind in NEWS and not (kind == Kind.NOTE and fields.get("agent") is None):
        newest = at >= conversation.last_at or conversation.message_count == 1
        conversation.last_at = at if newest else conversation.last_at
        if kind in SPOKEN and (newest or not conversation.preview):
            conversation.preview = preview(message.text or message.subject)
    if conversation.message_count == 1:
        conversation.subject = without_cards(conversation.subject)
    if conversation._state.adding:
        rows.insert_later(conversation, numbered=True)
    message.conversation = conversation
    rows.insert_later(message, numbered=True)
    return message


def _without_cards(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a message without the numbers of payment cards that somebody wrote into it."""
    return (
        fields
        | {name: without_cards(fields[name]) for name in WORDS if fields.get(name)}
        | {name: html_without_cards(fields[name]) for name in HTML if fields.get(name)}
    )


def preview(text: str) -> str:
    """The beginning of a text, on one line."""
    return " ".join(text[:1000].split())[:PREVIEW_LENGTH]


def waiting_since(conversation: Conversation) -> datetime | None:
    """Since when the customer has waited: their first message, or call that nobody took, after our last reply
    that went out, or is about to, or call that reached them.
    """
    messages = conversation.messages.all()
    answered = messages.filter(Q(kind=Kind.REPLY) | Q(kind=Kind.CALL, call__answered=True)).exclude(
        Q(outgoing__isnull=False) & (Q(outgoing__state__in=UNDELIVERED) | _STILL_PUT_OFF)
    )
    last = answered.order_by("-at", "-id").values_list("at", flat=True).first()
    missed = Q(kind=Kind.CALL, call__answered=False, call__direction=Call.Direction.INCOMING)
    open_ones = messages.filter(Q(kind=Kind.CUSTOMER) | missed)
    if last is not None:
        open_ones = open_ones.filter(at__gt=last)
    return open_ones.order_by("at", "id").values_list("at", flat=True).first()


def send_failed(conversation: Conversation) -> bool:
    """Whether the newest reply did not reach the customer."""
    newest = (
        conversation.messages.filter(kind=Kind.REPLY)
        .order_by("-at", "-id")
        .values_list("outgoing__state", flat=True)
        .first()
    )
    return newest in UNDELIVERED


def retell(conversation: Conversation) -> None:
    """Set every column that repeats the messages anew; the caller saves the conversation."""
    messages = conversation.messages.defer("search")
    spoken = messages.filter(kind__in=SPOKEN).order_by("-at", "-id").first()
    newest = messages.filter(kind__in=NEWS).exclude(kind=Kind.NOTE, agent=None).order_by("-at", "-id").first()
    conversation.message_count = conversation.messages.count()
    conversation.preview = preview(spoken.text or spoken.subject) if spoken else ""
    conversation.last_at = newest.at if newest else conversation.opened_at
    conversation.waiting_since = waiting_since(conversation)
    conversation.send_failed = send_failed(conversation)
    heard = (
        messages.filter(kind__in=[Kind.CUSTOMER, Kind.CALL], reading__isnull=False)
        .order_by("-at", "-id")
        .first()
    )
    take_reading(conversation, heard.reading if heard else None)


def take_reading(conversation: Conversation, reading: dict[str, Any] | None) -> None:
    """Repeat what the coach read in the customer's newest message; the caller saves the conversation."""
    said = reading or {}
    conversation.feeling = str(said.get("feeling") or "")[:20]
    conversation.feeling_strength = max(0, int(said.get("strength") or 0))
    conversation.urgency = max(0, int(said.get("urgency") or 0))
    if (language := str(said.get("language") or "")) not in ("", UNKNOWN_LANGUAGE):
        conversation.language = language[:10]


def tell(kind: str, conversation: Conversation, *, agent: Agent | None = None, **data: Any) -> Event:
    """Write an event of this conversation in the caller's transaction."""
    return record(
        kind,
        conversation_id=conversation.pk,
        customer_id=conversation.customer_id,
        mailbox_id=conversation.mailbox_id,
        agent_id=agent.pk if agent else None,
        data=data,
    )
