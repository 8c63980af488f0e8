"""Reminds the owners of open promises: once ahead, once when due, however many workers run.

A reminder is claimed by inserting its row; only who inserted it writes the event. The promise's row is
locked meanwhile, so that nobody is reminded of what was settled or put off a moment ago.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from goodword.staff.models import Agent

from . import moments
from .actions.writing import write_event
from .models import Outcome, Promise, Reminder

EVENTS = {Reminder.Kind.AHEAD: "promise.due_soon", Reminder.Kind.DUE: "promise.due"}
# No promise is reminded of earlier than this: a whole day's morning lies 15 hours before its end.
HORIZON = timedelta(days=1)


def remind_due(now: datetime | None = None) -> int:
    """Give every reminder whose time has come; returns how many this call gave."""
    now = now or timezone.now()
    return sum(_give(promise_id, kind, now) for promise_id, kind in list(_candidates(now)))


@transaction.atomic
def see_reminders(*, agent: Agent, promise: Promise | None = None) -> int:
    """The agent has seen the reminders (of one promise, or all); returns how many were new."""
    unseen = Reminder.objects.filter(agent=agent, seen_at=None)
    if promise is not None:
        unseen = unseen.filter(promise=promise)
    return unseen.update(seen_at=timezone.now())


def _candidates(now: datetime) -> Iterator[tuple[int, Reminder.Kind]]:
    given = Reminder.objects.filter(promise=OuterRef("pk"), due_at=OuterRef("due_at"))
    rows = (
        Promise.objects.filter(state=Promise.State.OPEN, due_at__lte=now + HORIZON)
        .filter(Q(due_at__gt=now) | ~Exists(given.filter(kind=Reminder.Kind.DUE)))
        .filter(Q(due_at__lte=now) | ~Exists(given.filter(kind=Reminder.Kind.AHEAD)))
        .annotate(known_since=known_since())
        .order_by("due_at", "id")
    )
    for promise in rows.iterator():
        kind = _kind(promise, promise.known_since, now)
        if kind is not None:
            yield promise.pk, kind


def known_since() -> Coalesce:
    """Since when a promise has had its present due time."""
    put_off = Outcome.objects.filter(promise=OuterRef("pk"), kind=Outcome.Kind.RENEGOTIATED)
    newest = put_off.order_by().values("promise").annotate(newest=Max("at")).values("newest")
    return Coalesce(Subquery(newest, output_field=DateTimeField()), F("made_at"))


def _kind(promise: Promise, since: datetime, now: datetime) -> Reminder.Kind | None:
    """The reminder that is due now, if any."""
    if promise.state != Promise.State.OPEN or promise.due_at is None:
        return None
    if promise.due_at <= now:
        return Reminder.Kind.DUE
    ahead = moments.ahead_at(promise.due_at, whole_day=promise.whole_day, known_since=since)
    return Reminder.Kind.AHEAD if ahead <= now else None


@transaction.atomic
def _give(promise_id: int, kind: Reminder.Kind, now: datetime) -> int:
    locked = Promise.objects.select_for_update(no_key=True).annotate(known_since=known_since())
    promise = locked.filter(pk=promise_id).first()
    if promise is None or _kind(promise, promise.known_since, now) != kind or not _claim(promise, kind, now):
        return 0
    write_event(EVENTS[kind], promise, agent=None)
    return 1


def _claim(promise: Promise, kind: Reminder.Kind, now: datetime) -> bool:
    """Whether the reminder is ours to give."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO promises_reminder (promise_id, kind, due_at, agent_id, at) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (promise_id, kind, due_at, agent_id) DO NOTHING",
            [promise.pk, kind.value, promise.due_at, _reminded(promise), now],
        )
        return bool(cursor.rowcount == 1)


def _reminded(promise: Promise) -> int | None:
    """The owner, unless there is none or they have left."""
    if promise.owner_id is None:
        return None
    return Agent.objects.filter(pk=promise.owner_id, is_active=True).values_list("pk", flat=True).first()
