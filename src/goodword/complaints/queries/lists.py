"""The list of complaints and the register: the same filters for both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from goodword.staff.models import Agent

from .. import access
from ..models import Complaint, StageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is looked for; empty means all. Days are the company's, both included."""

    state: str = ""  # open, closed, late
    owner: Agent | None = None
    stage: str = ""
    severity: str = ""
    kind: str = ""
    fault: str = ""
    cause: int | None = None
    team: int | None = None
    words: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the list, the newest first; `before` leads to the next one, None at the end."""

    rows: Sequence[Complaint]
    before: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many complaints are open, and how many of them are late."""

    open: int
    late: int
    mine: int


def filtered(agent: Agent | None, filters: Filters) -> QuerySet[Complaint]:
    """The complaints the agent may see that fit, without an order."""
    rows = access.complaints(agent)
    if filters.state == "open":
        rows = rows.filter(closed_at=None)
    elif filters.state == "closed":
        rows = rows.exclude(closed_at=None)
    elif filters.state == "late":
        rows = rows.filter(closed_at=None).filter(is_late())
    for name in ("stage", "severity", "kind", "fault"):
        value = getattr(filters, name)
        if value:
            rows = rows.filter(**{name: value})
    if filters.owner is not None:
        rows = rows.filter(owner=filters.owner)
    if filters.team is not None:
        rows = rows.filter(team=filters.team)
    if filters.cause is not None:
        rows = rows.filter(Q(cause=filters.cause) | Q(cause__parent=filters.cause))
    if filters.since is not None:
        rows = rows.filter(opened_at__gte=day_begins(filters.since))
    if filters.until is not None:
        rows = rows.filter(opened_at__lt=day_begins(filters.until + timedelta(days=1)))
    return _with_words(rows, filters.words)


def _with_words(rows: QuerySet[Complaint], words: str) -> QuerySet[Complaint]:
    for word in words.split()[:8]:
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(customer__name__icontains=word)
            | Q(what_happened__icontains=word)
            | Q(product__icontains=word)
            | Q(order_number__icontains=word)
        )
    return rows


def page(agent: Agent, filters: Filters, *, before: int | None = None, limit: int = 50) -> Page:
    """A stretch of the list with the clock of each, in one query beside that for what may be seen."""
    rows = filtered(agent, filters)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    now_in = StageRecord.objects.filter(complaint=OuterRef("pk"), left_at=None)
    rows = rows.annotate(
        stage_due_at=Subquery(now_in.values("due_at")[:1]),
        stage_name=Subquery(
            now_in.filter(complaint__procedure__stages__key=F("stage")).values(
                "complaint__procedure__stages__name"
            )[:1]
        ),
    )
    found = list(rows.select_related("customer", "owner").order_by("-id")[: limit + 1])
    return Page(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def counts(agent: Agent) -> Counts:
    """What is open to the agent's eyes, in one query beside that for what may be seen."""
    found = (
        access.complaints(agent)
        .filter(closed_at=None)
        .aggregate(
            open=Count("pk"),
            late=Count("pk", filter=is_late()),
            mine=Count("pk", filter=Q(owner=agent)),
        )
    )
    return Counts(**found)


def is_late() -> Q:
    """The time of its stage, or that of the final response, has passed."""
    now = timezone.now()
    late = StageRecord.objects.filter(complaint=OuterRef("pk"), left_at=None, due_at__lte=now)
    return Q(Exists(late)) | Q(final_due_at__lte=now, final_response_at=None)


def day_begins(day: date) -> datetime:
    """The first moment of a day of the company."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
