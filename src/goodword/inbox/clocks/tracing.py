"""What a conversation's history makes of its service clocks: a pure function.

The same function is used when something happens and when everything is computed anew, so the two agree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from goodword.staff.working_time import Calendar, add, between

NOTHING = timedelta(0)


class Kind(StrEnum):
    """What a clock measures; the values of `ServiceClock.Kind`."""

    FIRST_REPLY = "first_reply"
    NEXT_REPLY = "next_reply"
    RESOLUTION = "resolution"


class What(StrEnum):
    """What can happen to clocks."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    AGREED = "agreed"
    WARNED = "warned"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a service level asks, in minutes, and the hours it is counted over. They never change."""

    id: int
    targets: Mapping[str, int]
    warn_at: int
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, in the order of the event log.

    `terms` are what AGREED puts in force (None: no level holds any more); `clock` is the kind and the
    beginning of the clock that was told of.
    """

    at: datetime
    what: What
    terms: int | None = None
    clock: tuple[str, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as it is stored. `untold` says what it shows that nobody has been told of yet."""

    kind: str
    started_at: datetime
    terms_id: int
    target: int
    spent: timedelta
    runs_since: datetime | None
    warn_at: datetime | None
    due_at: datetime | None
    warned_at: datetime | None
    breached_at: datetime | None
    met_at: datetime | None
    ended_at: datetime | None
    breach_untold: bool

    @property
    def is_running(self) -> bool:
        return self.runs_since is not None


def trace(happenings: Iterable[Happening], terms: Mapping[int, Terms]) -> list[Clock]:
    """The clocks of a conversation after all that happened, by their beginning."""
    history = _History(terms)
    for one in happenings:
        history.take(one)
    return history.clocks()


def next_due(clocks: Iterable[Clock]) -> datetime | None:
    """When the first of the running clocks is due."""
    return min((clock.due_at for clock in clocks if clock.is_running and clock.due_at), default=None)


@dataclass
class _Running:
    """A clock on its way. Until terms ask for one of its kind it only keeps when it ran."""

    kind: Kind
    started_at: datetime
    since: datetime | None
    terms: Terms | None = None
    target: int = 0
    ran: list[tuple[datetime, datetime]] = field(default_factory=list)
    spent: timedelta = NOTHING
    due: datetime | None = None
    warn: datetime | None = None
    warned: datetime | None = None
    breached: datetime | None = None
    told: bool = False
    met: datetime | None = None
    ended: datetime | None = None
    dropped: datetime | None = None

    def run(self, at: datetime) -> None:
        """Run from `at` on, also when it had ended."""
        self.met, self.ended = None, None
        if self.since is None:
            self.since = at
            self._look_ahead(at)

    def pause(self, at: datetime) -> None:
        """Stop at `at`, to run on later."""
        if self.since is None:
            return
        if self.terms is None:
            self.ran.append((self.since, at))
        self._count(at)
        self.since, self.due, self.warn = None, None, None

    def end(self, at: datetime, *, met: bool) -> None:
        """End at `at`; one that ended unmet may still be met later."""
        self.pause(at)
        self.ended = at
        self.met = at if met else None

    def agree(self, terms: Terms | None, at: datetime) -> None:
        """Go by other terms from `at` on, without losing the time that has run.

        Where they ask for none of its kind, it counts no further, and as ended until they do again.
        """
        target = terms.targets.get(self.kind) if terms else None
        self._count(at)
        if terms is None or target is None:
            self.dropped = self.dropped or (at if self.terms else None)
            self._look_ahead(at)
            return
        if self.terms is None:
            self.spent = sum((between(terms.calendar, *stretch) for stretch in self.ran), NOTHING)
        elif self.dropped is not None and self.since is not None:
            self.since = at
        self.terms, self.target, self.dropped = terms, target, None
        if self.spent < self._whole:
            self.breached, self.told = None, False
        if self.spent < self._until_warning:
            self.warned = None
        self._look_ahead(at)

    def tell(self, what: What, at: datetime) -> None:
        """Note that a warning or a breach was told at `at`."""
        if self.terms is None:
            return
        if what == What.WARNED:
            self.warned, self.warn = self.warned or at, None
            return
        if self.breached is None and self.due is not None and self.due <= at:
            self.breached = self.due
        if self.breached is not None:
            self.told, self.warn = True, None

    def shown(self) -> Clock | None:
        """The clock as it is stored; None when no terms ever asked for it."""
        if self.terms is None:
            return None
        return Clock(
            kind=self.kind,
            started_at=self.started_at,
            terms_id=self.terms.id,
            target=self.target,
            spent=self.spent,
            runs_since=self.since if self.dropped is None else None,
            warn_at=self.warn,
            due_at=self.due,
            warned_at=self.warned,
            breached_at=self.breached,
            met_at=self.met,
            ended_at=self.ended or self.dropped,
            breach_untold=self.breached is not None and not self.told,
        )

    @property
    def _whole(self) -> timedelta:
        return timedelta(minutes=self.target)

    @property
    def _until_warning(self) -> timedelta:
        return self._whole * (self.terms.warn_at if self.terms else 100) / 100

    def _count(self, at: datetime) -> None:
        """Count what ran until `at`, and whether it was more than allowed."""
        if self.since is None or self.terms is None or self.dropped is not None:
            return
        self.spent += between(self.terms.calendar, self.since, at)
        self.since = max(self.since, at)
        if self.breached is None and self.due is not None and self.due < at:
            self.breached = self.due

    def _look_ahead(self, at: datetime) -> None:
        """Set when it is due, and when to warn, now that it runs since `since`; no earlier than `at`."""
        self.due, self.warn = None, None
        if self.since is None or self.terms is None or self.dropped is not None:
            return
        if self.breached is not None:
            self.due = self.breached
            return
        self.due = self._moment(self._whole, at)
        if self.warned is None and self.due is not None:
            self.warn = self._moment(self._until_warning, at)

    def _moment(self, span: timedelta, at: datetime) -> datetime | None:
        """When the clock will have run for `span`; None when nobody works any more."""
        if self.terms is None or self.since is None:
            return None
        if span <= self.spent:
            return max(self.since, at)
        try:
            return add(self.terms.calendar, self.since, span - self.spent)
        except ValueError:
            return None


class _History:
    """A conversation's course so far: who waits for whom, and the clocks of it."""

    def __init__(self, terms: Mapping[int, Terms]) -> None:
        self._known = terms
        self._terms: Terms | None = None
        self._clocks: dict[tuple[str, datetime], _Running] = {}
        self._reply: _Running | None = None
        self._resolution: _Running | None = None
        self._answered_once = False
        self._open = True

    def take(self, one: Happening) -> None:
        """Go on by one happening."""
        match one.what:
            case What.ASKED:
                self._asked(one.at)
            case What.ANSWERED:
                self._answered(one.at)
            case What.CLOSED:
                self._closed(one.at)
            case What.REOPENED:
                self._reopened(one.at)
            case What.AGREED:
                self._agreed(one.terms, one.at)
            case What.WARNED | What.BREACHED:
                told = self._clocks.get(one.clock) if one.clock else None
                if told is not None:
                    told.tell(one.what, one.at)

    def clocks(self) -> list[Clock]:
        """What is stored of it."""
        shown = [clock for each in self._clocks.values() if (clock := each.shown()) is not None]
        return sorted(shown, key=lambda clock: (clock.started_at, clock.kind))

    def _asked(self, at: datetime) -> None:
        """The customer wrote or called in vain; it is our turn, in a closed conversation, too."""
        if not self._open:
            self._reopened(at)
        if self._reply is None:
            kind = Kind.NEXT_REPLY if self._answered_once else Kind.FIRST_REPLY
            self._reply = self._begun(kind, at)
        if self._resolution is None:
            self._resolution = self._begun(Kind.RESOLUTION, at)
        else:
            self._resolution.run(at)

    def _answered(self, at: datetime) -> None:
        """We answered, perhaps in the moment of closing; a call written down late may have come before."""
        if self._reply is None or at < self._reply.started_at:
            return
        self._reply.end(at, met=True)
        self._reply, self._answered_once = None, True
        if self._resolution is not None and self._open:
            self._resolution.pause(at)

    def _closed(self, at: datetime) -> None:
        if not self._open:
            return
        self._open = False
        if self._reply is not None:
            self._reply.end(at, met=False)
        if self._resolution is not None:
            self._resolution.end(at, met=True)

    def _reopened(self, at: datetime) -> None:
        """Open again: what was unanswered waits on."""
        if self._open:
            return
        self._open = True
        if self._resolution is not None:
            self._resolution.met = self._resolution.ended = None
        for clock in (self._reply, self._resolution if self._reply is not None else None):
            if clock is not None:
                clock.run(at)
        self._look_at_terms(at)

    def _agreed(self, terms: int | None, at: datetime) -> None:
        self._terms = self._known.get(terms) if terms is not None else None
        self._look_at_terms(at)

    def _look_at_terms(self, at: datetime) -> None:
        """Let the clocks that go on go by the terms in force."""
        for clock in (self._reply, self._resolution):
            if clock is not None and self._open and (clock.dropped or clock.terms != self._terms):
                clock.agree(self._terms, at)

    def _begun(self, kind: Kind, at: datetime) -> _Running:
        """A new clock; two of a kind never begin in the same moment."""
        while (kind, at) in self._clocks:
            at += timedelta(microseconds=1)
        clock = self._clocks[kind, at] = _Running(kind, at, at)
        clock.agree(self._terms, at)
        return clock
