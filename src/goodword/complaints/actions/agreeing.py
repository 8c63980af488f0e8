"""Remedies agreed with the customer outside a proposal: within what the agent may give, or with approval."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from goodword.goodwill import actions as goodwill
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.models import ApprovalRequest
from goodword.staff.models import Agent

from .. import access
from ..errors import ComplaintError
from ..models import Complaint, Remedy, StageKey
from ..remedies import KEPT, UNAGREED, UNSETTLED
from ..telling import clean, tell
from .owner_news import tell_owner
from .proposing import NewOption, checked_option, require_open
from .proposing_money import REMEDY, NeedsApproval, book, hold_budgets, place_of, price, verdict_on_cost
from .remedies import all_remedied, begin_remedy, go_on_with, locked_remedy
from .stages import advance

State = Remedy.State


@transaction.atomic
def add_remedy(
    *,
    complaint: Complaint,
    agent: Agent | None,
    kind: str,
    what: str,
    cost: Decimal = Decimal(),
    at: datetime | None = None,
) -> Remedy:
    """Something agreed with the customer outside a proposal, such as on the phone, or after one failed.

    What it costs is written into the ledger of gestures. Raises NeedsApproval when it is more than the agent
    may give: then `ask_for_remedy`.
    """
    goodwill.take_turns(agent, complaint.customer)
    found, wanted = _checked(complaint, agent, kind, what, cost)
    now = at or timezone.now()
    standing = _same(found, wanted).filter(UNSETTLED).exclude(state=State.ASKED).first()
    if standing is not None:
        return standing
    if agent is not None and wanted.cost:
        hold_budgets(found, agent)
        verdict = verdict_on_cost(found, wanted.cost, agent)
        if not verdict.allowed:
            raise NeedsApproval(verdict)
    advance(complaint=found, agent=agent, to=StageKey.AGREED, at=now)
    remedy = Remedy(complaint=found, kind=wanted.kind, what=wanted.text, cost=wanted.cost)
    begin_remedy(remedy, agent=agent, at=now)
    book(remedy, agent)
    return remedy


@transaction.atomic
def ask_for_remedy(
    *, complaint: Complaint, agent: Agent, kind: str, what: str, cost: Decimal, reason: str
) -> Remedy:
    """Ask the next level for something that costs more than the agent may give; done once somebody approves.

    Until then the customer sees nothing of it. Asking for the same again is one request. Raises
    ComplaintError when nobody needs to be asked, or nobody could say yes.
    """
    goodwill.take_turns(agent, complaint.customer)
    found, wanted = _checked(complaint, agent, kind, what, cost)
    if not clean(reason):
        raise ComplaintError(gettext("Say why the customer should get this, in a sentence."))
    remedy = _same(found, wanted).filter(state=State.ASKED).first()
    if remedy is not None and _requests(remedy).exists():
        return remedy
    if remedy is None:
        remedy = Remedy.objects.create(
            complaint=found, kind=wanted.kind, what=wanted.text, cost=wanted.cost, state=State.ASKED
        )
    _ask(found, remedy, agent, reason)
    return remedy


@transaction.atomic
def ask_for_remedy_again(*, remedy: Remedy, agent: Agent, reason: str) -> Remedy:
    """Ask the next level to take up one that failed; it is, once somebody approves.

    Until then, and when nobody does, it has failed. Raises ComplaintError as `ask_for_remedy` does.
    """
    goodwill.take_turns(agent, remedy.complaint.customer)
    complaint, found = locked_remedy(remedy, agent)
    if found.state != State.FAILED:
        return found
    require_open(complaint)
    if not clean(reason):
        raise ComplaintError(gettext("Say why the customer should get this, in a sentence."))
    found.state = State.ASKED
    found.save(update_fields=["state"])
    _ask(complaint, found, agent, reason)
    return found


@transaction.atomic
def take_back_remedy(*, remedy: Remedy, agent: Agent) -> Remedy:
    """Nobody needs to approve it any more; it was not agreed after all."""
    goodwill.take_turns(agent, remedy.complaint.customer)
    complaint = access.locked(agent, remedy.complaint_id)
    found = Remedy.objects.select_for_update(of=("self",)).select_related("complaint").get(pk=remedy.pk)
    if found.state != State.ASKED:
        return found
    waiting = list(_requests(found))
    _not_asked_for(complaint, found, agent)
    for request in waiting:
        goodwill.withdraw(request=request, by=None)
    return found


def remedy_withdrawn(request: ApprovalRequest) -> None:
    """Who asked for a remedy asks no more; in the transaction that withdraws the request."""
    asked = Remedy.objects.filter(pk=request.subject_id).first() if request.subject_kind == REMEDY else None
    if asked is None:
        return
    complaint = access.locked(None, asked.complaint_id)
    remedy = Remedy.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if remedy.state == State.ASKED and not _requests(remedy).exists():
        _not_asked_for(complaint, remedy, None)


def remedy_decided(request: ApprovalRequest) -> None:
    """Somebody approved or refused a remedy; in the transaction that decides it."""
    asked = Remedy.objects.filter(pk=request.subject_id).first() if request.subject_kind == REMEDY else None
    if asked is None:
        return
    complaint = access.locked(None, asked.complaint_id)
    remedy = Remedy.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    remedy.complaint = complaint
    if remedy.state != State.ASKED:
        return
    if not request.is_approved or not complaint.is_open:
        _not_given(remedy, clean(request.decision))
        tell("complaint.remedy_refused", complaint, agent=request.decided_by, what=remedy.what[:300])
        _go_on_without(complaint, None)
        return
    now = timezone.now()
    advance(complaint=complaint, agent=request.decided_by, to=StageKey.AGREED, at=now)
    complaint.refresh_from_db(fields=["stage", "closed_at"])
    asker = request.asked_by
    # Whoever asked may have left since; then it is made by the house.
    is_there = asker is not None and access.complaints(asker).filter(pk=complaint.pk).exists()
    agent = asker if is_there else None
    if _had_begun(remedy):
        go_on_with(remedy, agent=agent, request=request)
    else:
        begin_remedy(remedy, agent=agent, at=now)
        book(remedy, asker or request.decided_by, request=request)
    told = gettext("A remedy for %(number)s was approved. Tell the customer, and see to it.")
    tell_owner(complaint, told % {"number": complaint.number}, by=request.decided_by)


def _checked(
    complaint: Complaint, agent: Agent | None, kind: str, what: str, cost: Decimal
) -> tuple[Complaint, NewOption]:
    found = access.locked(agent, complaint.pk)
    require_open(found)
    return found, checked_option(NewOption(kind, what, cost))


def _requests(remedy: Remedy) -> "QuerySet[ApprovalRequest]":
    """Those for approval of it that nobody has answered."""
    return ApprovalRequest.objects.filter(
        subject_kind=REMEDY, subject_id=remedy.pk, state=ApprovalRequest.State.OPEN
    )


def _ask(complaint: Complaint, remedy: Remedy, agent: Agent, reason: str) -> None:
    try:
        goodwill.request_approval(
            by=agent,
            amount=price(remedy.option or remedy),
            customer=complaint.customer,
            reason=f"{remedy.what}: {clean(reason)}",
            subject=(REMEDY, remedy.pk),
            place=place_of(complaint),
        )
    except GoodwillError as error:
        raise ComplaintError(str(error)) from error
    tell("complaint.remedy_asked", complaint, agent=agent, remedy=remedy.pk, what=remedy.what[:300])


def _had_begun(remedy: Remedy) -> bool:
    """Whether it was agreed before and has failed since: what was never agreed has no promise."""
    return remedy.promise_id is not None


def _not_given(remedy: Remedy, note: str) -> None:
    if _had_begun(remedy):
        remedy.state = State.FAILED  # its note says still why
    else:
        remedy.state, remedy.note = State.REFUSED, note
    remedy.save(update_fields=["state", "note"])


def _not_asked_for(complaint: Complaint, remedy: Remedy, agent: Agent | None) -> None:
    _not_given(remedy, gettext("The request was taken back."))
    _go_on_without(complaint, agent)


def _go_on_without(complaint: Complaint, agent: Agent | None) -> None:
    """It was waited for in vain: where all that was agreed is done, the case goes on."""
    newest = complaint.remedies.exclude(state__in=UNAGREED).order_by("-id").values("pk")[:1]
    if complaint.stage == StageKey.AGREED and complaint.remedies.filter(KEPT, pk__in=newest).exists():
        all_remedied(complaint, agent, timezone.now())


def _same(complaint: Complaint, wanted: NewOption) -> "QuerySet[Remedy]":
    return complaint.remedies.filter(kind=wanted.kind, what=wanted.text, cost=wanted.cost, option=None)
