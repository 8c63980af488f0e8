"""What proposals may still cost: the money that is spoken for until the customer has settled them."""

from django.db.models import BigIntegerField, Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from goodword.goodwill import authority
from goodword.goodwill.authority import NOTHING
from goodword.goodwill.models import ApprovalRequest
from goodword.goodwill.registry import Asked, Offers

from .models import Proposal, ProposalOption

SUBJECT = "complaints.proposal"
State = Proposal.State
ON_OFFER = (State.SENT, State.ASKED)


def spoken_for() -> "QuerySet[Proposal]":
    """The proposals that money is kept for: those a customer can choose from, and approved ones not sent yet.

    Each with `most`, what its dearest option costs, `decider`, in whose limits that counts, and `budget`, the
    team whose it is.
    """
    approvals = ApprovalRequest.objects.filter(
        subject_kind=SUBJECT,
        subject_id=OuterRef("pk"),
        state=ApprovalRequest.State.APPROVED,
        asked_at__gte=OuterRef("at"),
    ).order_by("-id")
    # Of a voucher counts what it is worth.
    cost = Case(
        When(kind=ProposalOption.Kind.VOUCHER, value__gt=F("cost"), then=F("value")), default=F("cost")
    )
    options = ProposalOption.objects.filter(proposal=OuterRef("pk")).order_by().values("proposal")
    waiting = Q(state__in=ON_OFFER, expires_at__gt=timezone.now())
    return (
        Proposal.objects.filter(complaint__closed_at=None)
        .filter(waiting | Q(state=State.DRAFT) & Q(Exists(approvals)))
        .annotate(
            most=Subquery(options.annotate(most=Max(cost)).values("most")),
            decider=Coalesce(
                Subquery(approvals.values("decided_by_id")[:1]), F("by_id"), output_field=BigIntegerField()
            ),
            budget=Coalesce(
                F("complaint__team_id"),
                Subquery(authority.teams_of(OuterRef("by_id"))[:1]),
                output_field=BigIntegerField(),
            ),
        )
    )


def on_offer(asked: Asked) -> Offers:
    """The sums of it that goodwill counts; one query."""
    rows = spoken_for()
    kind, number = asked.but or ("", 0)
    if kind == SUBJECT:
        # Sending it takes back what its complaint's customer was offered before.
        rows = rows.exclude(complaint__in=Proposal.objects.filter(pk=number).values("complaint"))
    found = rows.aggregate(
        house=Sum("most"),
        team=Sum("most", filter=Q(budget=asked.team)),
        agent=Sum("most", filter=Q(decider=asked.agent)),
        customer=Sum("most", filter=Q(complaint__customer=asked.customer)),
    )
    return Offers(**{name: amount or NOTHING for name, amount in found.items()})
