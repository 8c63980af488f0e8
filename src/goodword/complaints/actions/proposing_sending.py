"""A proposal on its way to the customer, by the agent's click or by itself once it is approved.

An approved proposal is sent by itself: the agent asked for just that, the one who approved has read it, and
whoever complains has waited long enough. Only when the customer wrote meanwhile does it wait for the agent.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from goodword.goodwill.actions.giving import take_turns
from goodword.goodwill.models import ApprovalRequest
from goodword.inbox import actions as inbox
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Message
from goodword.kit.jobs import nudge_at
from goodword.staff.models import Agent

from .. import access, jobs
from ..errors import ComplaintError
from ..letters import proposal_letter, to_fill_in
from ..models import Complaint, Proposal, StageKey
from ..offers import ON_OFFER, SUBJECT
from ..telling import clean, tell
from .owner_news import tell_owner
from .proposing import State, locked_proposal, require_open, workable_proposal
from .proposing_money import NeedsApproval, hold_budgets, verdict_on
from .stages import move


@transaction.atomic
def send_proposal(*, proposal: Proposal, agent: Agent | None, at: datetime | None = None) -> Proposal:
    """Send the options with the link to choose from; an earlier proposal is not open any more.

    Raises NeedsApproval when it is more than the agent may give, ComplaintError for what cannot be sent.
    Sent once, however often it is asked for.
    """
    take_turns(agent, proposal.complaint.customer)
    complaint = access.locked(agent, proposal.complaint_id)
    locked = workable_proposal(proposal.pk)
    if locked.state in ON_OFFER:
        return locked
    require_open(complaint)
    if locked.state == State.APPROVAL:
        raise ComplaintError(gettext("This proposal waits for approval. It is sent once somebody says yes."))
    if locked.state != State.DRAFT:
        raise ComplaintError(
            gettext("The proposal is %(state)s. Write a new one.") % {"state": locked.get_state_display()}
        )
    _require_rights(complaint)
    hold_budgets(complaint, agent)
    verdict = verdict_on(locked, agent)
    if not verdict.allowed:
        raise NeedsApproval(verdict)
    return _send(complaint, locked, agent, at or timezone.now())


def request_decided(request: ApprovalRequest) -> None:
    """Somebody approved or refused a proposal; in the transaction that decides it."""
    if request.subject_kind != SUBJECT:
        return
    found = Proposal.objects.filter(pk=request.subject_id).first()
    if found is None:
        return
    complaint = access.locked(None, found.complaint_id)
    proposal = locked_proposal(found.pk)
    if proposal.state != State.APPROVAL:
        return
    proposal.state = State.DRAFT
    proposal.save(update_fields=["state"])
    facts = {"proposal": proposal.pk, "note": clean(request.decision, 500), "owner": proposal.by_id}
    if not request.is_approved:
        tell("complaint.proposal_refused", complaint, agent=request.decided_by, **facts)
        return
    tell("complaint.proposal_approved", complaint, agent=request.decided_by, **facts)
    if wrote_since(complaint, request.asked_at):
        return
    try:
        with transaction.atomic():
            _require_rights(complaint)
            by = proposal.by if proposal.by and proposal.by.is_active else None
            _send(complaint, proposal, by, timezone.now())
    except (NotPossible, ComplaintError) as error:
        # The approval stands; why it could not be sent is said in the case, for the agent to see to.
        tell("complaint.proposal_unsent", complaint, agent=None, proposal=proposal.pk, note=str(error))


def request_withdrawn(request: ApprovalRequest) -> None:
    """Approval of a proposal is not asked for any more: it can be changed; in the transaction of that."""
    if request.subject_kind != SUBJECT:
        return
    found = Proposal.objects.filter(pk=request.subject_id).first()
    if found is not None:
        access.locked(None, found.complaint_id)
        workable_proposal(found.pk)


def wrote_since(complaint: Complaint, since: datetime) -> bool:
    """Whether the customer wrote about the complaint after that moment."""
    places = [access.place_of(complaint).pk, *complaint.further.values_list("conversation_id", flat=True)]
    said = Message.objects.filter(kind=Message.Kind.CUSTOMER, conversation__in=places, at__gt=since)
    return said.exists()


def expire_due(now: datetime | None = None) -> int:
    """Say of proposals that they are not open any more, each once, however many workers do; how many.

    Of a complaint that somebody works on it is said at the next look.
    """
    now = now or timezone.now()
    ended = 0
    while True:
        with transaction.atomic():
            due = _unanswered(now).select_related("complaint")
            free = due.select_for_update(skip_locked=True, no_key=True, of=("complaint",))
            found = free.order_by("expires_at", "id").first()
            if found is None:
                return ended
            # Whoever held the complaint until now may have heard an answer.
            rows = _unanswered(now).select_for_update(of=("self",))
            proposal = rows.select_related("complaint__conversation").filter(pk=found.pk).first()
            if proposal is not None:
                _expire(proposal)
                ended += 1


def _unanswered(now: datetime) -> "QuerySet[Proposal]":
    return Proposal.objects.filter(state__in=ON_OFFER, expires_at__lte=now)


def _expire(proposal: Proposal) -> None:
    complaint = proposal.complaint
    proposal.state = State.EXPIRED
    proposal.save(update_fields=["state"])
    tell(
        "complaint.proposal_expired",
        complaint,
        agent=None,
        proposal=proposal.pk,
        owner=complaint.owner_id,
    )
    told = gettext("The proposal for %(number)s was not answered in time, and is closed now.")
    tell_owner(complaint, told % {"number": complaint.number})


def _send(complaint: Complaint, proposal: Proposal, agent: Agent | None, now: datetime) -> Proposal:
    _supersede(complaint, proposal, agent)
    proposal.state, proposal.sent_at, proposal.by = State.SENT, now, agent or proposal.by
    proposal.expires_at = _end_of_day(now + timedelta(days=complaint.procedure.proposal_days))
    proposal.complaint = complaint
    options = list(proposal.options.all())
    place = access.place_of(complaint)
    name = agent.name if agent else (place.mailbox.name if place.mailbox else "")
    proposal.message = inbox.reply(
        conversation=place,
        agent=agent,
        markdown=proposal_letter(proposal, options, agent=name),
        undo_seconds=0,
    )
    proposal.save()
    tell("complaint.proposed", complaint, agent=agent, proposal=proposal.pk, options=len(options))
    go_to(complaint, agent=agent, to=StageKey.PROPOSED, at=now)
    nudge_at(jobs.settle_now, proposal.expires_at)
    return proposal


def _require_rights(complaint: Complaint) -> None:
    """Raise ComplaintError for a final response that would name nobody whom the customer can turn to."""
    left = to_fill_in(complaint)
    if left:
        raise ComplaintError(
            gettext(
                "The final response has to say where the customer can go, and %(what)s is not filled in yet. "
                "A lead does that in Settings › Complaints › %(procedure)s."
            )
            % {"what": left[0], "procedure": complaint.procedure.name}
        )


def go_to(complaint: Complaint, *, agent: Agent | None, to: str, at: datetime) -> None:
    """Bring the complaint to a stage, where its procedure has it."""
    if complaint.procedure.stages.filter(key=to).exists():
        move(complaint=complaint, agent=agent, to=to, at=at)
        complaint.refresh_from_db(fields=["stage", "closed_at"])


def _supersede(complaint: Complaint, proposal: Proposal, agent: Agent | None) -> None:
    for earlier in complaint.proposals.filter(state__in=ON_OFFER).exclude(pk=proposal.pk).select_for_update():
        earlier.state = State.WITHDRAWN
        earlier.save(update_fields=["state"])
        tell("complaint.proposal_superseded", complaint, agent=agent, proposal=earlier.pk)


def _end_of_day(moment: datetime) -> datetime:
    there = timezone.localtime(moment, timezone.get_default_timezone())
    return datetime.combine(there.date(), time(23, 59, 59), tzinfo=there.tzinfo)
