"""The watcher: reminds the owners of open promises and takes what is late to the leads, once each.

A promise carries the moment at which something is to be done about it (`watch_at`). A worker locks the row,
gives what is due, and writes the next moment in the same transaction; other workers step over a locked row.
So each reminder is given once, however many workers run, and one that is killed leaves nothing half done.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from goodword.staff import working_time
from goodword.staff.calendars import calendar_of
from goodword.staff.models import Agent

from . import moments, track_record
from .actions.writing import write_event
from .answering import answering, leads
from .models import LeadDelay, Outcome, Promise, Reminder

log = logging.getLogger(__name__)

Kind = Reminder.Kind
EVENTS = {
    Kind.UNLIKELY: "promise.unlikely",
    Kind.AHEAD: "promise.due_soon",
    Kind.DUE: "promise.due",
    Kind.ESCALATED: "promise.escalated",
}
USUAL_DELAY = 60
BATCH = 200


def remind_due(now: datetime | None = None) -> int:
    """Give every reminder whose time has come; returns how many this call gave."""
    now = now or timezone.now()
    given, seen = 0, {0}
    while waiting := _waiting(now, seen):
        for pk in waiting:
            seen.add(pk)
            given += _safely(pk, now)
    return given


@transaction.atomic
def see_reminders(*, agent: Agent, promise: Promise | None = None) -> int:
    """The agent has seen the reminders (of one promise, or all); returns how many were new."""
    unseen = Reminder.objects.filter(agent=agent, seen_at=None)
    if promise is not None:
        unseen = unseen.filter(promise=promise)
    return unseen.update(seen_at=timezone.now())


def known_since() -> Coalesce:
    """Since when a promise has had its present due time."""
    changes = (Outcome.Kind.RENEGOTIATED, Outcome.Kind.CONDITION_MET)
    put_off = Outcome.objects.filter(promise=OuterRef("pk"), kind__in=changes)
    newest = put_off.order_by().values("promise").annotate(newest=Max("at")).values("newest")
    return Coalesce(Subquery(newest, output_field=DateTimeField()), F("made_at"))


def since_of(promise: Promise) -> datetime:
    """Since when this promise has had its present due time."""
    since: datetime = Promise.objects.annotate(since=known_since()).get(pk=promise.pk).since
    return since


def _waiting(now: datetime, seen: Iterable[int]) -> list[int]:
    rows = Promise.objects.filter(state=Promise.State.OPEN, watch_at__lte=now).exclude(pk__in=seen)
    return list(rows.order_by("watch_at").values_list("pk", flat=True)[:BATCH])


def _safely(pk: int, now: datetime) -> int:
    """What one promise cannot have must not keep the others waiting; it is tried again in the next run."""
    try:
        return _look_after(pk, now)
    except Exception:
        log.exception("Promise %s could not be looked after; the next run tries again.", pk)
        return 0


@transaction.atomic
def _look_after(pk: int, now: datetime) -> int:
    """Give what is due for one promise, unless another worker is at it, and write down when to look again."""
    ours = Promise.objects.select_for_update(skip_locked=True, no_key=True).annotate(since=known_since())
    promise = ours.filter(pk=pk, state=Promise.State.OPEN, watch_at__lte=now).first()
    if promise is None:
        return 0
    planned = _plan(promise, promise.since, now)
    due = [kind for kind, at in planned if at <= now]
    for kind in due:
        _give(promise, kind, now)
    promise.watch_at = min((at for _kind, at in planned if at > now), default=None)
    promise.save(update_fields=["watch_at"])
    return len(due)


def _plan(promise: Promise, since: datetime, now: datetime) -> list[tuple[Reminder.Kind, datetime]]:
    """What is still to be given for the present due time, and when."""
    if promise.due_at is None:
        return []
    given = set(
        Reminder.objects.filter(promise=promise, due_at=promise.due_at).values_list("kind", flat=True)
    )
    moments_of = _late(promise) if promise.due_at <= now else _early(promise, since, now)
    return [(kind, at) for kind, at in moments_of if kind not in given]


def _early(promise: Promise, since: datetime, now: datetime) -> list[tuple[Reminder.Kind, datetime]]:
    assert promise.due_at is not None
    lead = promise.due_at - since
    ahead = moments.ahead_at(promise.due_at, whole_day=promise.whole_day, known_since=since)
    found = [(Kind.AHEAD, ahead), (Kind.DUE, promise.due_at)]
    half = since + lead / 2
    if now < ahead and half < ahead and (now < half or _unlikely(promise, passed=now - since, lead=lead)):
        found.insert(0, (Kind.UNLIKELY, half))
    return found


def _unlikely(promise: Promise, *, passed: timedelta, lead: timedelta) -> bool:
    record = track_record.record_of(promise.kind)
    return record.likely_to_break(passed=passed, lead=lead)


def _late(promise: Promise) -> list[tuple[Reminder.Kind, datetime]]:
    assert promise.due_at is not None
    found = [(Kind.DUE, promise.due_at)]
    minutes = delay_of(promise.team_id)
    if minutes is not None:
        found.append((Kind.ESCALATED, _working(promise, promise.due_at, timedelta(minutes=minutes))))
    return found


def _working(promise: Promise, since: datetime, span: timedelta) -> datetime:
    """The moment at which so much of the team's time has passed."""
    try:
        return working_time.add(calendar_of(promise.team), since, span)
    except ValueError:
        # By these hours nobody works for a year; leads who hear of it early beat leads who never do.
        return since + span


def delay_of(team_id: int | None) -> int | None:
    """Minutes of working time until an overdue promise goes to the leads; None: it never does."""
    whose = Q(team=None) | Q(team=team_id) if team_id else Q(team=None)
    delays: dict[int | None, int | None] = dict(
        LeadDelay.objects.filter(whose).values_list("team_id", "minutes")
    )
    return delays[team_id] if team_id in delays else delays.get(None, USUAL_DELAY)


def _give(promise: Promise, kind: Reminder.Kind, now: datetime) -> None:
    assert promise.due_at is not None
    told = leads(promise) if kind == Kind.ESCALATED else answering(promise)
    whom: list[int | None] = [*told] or [None]
    Reminder.objects.bulk_create(
        Reminder(promise=promise, kind=kind, due_at=promise.due_at, agent_id=agent, at=now) for agent in whom
    )
    write_event(EVENTS[kind], promise, agent=None, to=told)
