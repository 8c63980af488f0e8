"""Conversations and messages as the API shows them."""

from datetime import datetime
from typing import Any, Literal, cast

from goodword.api.fields import Shown
from goodword.inbox.models import Conversation
from goodword.inbox.queries import Hit, Row, ShownMessage, url

from .calls import CallOut, call_out
from .people import AgentOut, CustomerRef, agent_out


class ConversationOut(Shown):
    """A conversation, as far as a list needs it. `revision` grows with every message."""

    id: int
    subject: str
    state: Literal["open", "snoozed", "closed", "merged"]
    channel: str
    customer: CustomerRef
    mailbox: str | None
    assignee: AgentOut | None
    tags: list[str]
    preview: str
    opened_at: datetime
    last_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    promise_due: datetime | None
    priority: Literal["low", "normal", "high", "urgent"]
    reply_due_at: datetime | None
    message_count: int
    revision: int
    feeling: str
    feeling_strength: int
    urgency: int
    send_failed: bool


Why = Literal["number", "person", "message"]
Sent = Literal["queued", "sending", "sent", "failed", "unknown", "withdrawn"]
Kind = Literal["customer", "reply", "note", "call", "automatic", "bounce"]


class Match(Shown):
    """Why a search found a conversation; the two texts are safe HTML with the words inside <mark>."""

    why: Why
    subject: str
    headline: str
    message: int | None


class ListedConversation(ConversationOut):
    """A conversation in a list; `match` is there when it was searched for."""

    match: Match | None = None


class ConversationPageOut(Shown):
    """A stretch of a list. `position` is the place in the event log as of which it holds ."""

    items: list[ListedConversation]
    next_cursor: str | None
    position: str


class Mail(Shown):
    """A mail address with its name."""

    name: str
    email: str


class AttachmentOut(Shown):
    """A file of a message; `url` is where the desk serves it to agents who are logged in."""

    id: int
    filename: str
    content_type: str
    inline: bool
    url: str


class Delivery(Shown):
    """What became of a reply on its way to the customer."""

    state: Sent
    error: str


class MessageOut(Shown):
    """A message. `html` is sanitised; `text` is what was newly said, `quoted` what stood below it."""

    id: int
    conversation: int
    kind: Kind
    at: datetime
    agent: AgentOut | None
    sender: Mail
    to: list[Mail]
    cc: list[Mail]
    subject: str
    text: str
    html: str
    quoted: str
    markdown: str
    attachments: list[AttachmentOut]
    promises: list[int]
    delivery: Delivery | None
    call: CallOut | None


class ConversationDetail(ConversationOut):
    """A conversation with its newest messages, oldest first; `earlier` is the `before` for more."""

    team: str | None
    language: str
    escalation_level: int
    messages: list[MessageOut]
    earlier: int | None


def row_out(row: Row, mailboxes: dict[int, str], *, hit: Hit | None = None) -> ListedConversation:
    """One line of a list."""
    place = row.conversation
    facts = _facts(place, tags=row.tags, who=row.who, promise_due=row.promise_due)
    return ListedConversation(**facts, mailbox=mailboxes.get(place.mailbox_id or 0), match=_match(hit))


def _match(hit: Hit | None) -> Match | None:
    if hit is None:
        return None
    return Match(why=cast(Why, hit.why), subject=hit.subject, headline=hit.headline, message=hit.message_id)


def conversation_out(place: Conversation) -> ConversationOut:
    """A conversation that was loaded with customer, assignee and mailbox; costs two queries."""
    return ConversationOut(**_alone(place))


def conversation_detail(
    place: Conversation, messages: list[ShownMessage], *, earlier: int | None
) -> ConversationDetail:
    """A conversation with its messages."""
    return ConversationDetail(
        **_alone(place),
        team=place.team.name if place.team else None,
        language=place.language,
        escalation_level=place.escalation_level,
        messages=[message_out(message) for message in messages],
        earlier=earlier,
    )


def message_out(shown: ShownMessage) -> MessageOut:
    """One message."""
    message = shown.message
    delivery = (
        Delivery(state=cast(Sent, shown.delivery), error=shown.delivery_error) if shown.delivery else None
    )
    return MessageOut(
        id=message.pk,
        conversation=message.conversation_id,
        kind=cast(Kind, message.kind),
        at=message.at,
        agent=agent_out(message.agent),
        sender=Mail(name=message.sender_name, email=message.sender_address),
        to=_mails(message.to),
        cc=_mails(message.cc),
        subject=message.subject,
        text=message.text,
        html=shown.html,
        quoted=message.quoted,
        markdown=message.markdown,
        attachments=[
            AttachmentOut(
                id=file.pk,
                filename=file.filename,
                content_type=file.content_type,
                inline=file.inline,
                url=url(file),
            )
            for file in shown.attachments
        ],
        promises=[promise.pk for promise in shown.promises],
        delivery=delivery,
        call=call_out(message),
    )


def _alone(place: Conversation) -> dict[str, Any]:
    tags = tuple(place.tags.order_by("name").values_list("name", flat=True))
    due = (
        place.promise_places.filter(promise__state="open", promise__due_at__isnull=False)
        .order_by("promise__due_at")
        .values_list("promise__due_at", flat=True)
        .first()
    )
    facts = _facts(place, tags=tags, who=str(place.customer), promise_due=due)
    return facts | {"mailbox": place.mailbox.address if place.mailbox else None}


def _facts(
    place: Conversation, *, tags: tuple[str, ...], who: str, promise_due: datetime | None
) -> dict[str, Any]:
    same = (
        "subject state channel priority reply_due_at preview opened_at last_at waiting_since snoozed_until "
        "message_count revision feeling feeling_strength urgency send_failed"
    )
    return {
        "id": place.pk,
        "customer": CustomerRef(id=place.customer_id, name=who),
        "assignee": agent_out(place.assignee),
        "tags": list(tags),
        "promise_due": promise_due,
        **{name: getattr(place, name) for name in same.split()},
    }


def _mails(people: list[dict[str, str]]) -> list[Mail]:
    return [Mail(name=person.get("name", ""), email=person.get("email", "")) for person in people]
