"""What stands behind a remedy: until when it is done, what proves it, and the words about it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import formats, timezone

from goodword.goodwill.codes import grouped, is_well_formed
from goodword.promises.models import Promise
from goodword.staff.calendars import calendar_of
from goodword.staff.models import Team
from goodword.staff.working_time import Calendar

from .models import Remedy
from .tables import table

LONGEST = 400
# What waits for approval is no remedy yet, and one that was refused never was.
UNAGREED = (Remedy.State.ASKED, Remedy.State.REFUSED)
# A code that was given is out of the house's hands: the customer uses it when they like.
UNSETTLED = Q(state__in=[Remedy.State.OPEN, Remedy.State.ASKED]) | Q(state=Remedy.State.UNDER_WAY) & ~Q(
    proof_kind=Remedy.Proof.CODE
)

KEPT = Q(state=Remedy.State.DONE) | Q(state=Remedy.State.UNDER_WAY, proof_kind=Remedy.Proof.CODE)


@dataclass(frozen=True, slots=True)
class Policy:
    """How one kind of remedy is dealt with."""

    days: int
    kind: str
    proof: str
    promise: str


def policy(kind: str) -> Policy:
    """How a kind of remedy is dealt with, by `data/remedies.toml`."""
    given = table("remedies")[kind]
    return Policy(given["days"], given["kind"], given["proof"], given["promise"])


def due_of(kind: str, *, team: Team | None, since: datetime) -> datetime:
    """The end of the working day of the team by which a remedy of this kind is done."""
    return end_of_working_day(calendar_of(team), since, policy(kind).days)


def end_of_working_day(calendar: Calendar, since: datetime, days: int) -> datetime:
    """The end of the day on which so many days of work have followed the day of `since`."""
    zone = timezone.get_default_timezone()
    today = timezone.localtime(since, zone).date()
    worked = {hours.weekday for hours in calendar.hours}
    left = days
    for step in range(1, LONGEST):
        there = today + timedelta(days=step)
        if there.weekday() in worked and there not in calendar.holidays:
            left -= 1
        if left <= 0:
            return datetime.combine(there, time(23, 59, 59), tzinfo=zone)
    return datetime.combine(today + timedelta(days=days), time(23, 59, 59), tzinfo=zone)


def next_words(remedy: Remedy) -> str:
    """What happens next, for the customer who has just chosen it."""
    if remedy.state == Remedy.State.OPEN:
        return _said(remedy, "next")
    return f"{state_words(remedy)} {shown_code(remedy)}".strip()


def shown_code(remedy: Remedy) -> str:
    """The code that can still be used, as people read it; '' where there is none."""
    if remedy.proof_kind != Remedy.Proof.CODE or remedy.state != Remedy.State.UNDER_WAY:
        return ""
    return grouped(remedy.proof) if is_well_formed(remedy.proof) else remedy.proof


def state_words(remedy: Remedy) -> str:
    """How far it is, for the customer."""
    if remedy.state in (Remedy.State.FAILED, *UNAGREED):
        return ""
    return _said(remedy, remedy.state)


def words_ahead(kind: str, due_at: datetime) -> str:
    """What would happen next if the customer chose it."""
    return str(table("remedies")[kind]["next"]).format(day=_day(due_at), proof="")


def _said(remedy: Remedy, which: str) -> str:
    promise: Promise | None = remedy.promise
    due_at = promise.due_at if promise else None
    words = str(table("remedies")[remedy.kind][which])
    # A remedy may be proven another way than its kind usually is.
    if "{proof}" in words and not remedy.proof:
        words = words.partition(".")[0].partition(":")[0].replace("{proof}", "").strip() + "."
    return words.format(day=_day(due_at), proof=remedy.proof)


def _day(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return formats.date_format(timezone.localtime(moment, timezone.get_default_timezone()), "l j F")
