"""Complaints and their remedies as the API takes and shows them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, cast

from pydantic import Field

from goodword.api.fields import ANY_TEXT, Sent, Shown
from goodword.complaints.models import Complaint, Remedy
from goodword.complaints.remedies import UNAGREED

from .people import AgentOut, CustomerRef, agent_out

Number = Annotated[
    str,
    Field(
        min_length=6,
        max_length=20,
        pattern=r"^[Cc]-[0-9]{4}-[0-9]{4,10}$",
        description="The number of the complaint, such as C-2026-0007.",
    ),
]
RemedyState = Literal["open", "under_way", "done", "failed"]
ProofText = Annotated[str, Field(max_length=300, pattern=ANY_TEXT)]
What = Literal["sent", "delivered", "paid", "code_given", "redeemed", "done", "failed"]


class ProofIn(Sent):
    """What became of a remedy, and what shows it.

    `sent` needs the tracking number in `proof`, `paid` the reference, `code_given` the code, `done` and
    `failed` some words.
    """

    what: What
    proof: ProofText = ""


class RemedyOut(Shown):
    """Something done about a complaint; `proof` is empty until there is one."""

    id: int
    kind: str
    what: str
    cost: Decimal
    state: RemedyState
    proof_kind: str
    proof: str
    due_at: datetime | None
    proven_at: datetime | None
    promise: int | None


class ComplaintOut(Shown):
    """A complaint; `stage` is a key of its procedure."""

    id: int
    number: str
    stage: str
    severity: str
    fault: str
    order_number: str
    product: str
    opened_at: datetime
    closed_at: datetime | None
    customer: CustomerRef
    conversation: int
    owner: AgentOut | None
    remedies: list[RemedyOut]


def remedy_out(remedy: Remedy) -> RemedyOut:
    """A remedy whose promise was loaded."""
    return RemedyOut(
        id=remedy.pk,
        kind=remedy.kind,
        what=remedy.what,
        cost=remedy.cost,
        state=cast(RemedyState, remedy.state),
        proof_kind=remedy.proof_kind,
        proof=remedy.proof,
        due_at=remedy.promise.due_at if remedy.promise else None,
        proven_at=remedy.proven_at,
        promise=remedy.promise_id,
    )


def complaint_out(complaint: Complaint) -> ComplaintOut:
    """A complaint with its remedies."""
    remedies = complaint.remedies.exclude(state__in=UNAGREED).select_related("promise").order_by("id")
    return ComplaintOut(
        id=complaint.pk,
        number=complaint.number,
        stage=complaint.stage,
        severity=complaint.severity,
        fault=complaint.fault,
        order_number=complaint.order_number,
        product=complaint.product,
        opened_at=complaint.opened_at,
        closed_at=complaint.closed_at,
        customer=CustomerRef(id=complaint.customer_id, name=complaint.customer.name),
        conversation=complaint.conversation_id,
        owner=agent_out(complaint.owner),
        remedies=[remedy_out(remedy) for remedy in remedies],
    )
