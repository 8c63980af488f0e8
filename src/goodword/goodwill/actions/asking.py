"""Asking for approval, and answering."""

from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.customers.models import Customer
from goodword.staff.authority import holders, level_of
from goodword.staff.models import Agent

from .. import authority, registry
from ..errors import GoodwillError
from ..models import ApprovalRequest
from ..months import month_of
from .giving import (
    BeyondAuthority,
    NewGesture,
    Place,
    checked_amount,
    checked_reason,
    checked_voucher,
    give,
    here,
    take_turns,
)
from .recording import request_event


def request_approval(
    *,
    by: Agent,
    amount: Decimal,
    customer: Customer,
    reason: str,
    subject: tuple[str, int],
    place: Place | None = None,
) -> ApprovalRequest:
    """Ask those who may decide more; `subject` says what about, such as ('complaints.proposal', 7).

    Asking again for the same while nobody has answered gives back the open request. Raises GoodwillError
    when the agent may decide it alone, and when nobody can: no level suffices, or a budget is used up.
    """
    wanted = ApprovalRequest(amount=amount, reason=reason)
    return _request(wanted, customer, by, subject, place or Place())


def ask(*, agent: Agent, gesture: NewGesture) -> ApprovalRequest:
    """Ask for a gesture that is given in the moment somebody approves it."""
    checked_voucher(gesture)
    wanted = ApprovalRequest(
        amount=gesture.amount,
        reason=gesture.reason,
        gesture_kind=gesture.kind,
        percent=gesture.percent,
        valid_days=gesture.valid_days,
    )
    where = gesture.place.conversation_id
    subject = ("inbox.conversation", where) if where else None
    return _request(wanted, gesture.customer, agent, subject, gesture.place)


@transaction.atomic
def approve(*, request: ApprovalRequest, by: Agent, reason: str = "") -> ApprovalRequest:
    """Say yes: what was asked for is given at once, once. Saying yes again is harmless.

    Raises GoodwillError when somebody said no meanwhile, when the agent may not decide it, and when it
    cannot be given any more because a budget is used up; the request stays open then.
    """
    request = _locked(request, by)
    if request.is_approved:
        return request
    _require_decidable(request, by)
    if request.customer is None:
        raise GoodwillError(_("The customer is gone, so there is nobody to give it to. Refuse it."))
    authority.budgets(request.team, month_of(), locked=True)
    verdict = authority.check_request(request, by)
    if not verdict.allowed:
        raise BeyondAuthority(verdict)
    return _decide(request, by, ApprovalRequest.State.APPROVED, reason)


@transaction.atomic
def refuse(*, request: ApprovalRequest, by: Agent, reason: str) -> ApprovalRequest:
    """Say no, with a reason that the one who asked will read. Saying no again is harmless."""
    request = _locked(request, by)
    if request.state == ApprovalRequest.State.REFUSED:
        return request
    _require_decidable(request, by)
    return _decide(request, by, ApprovalRequest.State.REFUSED, checked_reason(reason))


@transaction.atomic
def withdraw(*, request: ApprovalRequest, by: Agent | None) -> ApprovalRequest:
    """It is not asked for any more. Only who asked may, or the house itself (`by` None)."""
    request = _locked(request, by)
    if not request.is_open:
        return request
    if by is not None and request.asked_by_id != by.pk:
        raise GoodwillError(_("Only who asked may withdraw it. Refuse it instead."))
    request.state, request.decided_at = ApprovalRequest.State.WITHDRAWN, timezone.now()
    request.seen_at = request.decided_at
    request.save(update_fields=["state", "decided_at", "seen_at"])
    request_event("approval.withdrawn", request, by)
    for tell in registry.withdrawn:
        tell(request)
    return request


@transaction.atomic
def see_decision(*, agent: Agent, request: ApprovalRequest | None = None) -> int:
    """Who asked has seen the answer (to one request, or to all); returns how many were new."""
    unseen = ApprovalRequest.objects.filter(asked_by=agent, seen_at=None).exclude(
        state=ApprovalRequest.State.OPEN
    )
    if request is not None:
        unseen = unseen.filter(pk=request.pk)
    return unseen.update(seen_at=timezone.now())


@transaction.atomic
def _request(
    wanted: ApprovalRequest, customer: Customer, by: Agent, subject: tuple[str, int] | None, place: Place
) -> ApprovalRequest:
    """Ask about the subject, or else about the customer, as whom they may have been joined into meanwhile."""
    wanted.amount, wanted.reason = checked_amount(wanted.amount), checked_reason(wanted.reason)
    team = place.team or authority.team_of(by)
    take_turns(by, customer)
    customer = here(customer)
    subject = subject or ("customers.customer", customer.pk)
    waiting = ApprovalRequest.objects.filter(
        state=ApprovalRequest.State.OPEN,
        subject_kind=subject[0],
        subject_id=subject[1],
        asked_by=by,
        amount=wanted.amount,
        gesture_kind=wanted.gesture_kind,
    ).first()
    if waiting is not None:
        return waiting
    verdict = authority.check(agent=by, amount=wanted.amount, customer=customer, team=team, but=subject)
    if verdict.allowed:
        raise GoodwillError(_("You may give this without asking."))
    if verdict.level is None:
        raise BeyondAuthority(replace(verdict, reason=_nobody(verdict.reason)))
    if all(holder.pk == by.pk for holder in holders(verdict.level.rank)):
        sentence = _("Nobody at work has the level '%(level)s' or a higher one. Ask an administrator.")
        raise GoodwillError(sentence % {"level": verdict.level.name})
    wanted.customer, wanted.asked_by = customer, by
    wanted.team, wanted.level = team, verdict.level
    wanted.subject_kind, wanted.subject_id = subject
    wanted.conversation_id, wanted.mailbox_id = place.conversation_id, place.mailbox_id
    wanted.complaint_id = place.complaint_id
    wanted.save()
    request_event("approval.asked", wanted, by)
    return wanted


def _nobody(reason: str) -> str:
    return _("%(reason)s Nobody may give more than that; an administrator can raise it.") % {"reason": reason}


def _require_decidable(request: ApprovalRequest, by: Agent) -> None:
    if not request.is_open:
        sentence = _("%(name)s answered this request before you: it is %(state)s.")
        name = request.decided_by.name if request.decided_by else _("Somebody")
        raise GoodwillError(sentence % {"name": name, "state": request.get_state_display()})
    if request.asked_by_id == by.pk:
        raise GoodwillError(_("You asked for this yourself, so somebody else decides it."))
    own = level_of(by)
    if own is None or (request.level is not None and own.rank < request.level.rank):
        wanted = request.level.name if request.level else _("a level of authority")
        raise GoodwillError(_("Only somebody with %(level)s or more may decide this.") % {"level": wanted})


def _decide(
    request: ApprovalRequest, by: Agent, state: ApprovalRequest.State, reason: str
) -> ApprovalRequest:
    request.state, request.decided_by, request.decided_at = state, by, timezone.now()
    request.decision = reason.replace("\x00", "").strip()
    request.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    request_event(f"approval.{state.value}", request, by, decision=request.decision)
    if request.is_approved and request.gesture_kind:
        _give_approved(request, by)
    for tell in registry.decided:
        tell(request)
    return request


def _give_approved(request: ApprovalRequest, by: Agent) -> None:
    place = Place(request.conversation_id, request.mailbox_id, request.complaint_id, request.team)
    customer = request.customer
    if customer is None:
        return
    gesture = NewGesture(
        kind=request.gesture_kind,
        amount=request.amount,
        customer=customer,
        reason=request.reason,
        place=place,
        percent=request.percent,
        valid_days=request.valid_days,
    )
    request.gesture = give(agent=request.asked_by or by, gesture=gesture, request=request)


def _locked(request: ApprovalRequest, by: Agent | None) -> ApprovalRequest:
    take_turns(by, request.customer)
    rows = ApprovalRequest.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("customer", "asked_by", "decided_by", "level", "team").get(pk=request.pk)
