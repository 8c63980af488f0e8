"""What happened, as lines with an icon, for the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from goodword.customers.models import Customer
from goodword.events import queries as event_log
from goodword.events.models import Event
from goodword.events.timeline import sentences
from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent

LINES = 30

# The beginning of an event's kind, and the icon that stands for it; the first that fits counts.
ICONS = (
    ("message.", "mail"),
    ("reply.failed", "alert-circle"),
    ("reply.", "reply"),
    ("note.", "sticky-note"),
    ("promise.kept", "check-circle"),
    ("promise.broken", "alert-circle"),
    ("promise.", "handshake"),
    ("conversation.opened", "message-circle"),
    ("conversation.assigned", "user-check"),
    ("conversation.queued", "clock"),
    ("conversation.team_set", "users"),
    ("conversation.escalated", "chevron-up"),
    ("conversation.decided", "check-circle"),
    ("conversation.snoozed", "moon"),
    ("conversation.woken", "sun"),
    ("conversation.closed", "check"),
    ("conversation.reopened", "mail-open"),
    ("conversation.merged", "merge"),
    ("conversation.unmerged", "merge"),
    ("conversation.removed", "trash-2"),
    ("conversation.", "tag"),
    ("call.", "phone"),
    ("customer.", "user"),
    ("agent.", "at-sign"),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline."""

    icon: str
    text: str
    at: datetime
    conversation_id: int | None


def icon_of(kind: str) -> str:
    """The icon for a kind of event."""
    return next((icon for beginning, icon in ICONS if kind.startswith(beginning)), "circle")


def happenings(events: Sequence[Event]) -> list[Happening]:
    """The events as lines, with the names of everybody they mention, in one query."""
    ids = {event.agent_id for event in events} | {event.data.get("to") for event in events}
    wanted = {number for number in ids if isinstance(number, int)}
    wanted |= {event.data["owner"] for event in events if isinstance(event.data.get("owner"), int)}
    names = dict(Agent.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return [
        Happening(icon_of(line.kind), line.text, line.at, line.conversation_id)
        for line in sentences(events, names)
    ]


def customer_timeline(agent: Agent, customer: Customer, *, limit: int = LINES) -> list[Happening]:
    """What happened with a customer, newest first, without what the agent may not see."""
    hidden = set(hidden_mailboxes(agent))
    events = event_log.timeline(customer_id=customer.pk, limit=limit)
    return happenings([event for event in events if event.mailbox_id not in hidden])
