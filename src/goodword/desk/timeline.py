"""What happened, as lines with an icon, for the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from goodword.customers import queries as customers
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
    ("reply.doubted", "alert-circle"),
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
    ("customer.purchase", "archive"),
    ("customer.subscription", "refresh-cw"),
    ("customer.phone", "phone"),
    ("customer.consent", "shield"),
    ("customer.joined", "merge"),
    ("customer.parted", "merge"),
    ("call.", "phone"),
    ("complaint.breached", "alert-circle"),
    ("complaint.final_breached", "alert-circle"),
    ("complaint.", "flag"),
    ("help.", "hand"),
    ("goodwill.", "heart"),
    ("approval.", "scale"),
    ("voucher.", "tag"),
    ("customer.", "user"),
    ("agent.", "at-sign"),
)


# What a customer's timeline can be narrowed to: a word for addresses, what people call it, and how the kinds
# of events begin that belong to it.
SHOWN = (
    (
        "conversations",
        _("Conversations"),
        ("conversation.", "message.", "reply.", "note.", "call.", "service."),
    ),
    ("promises", _("Promises"), ("promise.",)),
    ("complaints", _("Complaints"), ("complaint.", "proposal.", "remedy.", "finding.")),
    ("goodwill", _("Goodwill"), ("goodwill.", "approval.", "voucher.")),
    ("purchases", _("Purchases"), ("customer.purchase", "customer.subscription")),
    ("surveys", _("Surveys and check-ins"), ("check_in.", "survey.")),
    ("record", _("Record"), ("customer.",)),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline."""

    icon: str
    text: str
    at: datetime
    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some lines of a timeline; `more` is where the next stretch begins, None at the end."""

    lines: list[Happening]
    more: int | None


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


def customer_timeline(
    agent: Agent, customer: Customer, *, show: str = "", before: int | None = None, limit: int = LINES
) -> Stretch:
    """What happened with a customer, newest first, as far as the agent may see it; `show` is one of SHOWN."""
    chosen = next((beginnings for key, _label, beginnings in SHOWN if key == show), ())
    events = event_log.timeline(
        customer_id=customers.numbers_of(customer),
        beginnings=chosen,
        hidden=hidden_mailboxes(agent),
        before=before,
        limit=limit + 1,
    )
    more = events[limit - 1].pk if len(events) > limit else None
    return Stretch(happenings(events[:limit]), more)
