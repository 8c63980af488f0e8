"""When a promise is due: another time agreed, and conditions that are met."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.staff.calendars import calendar_of
from goodword.staff.models import Agent

from .. import moments
from ..models import Outcome, Promise
from ..spans import Span, due_after
from .outcomes import say
from .writing import PromiseError, locked, write_event


@transaction.atomic
def renegotiate(
    *,
    promise: Promise,
    agent: Agent | None,
    due_at: datetime | None,
    whole_day: bool = False,
    note: str = "",
    told_at: datetime | None = None,
) -> Promise:
    """Another time was agreed; a promise that was settled holds again from now on.

    `told_at` is when the customer heard of it; None: not yet (see `told`).
    """
    promise = locked(promise)
    due_at = moments.checked(due_at) if due_at else None
    whole_day = whole_day and due_at is not None
    if promise.state == Promise.State.OPEN and (promise.due_at, promise.whole_day) == (due_at, whole_day):
        return promise
    before, now = promise.due_at, timezone.now()
    promise.due_at, promise.whole_day, promise.due_text = due_at, whole_day, ""
    promise.state, promise.watch_at = Promise.State.OPEN, now
    promise.save(update_fields=["due_at", "whole_day", "due_text", "state", "watch_at"])
    told_at = min(told_at, now) if told_at else None
    say(
        promise,
        agent,
        Outcome.Kind.RENEGOTIATED,
        note,
        due_before=before,
        due_after=due_at,
        told_at=told_at,
    )
    return promise


@transaction.atomic
def told(*, promise: Promise, agent: Agent | None, at: datetime | None = None) -> Promise:
    """The customer has heard of the newest new time; the first moment said counts.

    Raises PromiseError when no other time was ever agreed.
    """
    promise = locked(promise)
    newest = promise.outcomes.filter(kind=Outcome.Kind.RENEGOTIATED).order_by("-id").first()
    if newest is None:
        raise PromiseError(_("No other time was agreed. Write the new time down first."))
    if newest.told_at is None:
        now = timezone.now()
        newest.told_at = min(at or now, now)
        newest.save(update_fields=["told_at"])
        write_event("promise.told", promise, agent=agent)
    return promise


@transaction.atomic
def meet_condition(
    *, promise: Promise, agent: Agent | None, at: datetime | None = None, note: str = ""
) -> Promise:
    """What the promise waited for has happened: it is due so long after `at` as was promised.

    A promise that has a due time already keeps it. Raises PromiseError where there is no condition, and where
    nobody works by the team's hours.
    """
    promise = locked(promise)
    if not promise.condition:
        raise PromiseError(_("This promise has no condition to tick off."))
    if promise.condition_met_at is not None:
        return promise
    now = timezone.now()
    before = promise.due_at
    promise.condition_met_at = min(at, now) if at else now
    if promise.due_at is None and promise.after is not None:
        span = Span(promise.after, promise.after_unit)
        promise.due_at, promise.whole_day = _due_after(promise, span, promise.condition_met_at)
    promise.watch_at = now
    promise.save(update_fields=["condition_met_at", "due_at", "whole_day", "watch_at"])
    say(promise, agent, Outcome.Kind.CONDITION_MET, note, due_before=before, due_after=promise.due_at)
    return promise


@transaction.atomic
def unmeet_condition(*, promise: Promise, agent: Agent | None, note: str = "") -> Promise:
    """It was ticked off by mistake; a due time that came from it goes again."""
    promise = locked(promise)
    if promise.condition_met_at is None:
        return promise
    before = promise.due_at
    promise.condition_met_at = None
    if promise.after is not None:
        promise.due_at, promise.whole_day = None, False
    promise.watch_at = timezone.now()
    promise.save(update_fields=["condition_met_at", "due_at", "whole_day", "watch_at"])
    say(promise, agent, Outcome.Kind.CONDITION_OPEN, note, due_before=before, due_after=promise.due_at)
    return promise


def _due_after(promise: Promise, span: Span, since: datetime) -> tuple[datetime, bool]:
    try:
        return due_after(span, since, calendar_of(promise.team))
    except ValueError as error:
        raise PromiseError(
            _(
                "By the working hours and holidays in the settings nobody works for over a year, so this "
                "promise has no day to be kept by. Mend the hours, or agree on a day."
            )
        ) from error
