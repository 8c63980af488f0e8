"""Whether an agent may offer what they wrote, and asking those who may."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from goodword.goodwill import actions as goodwill
from goodword.goodwill import authority
from goodword.goodwill.actions import NewGesture, Place
from goodword.goodwill.actions.giving import take_turns
from goodword.goodwill.authority import Verdict
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.models import ApprovalRequest, Gesture
from goodword.goodwill.models.kinds import GestureKind
from goodword.goodwill.months import month_of
from goodword.staff.models import Agent

from .. import access
from ..errors import ComplaintError
from ..models import Complaint, Proposal, ProposalOption, Remedy
from ..offers import SUBJECT
from ..telling import clean, tell
from .proposing import State, open_requests, require_open, workable_proposal

Kind = ProposalOption.Kind
REMEDY = "complaints.remedy"
_AS_GESTURE = {
    Kind.VOUCHER: GestureKind.VOUCHER,
    Kind.REFUND: GestureKind.REFUND,
    Kind.DISCOUNT: GestureKind.DISCOUNT,
    Kind.GIFT: GestureKind.GIFT,
}


class NeedsApproval(ComplaintError):
    """The agent may not offer this alone; `verdict.level` says who may, if anybody may."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        if verdict.level is None:
            super().__init__(verdict.reason)
            return
        super().__init__(
            gettext("%(reason)s Ask for approval: the level '%(level)s' may decide it.")
            % {"reason": verdict.reason, "level": verdict.level.name}
        )


def price(option: ProposalOption | Remedy) -> Decimal:
    """What counts in limits and budgets: the cost, and of a voucher what it is worth."""
    value = getattr(option, "value", None)
    return max(option.cost, value) if option.kind == Kind.VOUCHER and value is not None else option.cost


def dearest(proposal: Proposal) -> Decimal:
    """The most that the customer's choice can cost, whichever it is."""
    return max((price(option) for option in proposal.options.all()), default=Decimal())


def verdict_on(proposal: Proposal, agent: Agent | None) -> Verdict:
    """Whether the agent may offer it: by an approval, or by their own limits and the budgets."""
    amount = dearest(proposal)
    approval = approval_of(proposal)
    if approval is not None:
        who = approval.decided_by.name if approval.decided_by else gettext("somebody")
        return Verdict(True, gettext("%(who)s approved it.") % {"who": who})
    return verdict_on_cost(proposal.complaint, amount, agent, but=(SUBJECT, proposal.pk))


def verdict_on_cost(
    complaint: Complaint, amount: Decimal, agent: Agent | None, *, but: tuple[str, int] | None = None
) -> Verdict:
    """Whether the agent may give the complaint's customer this much beside what is on offer.

    `but` is the proposal that takes the place of earlier ones.
    """
    if amount <= 0 or agent is None:
        return Verdict(True, gettext("It costs nothing."))
    return authority.check(
        agent=agent, amount=amount, customer=complaint.customer, team=complaint.team, but=but
    )


def hold_budgets(complaint: Complaint, agent: Agent | None) -> None:
    """Whoever else offers or gives from these budgets now waits, and then sees what is done here."""
    team = complaint.team or (authority.team_of(agent) if agent is not None else None)
    authority.budgets(team, month_of(), locked=True)


def approval_of(proposal: Proposal) -> ApprovalRequest | None:
    """The approval that covers the proposal as it stands; one given for earlier options does not."""
    given = ApprovalRequest.objects.filter(
        subject_kind=SUBJECT,
        subject_id=proposal.pk,
        state=ApprovalRequest.State.APPROVED,
        asked_at__gte=proposal.at,
        amount__gte=dearest(proposal),
    )
    return given.select_related("decided_by").order_by("-id").first()


def decider_of(proposal: Proposal) -> Agent | None:
    """In whose limits the customer's choice counts: of who approved the proposal, else of who sent it."""
    approval = approval_of(proposal)
    return approval.decided_by if approval is not None else proposal.by


@transaction.atomic
def ask_approval(*, proposal: Proposal, agent: Agent, reason: str) -> ApprovalRequest:
    """Ask the next level to approve the proposal; once they do, it is sent by itself.

    Raises ComplaintError when there is nothing to ask for, or nobody who could approve it.
    """
    take_turns(agent, proposal.complaint.customer)
    complaint = access.locked(agent, proposal.complaint_id)
    require_open(complaint)
    locked = workable_proposal(proposal.pk)
    if locked.state == State.APPROVAL and (waiting := open_requests(locked)):
        return waiting[0]
    if locked.state != State.DRAFT:
        raise ComplaintError(
            gettext("The proposal is %(state)s, so there is nothing to approve.")
            % {"state": locked.get_state_display()}
        )
    if not clean(reason):
        raise ComplaintError(gettext("Say why the customer should be offered this, in a sentence."))
    try:
        request = goodwill.request_approval(
            by=agent,
            amount=dearest(locked),
            customer=complaint.customer,
            reason=reason,
            subject=(SUBJECT, locked.pk),
            place=place_of(complaint),
        )
    except GoodwillError as error:
        raise ComplaintError(str(error)) from error
    locked.state, locked.by = State.APPROVAL, agent
    locked.save(update_fields=["state", "by"])
    tell("complaint.approval_asked", complaint, agent=agent, proposal=locked.pk, note=clean(reason, 500))
    return request


@transaction.atomic
def take_back_request(*, proposal: Proposal, agent: Agent) -> Proposal:
    """Nobody needs to approve it any more; it can be changed again."""
    take_turns(agent, proposal.complaint.customer)
    access.locked(agent, proposal.complaint_id)
    locked = workable_proposal(proposal.pk)
    if locked.state != State.APPROVAL:
        return locked
    for request in open_requests(locked):
        goodwill.withdraw(request=request, by=None)
    locked.state = State.DRAFT
    locked.save(update_fields=["state"])
    return locked


def book(remedy: Remedy, agent: Agent | None, *, request: ApprovalRequest | None = None) -> Gesture | None:
    """Write a remedy into the ledger of gestures; None for what costs nothing.

    Whether `agent`, who offered it, may give that much was asked then, so it is written also when they have
    left since. What the customer chose holds even where a budget was used up meanwhile: then the ledger has
    no row, and the case says why.
    """
    amount = price(remedy.option or remedy)
    if amount <= 0:
        return None
    complaint = remedy.complaint
    if agent is None:
        _tell_unbooked(remedy, gettext("Nobody is known who offered it, so it counts in no limits."))
        return None
    before = gestures_of(remedy).count()
    try:
        with transaction.atomic():
            return goodwill.give(
                agent=agent,
                gesture=NewGesture(
                    kind=_gesture_kind(remedy),
                    amount=amount,
                    customer=complaint.customer,
                    reason=f"{complaint.number}: {remedy.what}",
                    place=place_of(complaint),
                ),
                request=request,
                offered=True,
                key=_key(remedy) + (f"/{before + 1}" if before else ""),
            )
    except GoodwillError as error:
        _tell_unbooked(remedy, str(error))
        return None


def unbook(remedy: Remedy, agent: Agent | None, why: str) -> Gesture | None:
    """A remedy failed: the ledger takes back what it has for it, and the money can be given again."""
    standing = gestures_of(remedy).filter(reversal=None).first()
    if standing is None:
        return None
    return goodwill.reverse(gesture=standing, by=agent, reason=why, failed=True)


def gestures_of(remedy: Remedy) -> "QuerySet[Gesture]":
    """The rows of the ledger that give it, also those that were taken back since; the newest first."""
    key = _key(remedy)
    own = Q(key=key) | Q(key__startswith=f"{key}/")
    place = remedy.complaint.conversation_id
    return Gesture.objects.filter(own, conversation_id=place).order_by("-id")


def _key(remedy: Remedy) -> str:
    return f"{REMEDY}:{remedy.pk}"


def _gesture_kind(remedy: Remedy) -> str:
    """A voucher agreed elsewhere has its code from elsewhere, so none is issued for it."""
    kind = _AS_GESTURE.get(Kind(remedy.kind), GestureKind.OTHER)
    return GestureKind.OTHER if kind == GestureKind.VOUCHER and remedy.option is None else kind


def _tell_unbooked(remedy: Remedy, why: str) -> None:
    tell("complaint.not_booked", remedy.complaint, agent=None, remedy=remedy.pk, note=why)


def place_of(complaint: Complaint) -> Place:
    """Where something is given about a complaint, and out of whose budget."""
    return Place(
        conversation_id=complaint.conversation_id,
        mailbox_id=complaint.conversation.mailbox_id,
        complaint_id=complaint.pk,
        team=complaint.team,
    )
