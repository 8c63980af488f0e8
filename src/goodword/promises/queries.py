"""What pages and the API ask about promises, each in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.staff.models import Agent, Membership

from . import access
from .models import OWNERLESS, Promise, Reminder
from .moments import Bounds, Group, bounds

LARGEST_ID = 2**63 - 1
STILL_OPEN = Q(state=Promise.State.OPEN)


@dataclass(frozen=True)
class DueRow:
    """A promise and the part of the due list it stands in."""

    promise: Promise
    group: Group


@dataclass(frozen=True)
class DuePage:
    """A stretch of the due list, the most pressing first; `next_cursor` is None at the end."""

    rows: Sequence[DueRow]
    next_cursor: str | None


@dataclass(frozen=True)
class PromisePage:
    """A stretch of the ledger, the newest first; `next_cursor` is None at the end."""

    rows: Sequence[Promise]
    next_cursor: str | None


@dataclass(frozen=True)
class PromiseCounts:
    """How a customer's promises stand; the overdue ones are among the open ones."""

    open: int
    overdue: int
    kept: int
    broken: int


def open_promises(customer: Customer) -> QuerySet[Promise]:
    """The open promises to a customer, the most pressing first."""
    return _pressing_first(Promise.objects.filter(STILL_OPEN, customer=customer)).select_related("owner")


def of_customer(agent: Agent | None, customer: Customer, *, limit: int = 50) -> list[Promise]:
    """All promises to a customer that the agent may see, the newest first."""
    seen = access.visible(agent).filter(customer=customer).select_related("owner", "made_by")
    return list(seen.order_by("-id")[:limit])


def shown_to_customer(customer: Customer, *, limit: int = 50) -> list[Promise]:
    """What the customer is told of: the open promises, the most pressing first, then the newest others.

    What was withdrawn never held, and is left out.
    """
    theirs = Promise.objects.filter(customer=customer).exclude(state=Promise.State.WITHDRAWN)
    still_open = list(_pressing_first(theirs.filter(STILL_OPEN))[:limit])
    return still_open + list(theirs.exclude(STILL_OPEN).order_by("-id")[:limit])


def counts(customer: Customer, *, now: datetime | None = None) -> PromiseCounts:
    """How the customer's promises stand."""
    now = now or timezone.now()
    return PromiseCounts(
        **Promise.objects.filter(customer=customer).aggregate(
            open=Count("id", filter=STILL_OPEN),
            overdue=Count("id", filter=STILL_OPEN & Q(due_at__lt=now)),
            kept=Count("id", filter=Q(state=Promise.State.KEPT)),
            broken=Count("id", filter=Q(state=Promise.State.BROKEN)),
        )
    )


def due(
    agent: Agent | None,
    *,
    owner: Agent | None = None,
    group: Group | None = None,
    cursor: str | None = None,
    limit: int = 50,
    now: datetime | None = None,
) -> DuePage:
    """The due list: open promises the agent may see, of one owner or of all, one group or all.

    An owner's are also those of their teams that no agent at work answers for.
    """
    edges = bounds(now)
    rows = _open_for(agent, owner)
    if group is not None:
        rows = rows.filter(_in_group(group, edges))
    rows = _after(rows, cursor)
    found = list(_pressing_first(rows).select_related("customer", "owner", "made_by", "team")[: limit + 1])
    more = len(found) > limit
    page = [DueRow(promise, edges.group_of(promise.due_at)) for promise in found[:limit]]
    return DuePage(page, _cursor(page[-1].promise) if more else None)


def due_counts(
    agent: Agent | None, *, owner: Agent | None = None, now: datetime | None = None
) -> dict[Group, int]:
    """How many promises stand in each part of the due list, in one query."""
    edges = bounds(now)
    parts = {group.value: Count("id", filter=_in_group(group, edges)) for group in Group}
    found = _open_for(agent, owner).aggregate(**parts)
    return {group: found[group.value] for group in Group}


def page(
    agent: Agent | None,
    *,
    state: str | None = None,
    customer: Customer | None = None,
    cursor: str | None = None,
    limit: int = 25,
) -> PromisePage:
    """The ledger, the newest first. A cursor that is none of ours begins at the top."""
    rows = access.visible(agent)
    if state is not None:
        rows = rows.filter(state=state)
    if customer is not None:
        rows = rows.filter(customer=customer)
    before = _whole(cursor or "")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.select_related("customer", "owner", "made_by", "team").order_by("-id")[: limit + 1])
    more = len(found) > limit
    return PromisePage(found[:limit], str(found[limit - 1].pk) if more else None)


def unseen_reminders(agent: Agent, *, limit: int = 20) -> list[Reminder]:
    """The reminders of open promises that the agent has not seen yet, the newest first."""
    unseen = Reminder.objects.filter(agent=agent, seen_at=None, promise__state=Promise.State.OPEN)
    return list(unseen.select_related("promise__customer").order_by("-id")[:limit])


def _open_for(agent: Agent | None, owner: Agent | None) -> QuerySet[Promise]:
    rows = access.visible(agent).filter(STILL_OPEN)
    return rows if owner is None else rows.filter(_answered_by(owner))


def _answered_by(agent: Agent) -> Q:
    """The agent's own, and those of their teams that nobody at work answers for."""
    teams = Membership.objects.filter(agent=agent).values("team")
    return Q(owner=agent) | OWNERLESS & Q(team__in=teams)


def _pressing_first(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")


def _in_group(group: Group, edges: Bounds) -> Q:
    return {
        Group.OVERDUE: Q(due_at__lt=edges.now),
        Group.TODAY: Q(due_at__gte=edges.now, due_at__lte=edges.end_of_today),
        Group.THIS_WEEK: Q(due_at__gt=edges.end_of_today, due_at__lte=edges.end_of_week),
        Group.LATER: Q(due_at__gt=edges.end_of_week),
        Group.NO_TIME: Q(due_at=None),
    }[group]


def _cursor(promise: Promise) -> str:
    return f"{promise.due_at.isoformat() if promise.due_at else ''}|{promise.pk}"


def _after(rows: QuerySet[Promise], cursor: str | None) -> QuerySet[Promise]:
    """The rows after a cursor; one that is none of ours begins at the top."""
    moment, bar, number = (cursor or "").partition("|")
    pk = _whole(number)
    if not bar or pk is None:
        return rows
    if not moment:
        return rows.filter(due_at=None, id__gt=pk)
    try:
        due_at = datetime.fromisoformat(moment)
    except ValueError:
        return rows
    if due_at.tzinfo is None:
        return rows
    return rows.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=pk) | Q(due_at=None))


def _whole(number: str) -> int | None:
    if not number.isascii() or not number.isdigit() or len(number) > 19:
        return None
    return min(int(number), LARGEST_ID)
