"""What the page of a case shows of its proposals, its remedies and the follow-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from goodword.goodwill.authority import Verdict
from goodword.goodwill.models import ApprovalRequest, Gesture
from goodword.staff.authority import level_of
from goodword.staff.models import Agent

from ..actions import approval_of, verdict_on
from ..actions.proposing_money import REMEDY, price
from ..letters import choice_link
from ..models import Choice, Complaint, FollowUp, Proposal, Remedy
from ..offers import SUBJECT
from ..remedies import UNAGREED, policy

State = Proposal.State
NO_COST = (Remedy.State.FAILED, *UNAGREED)


@dataclass(frozen=True)
class ProposalShown:
    """A proposal with what can be done about it."""

    proposal: Proposal
    choices: Sequence[Choice]
    verdict: Verdict | None
    request: ApprovalRequest | None
    can_decide: bool
    link: str

    @property
    def is_draft(self) -> bool:
        """It is being written."""
        return self.proposal.state == State.DRAFT

    @property
    def waits(self) -> bool:
        """Somebody is asked to approve it."""
        return self.proposal.state == State.APPROVAL

    @property
    def is_on_offer(self) -> bool:
        """The customer can choose."""
        return self.proposal.state in (State.SENT, State.ASKED)


@dataclass(frozen=True)
class RemedyRow:
    """A remedy with how it is usually proven, and what the ledger of gestures has of it.

    `taken_back` is what the ledger took back when it failed, `is_booked` whether it has it.
    """

    remedy: Remedy
    proof: str
    taken_back: Decimal = Decimal()
    is_booked: bool = False

    @property
    def is_missing(self) -> bool:
        """It costs something, and the ledger does not have it."""
        owed = self.remedy.state not in NO_COST and price(self.remedy.option or self.remedy) > 0
        return owed and not self.is_booked

    @property
    def waits(self) -> bool:
        """Somebody is asked to approve it."""
        return self.remedy.state == Remedy.State.ASKED

    @property
    def is_settled(self) -> bool:
        """Nothing is left to do about it."""
        return self.remedy.state in (Remedy.State.DONE, Remedy.State.FAILED, *UNAGREED)


@dataclass(frozen=True)
class Mending:
    """How a complaint is put right."""

    proposals: Sequence[ProposalShown]
    remedies: Sequence[RemedyRow]
    follow_ups: Sequence[FollowUp]
    cost: Decimal

    @property
    def present(self) -> ProposalShown | None:
        """The newest proposal that is written, waits or is on offer."""
        return next((one for one in self.proposals if one.is_draft or one.waits or one.is_on_offer), None)

    @property
    def draft(self) -> ProposalShown | None:
        """The proposal that is being written."""
        return next((one for one in self.proposals if one.is_draft), None)

    @property
    def past(self) -> list[ProposalShown]:
        """Those that were settled, withdrawn, or ended."""
        return [one for one in self.proposals if not (one.is_draft or one.waits or one.is_on_offer)]


def mending_of(agent: Agent, complaint: Complaint) -> Mending:
    """Everything about putting a complaint right that its page shows to an agent."""
    proposals = complaint.proposals.select_related("by").prefetch_related("options", "choices__option")
    found = list(proposals.order_by("-id"))
    for proposal in found:
        proposal.complaint = complaint
    remedies = list(complaint.remedies.select_related("promise", "proven_by", "option").order_by("id"))
    return Mending(
        proposals=[_shown(agent, proposal) for proposal in found],
        remedies=_rows(remedies, complaint),
        follow_ups=list(complaint.follow_ups.order_by("id")),
        cost=sum((one.cost for one in remedies if one.state not in NO_COST), Decimal()),
    )


def _rows(remedies: Sequence[Remedy], complaint: Complaint) -> list[RemedyRow]:
    """The remedies with what the ledger has of them; one query."""
    newest: dict[int, Gesture] = {}
    booked = Gesture.objects.filter(
        conversation_id=complaint.conversation_id, complaint_id=complaint.pk, key__startswith=f"{REMEDY}:"
    )
    for gesture in booked.select_related("reversal").order_by("id") if remedies else ():
        newest[int(gesture.key.partition(":")[2].partition("/")[0])] = gesture
    return [_row(one, newest.get(one.pk)) for one in remedies]


def _row(remedy: Remedy, gesture: Gesture | None) -> RemedyRow:
    back = gesture is not None and hasattr(gesture, "reversal")
    return RemedyRow(
        remedy,
        policy(remedy.kind).proof,
        taken_back=gesture.amount if gesture is not None and back else Decimal(),
        is_booked=gesture is not None and not back,
    )


def _shown(agent: Agent, proposal: Proposal) -> ProposalShown:
    is_draft = proposal.state == State.DRAFT
    request = _request(proposal) if proposal.state == State.APPROVAL else None
    on_offer = proposal.state in (State.SENT, State.ASKED)
    return ProposalShown(
        proposal=proposal,
        choices=list(proposal.choices.all()),
        verdict=verdict_on(proposal, agent) if is_draft else None,
        request=request or (approval_of(proposal) if is_draft else None),
        can_decide=request is not None and _can_decide(agent, request),
        link=choice_link(proposal) if on_offer else "",
    )


def _request(proposal: Proposal) -> ApprovalRequest | None:
    waiting = ApprovalRequest.objects.filter(
        subject_kind=SUBJECT, subject_id=proposal.pk, state=ApprovalRequest.State.OPEN
    )
    return waiting.select_related("asked_by", "level").order_by("-id").first()


def _can_decide(agent: Agent, request: ApprovalRequest) -> bool:
    own = level_of(agent)
    ranks = own is not None and (request.level is None or own.rank >= request.level.rank)
    return ranks and request.asked_by_id != agent.pk
