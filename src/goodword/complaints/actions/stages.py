"""A complaint on its way from stage to stage, with a clock for each."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.inbox import actions as inbox
from goodword.kit.jobs import nudge_at
from goodword.promises import actions as promises
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.calendars import calendar_of
from goodword.staff.models import Agent

from .. import access, jobs, watching
from ..clocks import clock_of
from ..errors import ComplaintError
from ..models import Complaint, ProcedureStage, Proposal, Reopening, StageKey, StageRecord
from ..remedies import UNSETTLED
from ..telling import clean, tell

UNSETTLED_PROPOSALS = (Proposal.State.APPROVAL, Proposal.State.SENT, Proposal.State.ASKED)


def begin(complaint: Complaint, *, agent: Agent | None, at: datetime) -> None:
    """Put a new complaint into the first stage of its procedure; in the caller's transaction."""
    first = complaint.procedure.stages.first()
    complaint.stage = first.key if first else StageKey.RECEIVED
    complaint.save(update_fields=["stage"])
    _enter(complaint, agent=agent, at=at, note="")


@transaction.atomic
def move(
    *, complaint: Complaint, agent: Agent | None, to: str, note: str = "", at: datetime | None = None
) -> Complaint:
    """Bring a complaint into another stage of its procedure; where it is already, nothing happens.

    Ends the clock of the stage it leaves and settles the promise behind it: kept when the complaint goes on,
    withdrawn when it goes back. Raises ComplaintError for a stage the procedure does not have, and where a
    closed complaint is to be opened again first.
    """
    found = access.locked(agent, complaint.pk)
    if found.stage == to:
        return found
    if to == StageKey.CLOSED:
        return close(complaint=found, agent=agent, note=note, at=at)
    if not found.is_open:
        raise ComplaintError(gettext("%(number)s is closed. Reopen it first.") % {"number": found.number})
    _go(found, agent=agent, to=to, note=note, at=at or timezone.now())
    return found


def acknowledge(
    *, complaint: Complaint, agent: Agent | None, note: str = "", at: datetime | None = None
) -> Complaint:
    """The customer knows that we have it. Harmless where the complaint is further on already."""
    return _forward(complaint, agent=agent, to=StageKey.ACKNOWLEDGED, note=note, at=at)


@transaction.atomic
def acknowledge_in_words(*, complaint: Complaint, agent: Agent, words: str) -> Complaint:
    """Send the customer these words and so acknowledge it; once that is done, nothing is sent again."""
    found = access.locked(agent, complaint.pk)
    if found.stage != StageKey.RECEIVED:
        return found
    inbox.reply(conversation=access.place_of(found), agent=agent, markdown=words)
    return acknowledge(complaint=found, agent=agent)


def investigate(
    *, complaint: Complaint, agent: Agent | None, note: str = "", at: datetime | None = None
) -> Complaint:
    """Somebody looks into it now. Harmless where the complaint is further on already."""
    return _forward(complaint, agent=agent, to=StageKey.INVESTIGATING, note=note, at=at)


def advance(
    *, complaint: Complaint, agent: Agent | None, to: str, note: str = "", at: datetime | None = None
) -> Complaint:
    """Bring a complaint to a stage that lies ahead; where it is there or further on, nothing happens.

    A stage that the procedure leaves out is passed over, too.
    """
    return _forward(complaint, agent=agent, to=to, note=note, at=at)


@transaction.atomic
def close(
    *, complaint: Complaint, agent: Agent | None, note: str = "", at: datetime | None = None
) -> Complaint:
    """Nothing more is to be done. Raises ComplaintError while a proposal or a remedy is on its way."""
    found = access.locked(agent, complaint.pk)
    if not found.is_open:
        return found
    _refuse_unsettled(found)
    now = at or timezone.now()
    _go(found, agent=agent, to=StageKey.CLOSED, note=note, at=now)
    found.closed_at = now
    found.save(update_fields=["closed_at"])
    return found


@transaction.atomic
def reopen(
    *, complaint: Complaint, agent: Agent | None, words: str = "", at: datetime | None = None
) -> Complaint:
    """All is not well: back to looking into it. `agent` None: the customer said so."""
    found = access.locked(agent, complaint.pk)
    keys = [stage.key for stage in found.procedure.stages.all()]
    again = StageKey.INVESTIGATING if StageKey.INVESTIGATING in keys else keys[0]
    if found.is_open and found.stage not in (StageKey.REMEDIED, StageKey.FOLLOWED_UP):
        return found
    now = at or timezone.now()
    said = clean(words)
    Reopening.objects.create(complaint=found, by=agent, at=now, words=said, from_stage=found.stage)
    found.closed_at = None
    found.save(update_fields=["closed_at"])
    tell("complaint.reopened", found, agent=agent, words=said[:500])
    _go(found, agent=agent, to=again, note=said, at=now)
    return found


def _forward(
    complaint: Complaint, *, agent: Agent | None, to: str, note: str, at: datetime | None
) -> Complaint:
    with transaction.atomic():
        found = access.locked(agent, complaint.pk)
        order = {stage.key: stage.order for stage in found.procedure.stages.all()}
        if not found.is_open or to not in order or order.get(found.stage, -1) >= order[to]:
            return found
        return move(complaint=found, agent=agent, to=to, note=note, at=at)


def _refuse_unsettled(complaint: Complaint) -> None:
    if complaint.proposals.filter(state__in=UNSETTLED_PROPOSALS).exists():
        raise ComplaintError(
            gettext("A proposal is still open. Withdraw it or wait for the customer's choice, then close.")
        )
    if complaint.remedies.filter(UNSETTLED).exists():
        raise ComplaintError(
            gettext("A remedy is not proven yet. Say what became of it, then close the complaint.")
        )


def _go(complaint: Complaint, *, agent: Agent | None, to: str, note: str, at: datetime) -> None:
    """Leave the present stage of a locked complaint and enter another."""
    order = {stage.key: stage.order for stage in complaint.procedure.stages.all()}
    if to not in order:
        raise ComplaintError(
            gettext("The procedure '%(name)s' has no stage '%(stage)s'. Choose one that it has.")
            % {"name": complaint.procedure, "stage": to}
        )
    before = complaint.stage
    onward = order[to] > order.get(before, -1)
    _leave(complaint, agent=agent, at=at, onward=onward)
    complaint.stage = to
    answered = order.get(StageKey.PROPOSED)
    is_answered = answered is not None and order[to] >= answered
    if is_answered or to == StageKey.CLOSED:
        watching.breach_final_if_late(complaint, at)
    if complaint.final_response_at is None and is_answered:
        complaint.final_response_at = at
    complaint.save(update_fields=["stage", "final_response_at"])
    _enter(complaint, agent=agent, at=at, note=clean(note))
    tell("complaint.stage", complaint, agent=agent, stage=to, before=before, note=clean(note, 500))


def _leave(complaint: Complaint, *, agent: Agent | None, at: datetime, onward: bool) -> None:
    running = complaint.stage_records.filter(left_at=None).select_related("promise")
    # Locked, as the watcher may be telling at this moment that it is late.
    record = running.select_for_update(of=("self",)).first()
    if record is None:
        return
    watching.breach_if_late(record, at)
    record.left_at = at
    record.save(update_fields=["left_at"])
    if record.promise is not None and record.promise.state == Promise.State.OPEN:
        settle = promises.keep if onward else promises.withdraw
        settle(promise=record.promise, agent=agent)


def _enter(complaint: Complaint, *, agent: Agent | None, at: datetime, note: str) -> StageRecord:
    stage = complaint.procedure.stages.filter(key=complaint.stage).first()
    clock = clock_of(stage, calendar_of(complaint.team), at)
    record = StageRecord.objects.create(
        complaint=complaint,
        stage=complaint.stage,
        entered_at=at,
        by=agent,
        note=note,
        warn_at=clock.warn_at,
        due_at=clock.due_at,
        promise=_next_step(complaint, stage, clock.due_at),
    )
    for moment in (clock.warn_at, clock.due_at):
        if moment is not None:
            nudge_at(jobs.watch_now, moment)
    return record


def _next_step(complaint: Complaint, stage: ProcedureStage | None, due_at: datetime | None) -> Promise | None:
    """The promise that the house makes of its own accord: what comes next, and by when."""
    if stage is None or not stage.next_step or due_at is None:
        return None
    return inbox.add_promise(
        conversation=access.place_of(complaint),
        agent=None,
        promise=NewPromise(
            what=f"{stage.next_step} ({complaint.number})",
            quote="",
            due_at=due_at,
            whole_day=False,
            due_text="",
            owner_id=complaint.owner_id if complaint.owner and complaint.owner.is_active else None,
            team_id=complaint.team_id,
            source=Promise.Source.SYSTEM,
            made_from=("complaints.complaint", complaint.pk),
        ),
    )
