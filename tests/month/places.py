"""The model of conversations: who waits for whom, what sleeps, check-ins, and rules by time."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from .clocks import Clocks
from .expecting import Book
from .house import CHECK_INS, COMPANY, LASTING
from .minutes import MINUTE

QUIET_FROM, QUIET_UNTIL, SUNDAY = time(20), time(8), 6
MOST, IN_DAYS = 2, timedelta(days=14)


@dataclass
class Person:
    """A customer: where they live, when they wrote, and when we contacted them unasked."""

    name: str
    zone: str
    wrote: list[datetime] = field(default_factory=list)
    contacted: list[datetime] = field(default_factory=list)

    def not_before(self, now: datetime) -> datetime | None:
        """When they may be contacted, when not now."""
        lately = sorted(at for at in self.contacted if at > now - IN_DAYS)
        if len(lately) >= MOST:
            return lately[-MOST] + IN_DAYS
        at = now
        while self._is_quiet(at):
            at += MINUTE
        return at if at > now else None

    def _is_quiet(self, at: datetime) -> bool:
        wall = at.astimezone(ZoneInfo(self.zone) if self.zone else COMPANY)
        return wall.weekday() == SUNDAY or wall.time() >= QUIET_FROM or wall.time() < QUIET_UNTIL


@dataclass
class Asking:
    """A check-in after one closing."""

    closed: datetime
    way: str
    due: datetime
    ready: datetime
    is_reopened: bool = False


@dataclass
class Place:
    """A conversation."""

    name: str
    person: Person
    team: str
    tags: tuple[str, ...]
    clocks: Clocks
    book: Book
    state: str = "open"
    waits_since: datetime | None = None
    silent_since: datetime | None = None
    until: datetime | None = None
    asking: list[Asking] = field(default_factory=list)
    fired: set[tuple[str, datetime]] = field(default_factory=set)
    heard: list[datetime] = field(default_factory=list)

    def wrote(self, at: datetime) -> None:
        """The customer writes."""
        self.person.wrote.append(at)
        self.heard.append(at)
        self._open(at)
        self.waits_since = self.waits_since or at
        self.silent_since = None
        self.clocks.asked(at)

    def replied(self, at: datetime) -> None:
        """We reply."""
        self.waits_since, self.silent_since = None, at
        self.clocks.answered(at)

    def close(self, at: datetime) -> None:
        """It is closed, and a check-in is planned."""
        if self.state == "closed":
            return
        self.state, self.until, self.unanswered = "closed", None, self.waits_since
        self.waits_since, self.closed_at = None, at
        self.clocks.closed(at)
        for tag, days, way in CHECK_INS:
            if not tag or tag in self.tags:
                due = at + timedelta(days=days)
                self.asking.append(Asking(at, way, due, ready=due))
                break

    def reopen(self, at: datetime) -> None:
        """Somebody opens it again."""
        if self.state == "closed":
            self._open(at)
            self.waits_since = self.unanswered

    def snooze(self, until: datetime) -> None:
        """It is put away."""
        self.state, self.until = "snoozed", until

    def look(self, now: datetime) -> list[Asking]:
        """What is to happen now; gives the calls that are to be made."""
        if self.state == "snoozed" and self.until is not None and self.until <= now:
            self.book.expect("snooze over", self.name, self.until)
            self.state, self.until = "open", None
        self.clocks.look(now)
        self._rules(now)
        return [one for one in list(self.asking) if self._ask(one, now) and one.way == "call"]

    def _open(self, at: datetime) -> None:
        if self.state == "closed":
            for one in self.asking:
                one.is_reopened = True
            self.clocks.reopened(at)
        self.state, self.until = "open", None

    def _rules(self, now: datetime) -> None:
        if "watch" not in self.tags:
            return
        since = {
            "waiting": self.waits_since if self.state == "open" else None,
            "answered": self.silent_since if self.state == "open" and not self.waits_since else None,
            "closed": self.closed_at if self.state == "closed" else None,
        }
        for state, hours in LASTING:
            begun = since[state]
            if (
                begun is not None
                and begun + timedelta(hours=hours) <= now
                and (state, begun) not in self.fired
            ):
                self.fired.add((state, begun))
                self.book.expect(f"rule {state}", self.name, begun + timedelta(hours=hours))

    def _ask(self, one: Asking, now: datetime) -> bool:
        if one.due > now:
            return False
        if one.is_reopened or any(at > one.closed for at in self.person.wrote):
            self.asking.remove(one)
            self.book.expect("check-in left out", self.name, one.due)
            return False
        later = self.person.not_before(now)
        if later is not None:
            one.due = later
            return False
        self.asking.remove(one)
        self.person.contacted.append(now)
        self.book.expect("check-in", self.name, one.due, turn=self.person.name, ready=one.ready)
        return True
