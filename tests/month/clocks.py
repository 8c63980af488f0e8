"""The model of service clocks: what has run, when it is warned of, and when it was breached."""

from datetime import datetime, timedelta

from .expecting import Book
from .house import TARGETS, WARN
from .minutes import MINUTE, Minutes, minutes_of


class Clock:
    """One clock; `since` is None while it stands still."""

    def __init__(self, kind: str, target: int, minutes: Minutes, begun: datetime) -> None:
        self.kind, self.whole, self._minutes = kind, MINUTE * target, minutes
        self.spent = timedelta(0)
        self.is_warned = self.is_breached = False
        self.since: datetime | None = None
        self.go(begun)

    def go(self, at: datetime) -> None:
        """Run on."""
        if self.since is None:
            self.since = at
            self.due = self._reached(self.whole, at)
            self.warn = self._reached(self.whole * WARN, at)

    def stop(self, at: datetime) -> bool:
        """Stand still; whether that shows that it was late, and nobody has been told."""
        if self.since is None:
            return False
        is_late = not self.is_breached and self.due < at
        self.is_breached |= is_late
        self.spent += self._minutes.between(self.since, at)
        self.since = None
        return is_late

    def _reached(self, span: timedelta, at: datetime) -> datetime:
        return self._minutes.after(at, span - self.spent) if span > self.spent else at


class Clocks:
    """The clocks of one conversation."""

    def __init__(self, name: str, *, team: str, priority: str, book: Book) -> None:
        self._name, self._book = name, book
        self._targets = TARGETS[priority]
        self._minutes = minutes_of(team if priority == "normal" else None)
        self._reply: Clock | None = None
        self._resolution: Clock | None = None
        self._answered_once = False
        self.breaches = 0  # that were told of, ever

    def asked(self, at: datetime) -> None:
        """The customer waits from now on."""
        if self._reply is None:
            self._reply = self._new("next_reply" if self._answered_once else "first_reply", at)
        if self._resolution is None:
            self._resolution = self._new("resolution", at)
        else:
            self._resolution.go(at)

    def answered(self, at: datetime) -> None:
        """We answered."""
        if self._reply is None:
            return
        self._stop(self._reply, at)
        self._stop(self._resolution, at)
        self._reply, self._answered_once = None, True

    def closed(self, at: datetime) -> None:
        """The conversation was closed."""
        self._stop(self._reply, at)
        self._stop(self._resolution, at)

    def reopened(self, at: datetime) -> None:
        """It was opened again: what was unanswered waits on."""
        if self._reply is not None:
            self._reply.go(at)
            if self._resolution is not None:
                self._resolution.go(at)

    def look(self, now: datetime) -> None:
        """Warn and tell."""
        for clock in (self._reply, self._resolution):
            if clock is None or clock.since is None or clock.is_breached:
                continue
            if clock.due < now:
                clock.is_breached = True
                self._breached(clock)
            elif clock.warn <= now and not clock.is_warned:
                clock.is_warned = True
                self._book.expect("service warned", f"{self._name} {clock.kind}", clock.warn)

    def _new(self, kind: str, at: datetime) -> Clock | None:
        target = self._targets.get(kind)
        return Clock(kind, target, self._minutes, at) if target else None

    def _stop(self, clock: Clock | None, at: datetime) -> None:
        if clock is not None and clock.stop(at):
            self._breached(clock)

    def _breached(self, clock: Clock) -> None:
        self._book.expect("service breached", f"{self._name} {clock.kind}", clock.due)
        self.breaches += 1
