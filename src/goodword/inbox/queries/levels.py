"""What service levels would hold for, what their clocks say, and how they were kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent

from .. import access
from ..conditions import facts_of_each, fields_of, fits
from ..models import Conversation, ServiceClock, ServiceLevel

LOOKED_AT = 2000
AT_ONCE = 500
RAN = Q(ended_at=None)
LATE = Q(breached_at__isnull=False)
# What became of a clock; each is counted once.
OUTCOMES: dict[str, Q] = {
    "met": ~LATE & Q(met_at__isnull=False),
    "breached": LATE,
    "running": ~LATE & RAN,
    "ended": ~LATE & Q(met_at=None, ended_at__isnull=False),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """How often a level's clock of one kind was met, over those that began in a period."""

    level: int | None
    name: str
    kind: str
    met: int
    breached: int
    running: int
    ended: int

    @property
    def settled(self) -> int:
        return self.met + self.breached


def fitting(levels: Sequence[ServiceLevel], agent: Agent) -> tuple[dict[int, int], int]:
    """How many open conversations each of these levels would hold for, the first that fits, by its id.

    Looks at the newest LOOKED_AT that the agent may see; the second number says how many those were.
    """
    counts = dict.fromkeys((level.pk for level in levels), 0)
    asked = fields_of(*(level.conditions for level in levels))
    looked = 0
    for places in _in_batches(access.conversations(agent)):
        looked += len(places)
        facts = facts_of_each(places, only=asked)
        for place in places:
            level = next((one for one in levels if fits(one.conditions, facts[place.pk])), None)
            if level is not None:
                counts[level.pk] += 1
    return counts, looked


def _in_batches(seen: QuerySet[Conversation]) -> Iterator[list[Conversation]]:
    newest = seen.filter(state=Conversation.State.OPEN).order_by("-last_at", "-id")
    pks = list(newest.values_list("pk", flat=True)[:LOOKED_AT])
    for start in range(0, len(pks), AT_ONCE):
        yield list(Conversation.objects.filter(pk__in=pks[start : start + AT_ONCE]))


def clocks(place: Conversation) -> list[ServiceClock]:
    """The clocks of a conversation, the newest first; no query where none was ever asked for."""
    if place.terms_id is None:
        return []
    return list(place.clocks.select_related("terms", "terms__level").order_by("-started_at", "kind"))


def pressing(agent: Agent, *, limit: int) -> list[ServiceClock]:
    """Running clocks that this agent should see to, warned of or late, the most pressing first; of each
    conversation the one that is due first.

    Those of their own conversations; for a lead also those of nobody, in the teams they are in or in none.
    """
    own = Q(conversation__assignee=agent)
    if agent.is_lead:
        teams = Q(conversation__team=None) | Q(conversation__team__in=agent.teams.values("pk"))
        own |= Q(conversation__assignee=None) & teams
    running = ServiceClock.objects.filter(own, RAN, runs_since__isnull=False, due_at__isnull=False)
    told = running.filter(Q(warned_at__isnull=False) | LATE)
    seen = told.filter(conversation__state__in=("open", "snoozed"))
    hidden = hidden_mailboxes(agent)
    if hidden:
        seen = seen.exclude(conversation__mailbox__in=hidden)
    sooner = ServiceClock.objects.filter(
        RAN, conversation=OuterRef("conversation"), due_at__lt=OuterRef("due_at")
    )
    firsts = seen.exclude(Exists(sooner)).select_related("conversation__customer", "terms", "terms__level")
    return list(firsts.order_by("due_at", "id")[:limit])


def kept(agent: Agent, *, since: datetime, until: datetime) -> list[Kept]:
    """How the service levels were kept, by level and kind, over the clocks that began in this time."""
    rows: Iterable[Any] = (
        _begun(agent, since=since, until=until)
        .annotate(named=Coalesce("terms__level__name", "terms__name"))
        .values("terms__level", "named", "kind")
        .annotate(**{name: Count("pk", filter=which) for name, which in OUTCOMES.items()})
    )
    found: dict[tuple[str, str], Kept] = {}
    for row in rows:
        one = Kept(row["terms__level"], row["named"], row["kind"], *(row[name] for name in OUTCOMES))
        before = found.get((one.name, one.kind))
        found[one.name, one.kind] = _added(before, one) if before else one
    order = {kind: place for place, kind in enumerate(ServiceClock.Kind.values)}
    return sorted(found.values(), key=lambda one: (one.name.casefold(), order[one.kind]))


def kept_rows(
    agent: Agent, *, since: datetime, until: datetime, name: str, kind: str, outcome: str
) -> QuerySet[ServiceClock]:
    """The clocks that a number of `kept` counts, the newest last."""
    begun = _begun(agent, since=since, until=until).annotate(
        named=Coalesce("terms__level__name", "terms__name")
    )
    return begun.filter(OUTCOMES[outcome], named=name, kind=kind).select_related(
        "conversation", "conversation__customer"
    )


def _begun(agent: Agent, *, since: datetime, until: datetime) -> QuerySet[ServiceClock]:
    begun = ServiceClock.objects.filter(started_at__gte=since, started_at__lt=until)
    hidden = hidden_mailboxes(agent)
    return begun.exclude(conversation__mailbox__in=hidden) if hidden else begun


def _added(one: Kept, other: Kept) -> Kept:
    return Kept(
        one.level if one.level is not None else other.level,
        one.name,
        one.kind,
        one.met + other.met,
        one.breached + other.breached,
        one.running + other.running,
        one.ended + other.ended,
    )
