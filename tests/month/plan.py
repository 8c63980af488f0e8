"""What customers and agents do in the month, out of one seed: deeds with their moments, on whole minutes."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from .house import CREWS, CUSTOMER_ZONES, FOLLOW_UP_DAYS

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A_DAY = 20  # conversations
EACH = 4  # conversations of one customer in a month, about
KINDS = ("do", "answer", "call", "money", "delivery")
SPANS = ((6, "working_hour"), (2, "working_day"), (5, "hour"), (3, "day"), (1, "week"))
HISTORY = 25


@dataclass(frozen=True, order=True)
class Deed:
    """Somebody does something: at a moment, about something with a name."""

    at: datetime
    number: int
    verb: str = field(compare=False)
    about: str = field(compare=False)
    more: Mapping[str, Any] = field(compare=False)


class Plan:
    """The deeds of so many days, in their order."""

    def __init__(self, seed: int, first: date, days: int) -> None:
        self.first = datetime(first.year, first.month, first.day, tzinfo=UTC)
        self.last = self.first + DAY * days
        self.chance = random.Random(seed)
        self._deeds: list[Deed] = []
        self.customers = max(8, A_DAY * days // EACH)
        self._history()
        for number in range(A_DAY * days):
            self._conversation(f"conversation {number}")
        self.deeds = sorted(deed for deed in self._deeds if deed.at < self.last)

    def zone_of(self, customer: int) -> str:
        """Where a customer lives; '' where nobody knows."""
        return CUSTOMER_ZONES[customer % len(CUSTOMER_ZONES)]

    def _add(self, at: datetime, verb: str, about: str, **more: Any) -> datetime:
        self._deeds.append(Deed(at, len(self._deeds), verb, about, more))
        return at

    def _within(self, least: timedelta, most: timedelta) -> timedelta:
        return MINUTE * self.chance.randrange(int(least / MINUTE), int(most / MINUTE))

    def _soon_or_late(self) -> timedelta:
        spans = ((10 * MINUTE, HOUR), (HOUR, 6 * HOUR), (6 * HOUR, 30 * HOUR), (30 * HOUR, 4 * DAY))
        return self._within(*self.chance.choices(spans, (3, 4, 3, 1))[0])

    def _history(self) -> None:
        """Promises of long ago: deliveries that were broken, calls that were made within two hours."""
        begun = self.first - DAY * 12
        self._add(begun, "open", "long ago", customer=0, team="Care", priority="normal", tags=())
        self._add(begun + MINUTE, "reply", "long ago")
        self._add(begun + 2 * MINUTE, "close", "long ago")
        for number in range(HISTORY):
            for kind, verb, took in (("delivery", "break", 10 * DAY), ("call", "keep", 2 * HOUR)):
                name, at = f"old {kind} {number}", begun + MINUTE * (3 + number)
                self._add(at, "promise", name, place="long ago", kind=kind, due=None, whole_day=False)
                self._add(at + took, verb, name)

    def _conversation(self, name: str) -> None:
        at = self.first + self._within(MINUTE, self.last - self.first)
        is_complaint = self.chance.random() < 0.1
        shares = (("watch", 0.0 if is_complaint else 0.4), ("repair", 0.15))
        tags = [tag for tag, share in shares if self.chance.random() < share]
        customer, team = self.chance.randrange(self.customers), self.chance.choice(list(CREWS))
        priority = "urgent" if self.chance.random() < 0.12 else "normal"
        self._add(at, "open", name, customer=customer, team=team, priority=priority, tags=tuple(tags))
        if is_complaint:
            self._complaint(name, at)
        else:
            self._exchange(name, at)

    def _exchange(self, name: str, at: datetime) -> None:
        for turn in range(self.chance.randrange(1, 4)):
            if self.chance.random() < 0.08:
                break
            at = self._add(at + self._soon_or_late(), "reply", name)
            if self.chance.random() < 0.4:
                self._promise(f"{name} promise {turn}", name, at + MINUTE)
            if self.chance.random() < 0.12:
                until = at + self._within(2 * HOUR, 3 * DAY)
                at = self._add(at + 2 * MINUTE, "snooze", name, until=until)
            if self.chance.random() < 0.5:
                break
            at = self._add(at + self._soon_or_late(), "write", name)
        if self.chance.random() < 0.75:
            self._close(name, at + self._within(HOUR, 2 * DAY))

    def _close(self, name: str, at: datetime) -> None:
        self._add(at, "close", name)
        dice = self.chance.random()
        if dice < 0.2:
            at = self._add(at + self._within(2 * HOUR, 4 * DAY), "write", name)
            if self.chance.random() < 0.8:
                at = self._add(at + self._soon_or_late(), "reply", name)
                self._add(at + self._within(HOUR, DAY), "close", name)
        elif dice < 0.25:
            at = self._add(at + self._within(2 * HOUR, 2 * DAY), "reopen", name)
            self._add(at + self._within(HOUR, DAY), "close", name)

    def _promise(self, name: str, place: str, at: datetime) -> None:
        kind, dice = self.chance.choice(KINDS), self.chance.random()
        due: datetime | date | None = None
        more: dict[str, Any] = {}
        if dice < 0.5:
            due = at + self._within(HOUR, 5 * DAY)
        elif dice < 0.75:
            due = (at + DAY * self.chance.randrange(6)).date()
        elif dice < 0.92:
            more["after"] = self.chance.choice(SPANS)
        whole = isinstance(due, date) and not isinstance(due, datetime)
        self._add(at, "promise", name, place=place, kind=kind, due=due, whole_day=whole, **more)
        if "after" in more and self.chance.random() < 0.85:
            at = self._add(at + self._within(HOUR, 3 * DAY), "meet", name)
        self._fate(name, at)

    def _fate(self, name: str, at: datetime) -> None:
        at += self._within(30 * MINUTE, 5 * DAY)
        verb = self.chance.choices(("keep", "break", "withdraw", "renegotiate", ""), (9, 3, 2, 3, 3))[0]
        if verb == "renegotiate":
            self._add(at, "renegotiate", name, due=at + self._within(2 * HOUR, 3 * DAY))
            self._add(at + self._within(HOUR, 4 * DAY), "keep", name)
        elif verb:
            self._add(at, verb, name)
            if verb == "keep" and self.chance.random() < 0.1:
                self._add(at + self._within(MINUTE, DAY), "reopen_promise", name)

    def _complaint(self, name: str, at: datetime) -> None:
        """From stage to stage, in time or late; about one in eight stays where it is each time."""
        case = name.replace("conversation", "complaint")
        at = self._add(at + self._within(5 * MINUTE, 2 * HOUR), "complain", case, place=name)
        if self.chance.random() < 0.3:
            day = (at + DAY * self.chance.randrange(1, 4)).date()
            self._add(at + MINUTE, "prevent", case, day=day)
            if self.chance.random() < 0.4:
                self._add(at + self._within(HOUR, 4 * DAY), "carry_out", case)
        if self.chance.random() < 0.12:
            return
        at = self._add(at + self._within(30 * MINUTE, 12 * HOUR), "acknowledge", case)
        if self.chance.random() < 0.12:
            return
        at = self._add(at + self._within(30 * MINUTE, 12 * HOUR), "investigate", case)
        if self.chance.random() < 0.4:
            self._add(at + MINUTE, "ask", case, due=at + self._within(2 * HOUR, DAY))
            if self.chance.random() < 0.5:
                self._add(at + self._within(HOUR, DAY), "tell", case)
        if self.chance.random() < 0.12:
            return
        self._proposal(name, case, at + self._within(2 * HOUR, 30 * HOUR))

    def _proposal(self, name: str, case: str, at: datetime) -> None:
        kind, dear = self.chance.choice(("replacement", "refund")), self.chance.random() < 0.35
        self._add(at, "propose", case, kind=kind, dear=dear)
        if dear:
            if wrote := self.chance.random() < 0.25:
                self._add(at + 5 * MINUTE, "write", name)
            at = self._add(at + self._within(30 * MINUTE, 20 * HOUR), "approve", case)
            if wrote:
                return
        dice, at = self.chance.random(), at + self._within(2 * HOUR, 2 * DAY)
        if dice < 0.25:
            return  # it expires
        if dice < 0.38:
            self._add(at, "decline", case)
            return
        self._add(at, "choose", case)
        if self.chance.random() < 0.1:
            return
        at = self._add(at + self._within(HOUR, 3 * DAY), "remedy_done", case)
        if self.chance.random() < 0.2:
            self._add(at + self._within(HOUR, DAY * FOLLOW_UP_DAYS), "write", name)
            return
        at += DAY * FOLLOW_UP_DAYS + self._within(HOUR, 20 * HOUR)
        dice = self.chance.random()
        if dice < 0.7:
            self._add(at, "answer", case, content=True)
            self._add(at + self._within(HOUR, 2 * DAY), "close_case", case)
        elif dice < 0.85:
            self._add(at, "answer", case, content=False)
