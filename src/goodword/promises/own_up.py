"""Ahead of a likely break: the words that tell the customer, and a new time that fits hours and history."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils import formats, timezone

from goodword.staff import working_time
from goodword.staff.calendars import calendar_of

from . import moments, reminding, track_record
from .models import Promise

# Where history has nothing to say: the end of the second working day from now.
USUAL_DAYS = 2
SHORTEST = timedelta(days=1)


@dataclass(frozen=True)
class OwnUp:
    """A draft that owns up, and the new due time it names."""

    text: str
    due_at: datetime
    whole_day: bool
    is_late: bool


def is_near(promise: Promise, *, now: datetime | None = None, since: datetime | None = None) -> bool:
    """Whether an open promise nears its due time, has passed it, or by history will not be kept in time.

    With `since`, the moment it has had its due time from, nothing is asked, and history is left out.
    """
    now = now or timezone.now()
    if not promise.is_open or promise.due_at is None:
        return False
    if promise.due_at <= now:
        return True
    with_history = since is None
    since = since or reminding.since_of(promise)
    ahead = moments.ahead_at(promise.due_at, whole_day=promise.whole_day, known_since=since)
    if ahead <= now or not with_history:
        return ahead <= now
    lead, passed = promise.due_at - since, now - since
    record = track_record.record_of(promise.kind)
    return passed >= lead / 2 and record.likely_to_break(passed=passed, lead=lead)


def draft_for(promise: Promise, *, now: datetime | None = None) -> OwnUp | None:
    """The draft for a promise that is near; None for any other."""
    now = now or timezone.now()
    if not is_near(promise, now=now):
        return None
    assert promise.due_at is not None
    is_late = promise.due_at <= now
    due_at = new_time(promise, now=now)
    words = _words()
    text = (
        words["late" if is_late else "ahead"]
        .strip()
        .format(
            greeting=_greeting(promise.customer.name),
            promise=_promise(promise.what),
            due=_day(promise.due_at) if promise.whole_day else _moment(promise.due_at),
            next=words["next"][promise.kind].format(new_due=_day(due_at)),
        )
    )
    return OwnUp(text, due_at, True, is_late)


def new_time(promise: Promise, *, now: datetime) -> datetime:
    """The end of a working day by which such promises are nearly always kept, later than the old time."""
    calendar = calendar_of(promise.team)
    zone = moments.company_zone()
    today = now.astimezone(zone).date()
    lead = track_record.record_of(promise.kind).holding()
    try:
        if lead is None:
            day = working_time.working_day_after(calendar, today, USUAL_DAYS)
        else:
            day = (now + max(lead, SHORTEST)).astimezone(zone).date()
        if promise.due_at is not None:
            day = max(day, promise.due_at.astimezone(zone).date() + timedelta(days=1))
        if not working_time.works_on(calendar, day):
            day = working_time.working_day_after(calendar, day, 1)
    except ValueError:
        # Nobody works by these hours; a day can be named all the same, and later than the one before.
        due = promise.due_at.astimezone(zone).date() if promise.due_at is not None else today
        day = max(today + timedelta(days=USUAL_DAYS), due + timedelta(days=1))
    return moments.end_of_day(day)


def _greeting(name: str) -> str:
    words = _words()["greeting"]
    first = name.split()[0] if name.split() else ""
    return str(words["named"].format(name=first) if first and "@" not in first else words["unnamed"])


def _promise(what: str) -> str:
    """What was promised, as it goes on after 'I promised'."""
    words = _words()
    what = what.strip().rstrip(".")
    first, second = (*what.lower().split(), "", "")[:2]
    if first not in words["verbs"] or second in words["things_before"]:
        return str(words["said"].format(what=what))
    return str(words["to_do"].format(what=what[0].lower() + what[1:]))


def _day(moment: datetime) -> str:
    return str(formats.date_format(moment.astimezone(moments.company_zone()), "l j F"))


def _moment(moment: datetime) -> str:
    return str(formats.date_format(moment.astimezone(moments.company_zone()), "l j F, H:i"))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("goodword.promises") / "data" / "own_up.toml").read_text("utf-8"))
