"""The register of complaints for auditors: one line for each, with what it counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent

from ..models import Complaint, Remedy, StageKey, StageRecord
from ..remedies import UNAGREED
from .lists import Filters, filtered

CHUNK = 500

# The columns of the register in their order: attribute of `Entry` and heading.
COLUMNS = (
    ("number", _("Number")),
    ("opened_at", _("Opened")),
    ("customer", _("Customer")),
    ("severity", _("Severity")),
    ("kind", _("Kind")),
    ("product", _("Product")),
    ("order_number", _("Order")),
    ("what_happened", _("What happened")),
    ("wanted", _("What the customer wants")),
    ("stage", _("Stage")),
    ("acknowledged_at", _("Acknowledged")),
    ("answered_at", _("Answered")),
    ("closed_at", _("Closed")),
    ("days", _("Days open")),
    ("late", _("Stages late")),
    ("reopened", _("Reopened")),
    ("fault", _("Fault")),
    ("cause", _("Cause")),
    ("remedies", _("Remedies")),
    ("cost", _("Cost")),
    ("prevention", _("Prevention")),
    ("owner", _("Who saw to it")),
    ("team", _("Team")),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register; see COLUMNS. Moments are in UTC, None where they have not come."""

    pk: int
    number: str
    opened_at: datetime
    customer: str
    severity: str
    kind: str
    product: str
    order_number: str
    what_happened: str
    wanted: str
    stage: str
    acknowledged_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    days: int | None
    late: int
    reopened: int
    fault: str
    cause: str
    remedies: str
    cost: Decimal
    prevention: str
    owner: str
    team: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What the register counts: all that fit, those open, closed and late, and what they cost."""

    all: int
    open: int
    closed: int
    late: int
    reopened: int
    cost: Decimal


def entries(agent: Agent | None, filters: Filters) -> Iterator[Entry]:
    """The lines that fit, the oldest first, read in chunks so that any number of them can be written out."""
    rows = _with_all(filtered(agent, filters)).order_by("id")
    for complaint in rows.iterator(chunk_size=CHUNK):
        yield _entry(complaint)


def summary(agent: Agent | None, filters: Filters) -> Summary:
    """The counts of the same lines; the same numbers whenever they are taken again."""
    total = open_ones = late = reopened = 0
    cost = Decimal(0)
    for entry in entries(agent, filters):
        total += 1
        open_ones += entry.closed_at is None
        late += entry.late > 0
        reopened += entry.reopened > 0
        cost += entry.cost
    return Summary(total, open_ones, total - open_ones, late, reopened, cost)


def _with_all(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    return rows.select_related("customer", "owner", "team", "cause__parent", "procedure").prefetch_related(
        Prefetch("stage_records", StageRecord.objects.order_by("id")),
        Prefetch("remedies", Remedy.objects.order_by("id")),
        "procedure__stages",
        "preventions",
        "reopenings",
    )


def _entry(complaint: Complaint) -> Entry:
    records = list(complaint.stage_records.all())
    remedies = [one for one in complaint.remedies.all() if one.state not in UNAGREED]
    names = {stage.key: stage.name for stage in complaint.procedure.stages.all()}
    done = [one for one in remedies if one.state != Remedy.State.FAILED]
    days = (complaint.closed_at - complaint.opened_at).days if complaint.closed_at else None
    return Entry(
        pk=complaint.pk,
        number=complaint.number,
        opened_at=complaint.opened_at,
        customer=str(complaint.customer),
        severity=str(complaint.get_severity_display()),
        kind=complaint.kind,
        product=complaint.product,
        order_number=complaint.order_number,
        what_happened=complaint.what_happened,
        wanted=complaint.wanted,
        stage=names.get(complaint.stage, complaint.stage),
        acknowledged_at=_left(records, StageKey.RECEIVED),
        answered_at=complaint.final_response_at,
        closed_at=complaint.closed_at,
        days=days,
        late=sum(one.breached_at is not None for one in records),
        reopened=len(complaint.reopenings.all()),
        fault=str(complaint.get_fault_display()) if complaint.fault else "",
        cause=_path(complaint),
        remedies="; ".join(_remedy(one) for one in remedies),
        cost=complaint.cost + sum((one.cost for one in done), Decimal(0)),
        prevention="; ".join(one.action for one in complaint.preventions.all()),
        owner=complaint.owner.name if complaint.owner else "",
        team=complaint.team.name if complaint.team else "",
    )


def _left(records: list[StageRecord], stage: str) -> datetime | None:
    return next((one.left_at for one in records if one.stage == stage), None)


def _path(complaint: Complaint) -> str:
    cause = complaint.cause
    if cause is None:
        return ""
    return f"{cause.parent.name} › {cause.name}" if cause.parent else cause.name


def _remedy(remedy: Remedy) -> str:
    proof = f" ({remedy.proof})" if remedy.proof else ""
    return f"{remedy.get_kind_display()}: {remedy.get_state_display()}{proof}"
