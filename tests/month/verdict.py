"""What happened in the house, held against what the model expected: a line for each kind."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from goodword.complaints.models import Remedy, StageRecord
from goodword.events.models import Event
from goodword.inbox import clocks
from goodword.inbox.models import CheckIn, Message
from goodword.promises.models import Reminder
from goodword.workflows.models import Firing

from .driving import House
from .expecting import Expected

PROMISES = {
    "promise.due_soon": "promise ahead",
    "promise.unlikely": "promise unlikely",
    "promise.due": "promise due",
    "promise.escalated": "promise escalated",
}
SERVICE = {"service.warned": "service warned", "service.breached": "service breached"}
STAGES = {"complaint.due_soon": "stage warned", "complaint.breached": "stage breached"}
CASES = {
    "complaint.final_due_soon": "final response warned",
    "complaint.final_breached": "final response breached",
    "complaint.question_late": "question late",
    "complaint.prevention_late": "change late",
    "complaint.proposal_expired": "proposal over",
    "complaint.followed_up": "follow-up",
    "complaint.not_asked": "follow-up left out",
}
PLACES = {
    "check_in.done": "check-in",
    "check_in.skipped": "check-in left out",
    "conversation.woken": "snooze over",
}
Happened = tuple[str, str, datetime]


@dataclass
class Line:
    """The figures of one kind."""

    expected: int = 0
    happened: int = 0
    doubled: int = 0
    uncalled: int = 0
    missing: int = 0
    early: int = 0
    late: int = 0

    @property
    def is_good(self) -> bool:
        """Everything once, and in time."""
        return not (self.doubled or self.uncalled or self.missing or self.early or self.late)


@dataclass
class Verdict:
    """The table, and what is wrong in words."""

    lines: dict[str, Line] = field(default_factory=lambda: defaultdict(Line))
    faults: list[str] = field(default_factory=list)


def judge(expected: Iterable[Expected], house: House, *, slack: timedelta) -> Verdict:
    """Hold one against the other; `slack` is how much later than its look something may happen."""
    verdict = Verdict()
    wanted: dict[tuple[str, str], list[Expected]] = defaultdict(list)
    for one in expected:
        wanted[one.kind, one.about].append(one)
        verdict.lines[one.kind].expected += 1
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for kind, about, at in happened(house):
        found[kind, about].append(at)
        verdict.lines[kind].happened += 1
    _exchange(wanted, found)
    for key in sorted(wanted.keys() | found.keys()):
        _compare(verdict, key, wanted[key], sorted(found[key]), slack)
    verdict.faults += _in_the_tables(verdict)
    return verdict


def _exchange(
    wanted: Mapping[tuple[str, str], list[Expected]], found: dict[tuple[str, str], list[datetime]]
) -> None:
    """Of two that wait for the same leave, and could both go, workers race for it: either may be first."""
    waited = [one for some in wanted.values() for one in some if one.turn and len(some) == 1]
    for one, other in combinations(waited, 2):
        if one.turn != other.turn:
            continue
        own, its = (found[each.kind, each.about] for each in (one, other))
        if (
            len(own) == len(its) == 1
            and _in_place_of(own[0], one, other)
            and _in_place_of(its[0], other, one)
        ):
            found[one.kind, one.about], found[other.kind, other.about] = its, own


def _in_place_of(at: datetime, one: Expected, other: Expected) -> bool:
    """Whether `one`, which could go, went when `other` was to."""
    return one.ready <= at and other.moment <= at <= other.step and not one.moment <= at <= one.step


def happened(house: House) -> Iterator[Happened]:
    """Everything that the watchers told of: kind, about what, when."""
    places = {place.pk: name for name, place in house.places.items()}
    cases = {case.pk: name for name, case in house.cases.items()}
    words = {promise.pk: name for name, promise in house.promises.items()} | _made_by_the_house(places, cases)
    for event in Event.objects.order_by("id"):
        kind, data = event.kind, event.data
        if kind in PROMISES:
            yield PROMISES[kind], words[data["promise"]], event.at
        elif kind in SERVICE:
            yield SERVICE[kind], f"{places[event.conversation_id]} {data['clock']}", event.at
        elif kind in STAGES:
            yield STAGES[kind], f"{cases[data['complaint']]} {data['stage']}", event.at
        elif kind in CASES:
            yield CASES[kind], cases[data["complaint"]], event.at
        elif kind in PLACES and data.get("reason", "due") == "due":
            yield PLACES[kind], places[event.conversation_id], event.at
    for firing in Firing.objects.select_related("rule").order_by("id"):
        yield firing.rule.name, places[firing.conversation_id], firing.at
    yield from _sent_once_approved(cases)


def _sent_once_approved(cases: dict[int, str]) -> Iterator[Happened]:
    approved = Event.objects.filter(kind="complaint.proposal_approved").values_list(
        "data__proposal", flat=True
    )
    for event in Event.objects.filter(kind="complaint.proposed", data__proposal__in=list(approved)):
        yield "proposal sent once approved", cases[event.data["complaint"]], event.at


def _made_by_the_house(places: dict[int, str], cases: dict[int, str]) -> dict[int, str]:
    """The names, in the model, of promises that the house makes of its own accord."""
    words: dict[int, str] = {}
    counted: dict[int, int] = defaultdict(int)
    for record in StageRecord.objects.order_by("id"):
        counted[record.complaint_id] += 1
        if record.promise_id is not None:
            words[record.promise_id] = f"{cases[record.complaint_id]} stage {counted[record.complaint_id]}"
    for remedy in Remedy.objects.exclude(promise=None):
        words[remedy.promise_id] = f"{cases[remedy.complaint_id]} remedy"
    for call in CheckIn.objects.exclude(promise=None).select_related("closure"):
        words[call.promise_id] = f"{places[call.conversation_id]} call {call.closure.at.isoformat()}"
    return words


def _compare(
    verdict: Verdict, key: tuple[str, str], wanted: list[Expected], found: list[datetime], slack: timedelta
) -> None:
    """When something happened against when it was to: early, late, too often, or not at all."""
    line, said = verdict.lines[key[0]], " ".join(key)
    for one, at in zip(wanted, found, strict=False):
        if at < one.moment:
            line.early += 1
            verdict.faults.append(f"{said}: at {at:%d %H:%M}, before {one.moment:%d %H:%M:%S}")
        elif at > one.step + slack:
            line.late += 1
            verdict.faults.append(f"{said}: at {at:%d %H:%M}, due at {one.moment:%d %H:%M}")
    for missing in wanted[len(found) :]:
        line.missing += 1
        verdict.faults.append(f"{said}: not at all, due at {missing.moment:%d %H:%M:%S}")
    for more in found[len(wanted) :]:
        if wanted:
            line.doubled += 1
        else:
            line.uncalled += 1
        verdict.faults.append(f"{said}: {'again' if wanted else 'uncalled for'} at {more:%d %H:%M}")


def _in_the_tables(verdict: Verdict) -> Iterator[str]:
    """What the log says is what the tables hold, too."""
    told = Event.objects.filter(kind__in=PROMISES).values_list("data__to", flat=True)
    given, whom = Reminder.objects.exclude(agent=None).count(), sum(len(to) for to in told)
    if given != whom:
        yield f"{given} reminders were given to somebody, and {whom} were told"
    # In this house there is always somebody who answers.
    if nobody := Reminder.objects.filter(agent=None).count():
        yield f"{nobody} reminders were given to nobody"
    sent = Message.objects.filter(kind=Message.Kind.AUTOMATIC, check_in__isnull=False).count()
    calls = CheckIn.objects.exclude(promise=None).count()
    if sent + calls != verdict.lines["check-in"].happened:
        yield f"{sent} mails and {calls} calls of check-ins were made, and another number was told of"
    yield from clocks.recompute(write=False)
