"""Remedies, each with a promise behind it, from the customer's choice to the proof that they happened."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.goodwill import actions as goodwill
from goodword.goodwill.models import ApprovalRequest, Gesture, Voucher
from goodword.inbox import actions as inbox
from goodword.promises import actions as promises
from goodword.promises.actions import Evidence, NewPromise
from goodword.promises.models import Outcome, Promise
from goodword.staff.models import Agent

from .. import access
from ..errors import ComplaintError
from ..models import Complaint, Proposal, ProposalOption, Remedy, StageKey
from ..remedies import UNSETTLED, due_of, policy
from ..telling import clean, one_line, tell
from .following_up import plan_follow_up
from .owner_news import tell_owner
from .proposing_money import NeedsApproval, approval_of, book, gestures_of, price, unbook, verdict_on_cost
from .stages import advance

State, Proof = Remedy.State, Remedy.Proof
PROOF_LENGTH = 300
NOTE_LENGTH = 5_000


def remedy_for(complaint: Complaint, proposal: Proposal, option: ProposalOption, *, at: datetime) -> Remedy:
    """The remedy that the customer chose; in the caller's transaction, with the complaint locked."""
    remedy = Remedy(complaint=complaint, option=option, kind=option.kind, what=option.text, cost=option.cost)
    begin_remedy(remedy, agent=None, at=at)
    approval = approval_of(proposal)
    by = proposal.by or (approval.decided_by if approval else None) or complaint.owner
    return _with_code(remedy, book(remedy, by, request=approval), agent=None, at=at)


def begin_remedy(remedy: Remedy, *, agent: Agent | None, at: datetime) -> Remedy:
    """Put a promise behind a remedy that is settled upon; in the caller's transaction."""
    remedy.state, remedy.made_at = State.OPEN, at
    remedy.promise = _promise_of(remedy, agent=agent, at=at)
    remedy.save()
    tell("complaint.remedy", remedy.complaint, agent=agent, remedy=remedy.pk, what=remedy.what[:300])
    return remedy


def ship(*, remedy: Remedy, agent: Agent | None, tracking: str, at: datetime | None = None) -> Remedy:
    """It is on its way, under this tracking number."""
    value = _proof(tracking, gettext("Which tracking number does it have? Write it as the carrier does."))
    return _change(remedy, agent, State.UNDER_WAY, Proof.TRACKING, value, at=at)


def delivered(*, remedy: Remedy, agent: Agent | None, note: str = "", at: datetime | None = None) -> Remedy:
    """What was sent has arrived: proven by its tracking number."""
    return _change(remedy, agent, State.DONE, Proof.TRACKING, None, note=note, at=at)


def refunded(*, remedy: Remedy, agent: Agent | None, reference: str, at: datetime | None = None) -> Remedy:
    """It was paid, under this reference."""
    value = _proof(reference, gettext("Which reference does the payment have? Write it as the bank does."))
    return _change(remedy, agent, State.DONE, Proof.REFUND, value, at=at)


def give_code(*, remedy: Remedy, agent: Agent | None, code: str, at: datetime | None = None) -> Remedy:
    """The customer has this code; what was promised is kept, and it is proven once the code is used."""
    value = _proof(code, gettext("Which code did the customer get? Write it as they read it."))
    return _change(remedy, agent, State.UNDER_WAY, Proof.CODE, value, at=at)


def redeemed(*, remedy: Remedy, agent: Agent | None, note: str = "", at: datetime | None = None) -> Remedy:
    """The code was used."""
    return _change(remedy, agent, State.DONE, Proof.CODE, None, note=note, at=at)


def done(*, remedy: Remedy, agent: Agent | None, words: str, at: datetime | None = None) -> Remedy:
    """It was done, and these words say how it is known."""
    value = _proof(words, gettext("How is it known that it was done? Write it in a few words."))
    return _change(remedy, agent, State.DONE, Proof.WORDS, value, at=at)


@transaction.atomic
def fail(*, remedy: Remedy, agent: Agent | None, why: str, at: datetime | None = None) -> Remedy:
    """It did not happen and will not: the promise is broken, and the owner sees to another way.

    What the ledger of gestures has for it is taken back there, so that the money can be given again.
    """
    if not clean(why):
        raise ComplaintError(gettext("Say why it did not happen, so that the next step can fit."))
    goodwill.take_turns(None, remedy.complaint.customer)
    complaint, found = locked_remedy(remedy, agent)
    if found.state == State.FAILED:
        return found
    _require_agreed(found)
    _require_unproven(found)
    found.state, found.note = State.FAILED, clean(why, NOTE_LENGTH)
    found.save(update_fields=["state", "note"])
    if found.promise is not None:
        promises.break_(promise=found.promise, agent=agent, note=found.note)
    unbook(found, agent, found.note)
    tell(
        "complaint.remedy_failed",
        complaint,
        agent=agent,
        remedy=found.pk,
        what=found.what[:300],
        note=found.note[:500],
        owner=complaint.owner_id,
    )
    told = gettext(
        "A remedy of %(number)s failed, and its promise is broken. The customer should hear it from us."
    )
    tell_owner(complaint, told % {"number": complaint.number}, by=agent)
    return found


@transaction.atomic
def take_up_again(*, remedy: Remedy, agent: Agent | None) -> Remedy:
    """It was said to have failed, and it is done after all: it is written into the ledger anew.

    Raises NeedsApproval where the agent may not give that much: then `ask_for_remedy_again`. A voucher has
    another code.
    """
    goodwill.take_turns(agent, remedy.complaint.customer)
    complaint, found = locked_remedy(remedy, agent)
    if found.state != State.FAILED:
        return found
    verdict = verdict_on_cost(complaint, price(found.option or found), agent)
    if not verdict.allowed:
        raise NeedsApproval(verdict)
    return go_on_with(found, agent=agent)


def go_on_with(remedy: Remedy, *, agent: Agent | None, request: ApprovalRequest | None = None) -> Remedy:
    """Do a locked remedy after all that had failed, by what was approved; in the caller's transaction."""
    remedy.state = State.UNDER_WAY if remedy.proof else State.OPEN
    remedy.save(update_fields=["state"])
    if remedy.promise is not None:
        promises.reopen(promise=remedy.promise, agent=agent)
    tell("complaint.remedy_again", remedy.complaint, agent=agent, remedy=remedy.pk, what=remedy.what[:300])
    by = (request.asked_by or request.decided_by) if request is not None else agent or remedy.complaint.owner
    is_booked = request is not None or gestures_of(remedy).exists()
    gesture = book(remedy, by, request=request) if is_booked else None
    return _with_code(remedy, gesture, agent=agent, at=timezone.now())


def voucher_redeemed(voucher: Voucher) -> None:
    """A voucher was used: the remedy that gave it is proven; in the transaction that redeems it."""
    for remedy in Remedy.objects.filter(proof_kind=Proof.CODE, proof=voucher.code, state=State.UNDER_WAY):
        redeemed(remedy=remedy, agent=None)


def gesture_taken_back(back: Gesture) -> None:
    """A voucher was taken back: the remedy that gave its code has failed; in the transaction that does it."""
    gone = Voucher.objects.filter(gesture=back.reverses).first()
    if gone is None:
        return
    for remedy in Remedy.objects.filter(proof_kind=Proof.CODE, proof=gone.code, state=State.UNDER_WAY):
        fail(remedy=remedy, agent=back.agent, why=back.reason)


def _promise_of(remedy: Remedy, *, agent: Agent | None, at: datetime) -> Promise:
    complaint = remedy.complaint
    owner = complaint.owner if complaint.owner and complaint.owner.is_active else None
    rules = policy(remedy.kind)
    return inbox.add_promise(
        conversation=access.place_of(complaint),
        agent=agent,
        promise=NewPromise(
            what=f"{rules.promise}: {one_line(remedy.what, 300)} ({complaint.number})",
            quote="",
            due_at=due_of(remedy.kind, team=complaint.team, since=at),
            whole_day=True,
            due_text="",
            owner_id=owner.pk if owner else None,
            kind=rules.kind,
            source=Promise.Source.SYSTEM,
            made_from=("complaints.complaint", complaint.pk),
        ),
    )


def _with_code(remedy: Remedy, gesture: Gesture | None, *, agent: Agent | None, at: datetime) -> Remedy:
    """Where a voucher stands behind it, the customer has its code."""
    voucher = Voucher.objects.filter(gesture=gesture).first() if gesture else None
    if voucher is None:
        return remedy
    return _go(remedy, agent, State.UNDER_WAY, proof=Proof.CODE, value=voucher.code, at=at)


@transaction.atomic
def _change(
    remedy: Remedy,
    agent: Agent | None,
    state: str,
    proof: str,
    value: str | None,
    *,
    note: str = "",
    at: datetime | None = None,
) -> Remedy:
    complaint, found = locked_remedy(remedy, agent)
    said = found.proof if value is None else value
    if (found.state, found.proof_kind, found.proof) == (state, proof, said):
        return found
    _require_agreed(found)
    if found.state == State.FAILED:
        raise ComplaintError(gettext("It was said to have failed. Take it up again first."))
    if found.state == State.DONE:
        _refuse_proven(found)
    if not said:
        raise ComplaintError(_missing(proof))
    found.note = clean(note, NOTE_LENGTH) or found.note
    return _go(found, agent, state, proof=proof, value=said, at=at or timezone.now(), complaint=complaint)


def _go(
    remedy: Remedy,
    agent: Agent | None,
    state: str,
    *,
    proof: str,
    value: str,
    at: datetime,
    complaint: Complaint | None = None,
) -> Remedy:
    """Set the state and the proof of a locked remedy, settle its promise, and see whether all is done."""
    complaint = complaint or remedy.complaint
    remedy.state, remedy.proof_kind, remedy.proof = state, proof, value
    if state == State.DONE:
        remedy.proven_at, remedy.proven_by = at, agent
    remedy.save(update_fields=["state", "proof_kind", "proof", "proven_at", "proven_by", "note"])
    kept = state == State.DONE or proof == Proof.CODE
    if kept and remedy.promise is not None and remedy.promise.state != Promise.State.KEPT:
        shown = Evidence(kind=Outcome.Evidence.WORDS, text=f"{Proof(proof).label}: {value}")
        promises.keep(promise=remedy.promise, agent=agent, evidence=shown)
    tell(
        f"complaint.remedy_{state}",
        complaint,
        agent=agent,
        remedy=remedy.pk,
        what=remedy.what[:300],
        proof=value,
        proof_kind=proof,
    )
    if kept:
        all_remedied(complaint, agent, at)
    return remedy


def all_remedied(complaint: Complaint, agent: Agent | None, at: datetime) -> None:
    """Once nothing is left to do, the complaint is remedied, and the customer will be asked about it."""
    if not complaint.is_open or complaint.remedies.filter(UNSETTLED).exists():
        return
    advance(complaint=complaint, agent=agent, to=StageKey.REMEDIED, at=at)
    plan_follow_up(complaint, since=at)


def locked_remedy(remedy: Remedy, agent: Agent | None) -> tuple[Complaint, Remedy]:
    """A remedy of a complaint that the agent may see, and that complaint, both locked."""
    complaint = access.locked(agent, remedy.complaint_id)
    rows = Remedy.objects.select_for_update(of=("self",)).select_related("promise", "option")
    found = rows.get(pk=remedy.pk)
    found.complaint = complaint
    return complaint, found


def _require_agreed(remedy: Remedy) -> None:
    if remedy.state == State.ASKED:
        raise ComplaintError(gettext("It waits for approval, so nothing can be done about it yet."))
    if remedy.state == State.REFUSED:
        raise ComplaintError(gettext("It was not approved. Agree on something else with the customer."))


def _require_unproven(remedy: Remedy) -> None:
    if remedy.state == State.DONE:
        _refuse_proven(remedy)


def _refuse_proven(remedy: Remedy) -> None:
    raise ComplaintError(
        gettext("It was proven already: %(kind)s %(proof)s.")
        % {"kind": remedy.get_proof_kind_display(), "proof": remedy.proof}
    )


def _proof(given: str, missing: str) -> str:
    value = one_line(given, PROOF_LENGTH)
    if not value:
        raise ComplaintError(missing)
    return value


def _missing(proof: str) -> str:
    words: dict[str, Callable[[], str]] = {
        Proof.TRACKING: lambda: gettext("It has no tracking number yet. Say first that it was sent."),
        Proof.CODE: lambda: gettext("No code was given yet. Say first which one the customer got."),
    }
    return words[proof]()
