"""What stands beside a conversation: the customer, and everything between them and us."""

from dataclasses import dataclass

from django.db.models import Case, When

from goodword.customers import queries as customers
from goodword.customers.models import Customer, CustomerNote
from goodword.events import queries as events
from goodword.events import timeline
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .. import access
from ..models import Conversation

PAST = 10
PROMISES = 20
LINES = 40
OPEN_FIRST = Case(When(state=Promise.State.OPEN, then=0), default=1)


@dataclass(frozen=True, slots=True)
class Aside:
    """The customer beside their conversation: what the agent may see, newest first; open promises first."""

    customer: Customer
    addresses: tuple[str, ...]
    past: tuple[Conversation, ...]
    promises: tuple[Promise, ...]
    notes: tuple[CustomerNote, ...]
    timeline: tuple[timeline.Line, ...]
    people: tuple[tuple[int, str], ...]


def aside(agent: Agent | None, conversation: Conversation) -> Aside:
    """What the agent may know of the customer; a fixed number of queries."""
    profile = customers.profile(conversation.customer)
    seen = access.conversations(agent)
    past = seen.filter(customer_id=conversation.customer_id).exclude(pk=conversation.pk)
    promises = Promise.objects.filter(customer_id=conversation.customer_id, place__isnull=False)
    if seen.query.has_filters():
        promises = promises.filter(place__conversation__in=seen)
    happened = events.timeline(conversation_id=conversation.pk, limit=LINES)
    everybody = list(Agent.objects.order_by("name").values_list("pk", "name", "is_active"))
    names = {pk: name for pk, name, _active in everybody}
    return Aside(
        customer=conversation.customer,
        addresses=profile.addresses,
        past=tuple(past.order_by("-last_at")[:PAST]),
        promises=tuple(promises.select_related("owner", "place").order_by(OPEN_FIRST, "-id")[:PROMISES]),
        notes=profile.notes,
        timeline=tuple(timeline.sentences(happened, names)),
        people=tuple((pk, name) for pk, name, active in everybody if active),
    )
