"""What ought to happen in the month, found by walking through the plan look by look, without the house."""

from datetime import datetime, timedelta
from typing import Any

from .cases import Case
from .clocks import Clocks
from .expecting import Book, Expected
from .house import HEARD
from .ledger import Ledger, Word
from .minutes import end_of_day
from .places import Asking, Person, Place
from .plan import Deed, Plan

CALL_WITHIN = timedelta(days=1)
SETTLED = {"keep": "kept", "break": "broken", "withdraw": "withdrawn"}


class Model:
    """The house as it ought to be."""

    def __init__(self, plan: Plan) -> None:
        self.book = Book()
        self.ledger = Ledger(self.book)
        self.places: dict[str, Place] = {}
        self.cases: dict[str, Case] = {}
        self.place_of: dict[str, str] = {}
        self._people = {
            number: Person(f"customer {number}", plan.zone_of(number)) for number in range(plan.customers)
        }
        self._news: list[tuple[str, Place, datetime]] = []
        self._breaches: dict[str, int] = {}
        self._calls = 0

    def go(self, deeds: list[Deed], step: datetime) -> None:
        """Do what people do until `step`, then look as the watchers do."""
        self.book.step = step
        for deed in deeds:
            getattr(self, f"_{deed.verb}")(deed.about, deed.at, **deed.more)
        self._look(step)

    def expected(self) -> list[Expected]:
        """All that was expected of the watchers."""
        return list(self.book)

    def _look(self, now: datetime) -> None:
        for word in self.ledger.look(now):
            place = self.places.get(self.place_of.get(word.name, ""))
            if place is not None and word.due is not None:
                self._news.append(("promise.due", place, max(word.due, word.touched)))
        for case in self.cases.values():
            case.look(now)
        for place in self.places.values():
            for call in place.look(now):
                self._call(place, call, now)
            told = place.clocks.breaches - self._breaches.get(place.name, 0)
            self._breaches[place.name] = place.clocks.breaches
            self._news += [("service.breached", place, now)] * told
        for event, place, at in self._news:
            for heard, tag in HEARD:
                if heard == event and (not tag or tag in place.tags):
                    self.book.expect(f"rule {event}", place.name, at)
        self._news.clear()

    def _call(self, place: Place, call: Asking, now: datetime) -> None:
        word = Word(f"call {self._calls}", "call", place.team, made=now, due=now + CALL_WITHIN)
        word.name = f"{place.name} call {call.closed.isoformat()}"
        self.ledger.add(word)
        self.place_of[word.name] = place.name

    def _open(self, name: str, at: datetime, *, customer: int, team: str, priority: str, tags: Any) -> None:
        person = self._people[customer]
        clocks = Clocks(name, team=team, priority=priority, book=self.book)
        self.places[name] = place = Place(name, person, team, tags, clocks, self.book)
        place.wrote(at)
        self._news.append(("conversation.opened", place, at))

    def _write(self, name: str, at: datetime) -> None:
        self.places[name].wrote(at)

    def _reply(self, name: str, at: datetime) -> None:
        self.places[name].replied(at)

    def _close(self, name: str, at: datetime) -> None:
        self.places[name].close(at)

    def _reopen(self, name: str, at: datetime) -> None:
        self.places[name].reopen(at)

    def _snooze(self, name: str, at: datetime, *, until: datetime) -> None:
        self.places[name].snooze(until)

    def _promise(self, name: str, at: datetime, *, place: str, kind: str, due: Any, whole_day: bool,
                 after: tuple[int, str] | None = None) -> None:  # fmt: skip
        self.place_of[name] = place
        team = self.places[place].team
        moment = end_of_day(due) if whole_day else due
        self.ledger.add(Word(name, kind, team, made=at, due=moment, whole_day=whole_day, after=after))

    def _keep(self, name: str, at: datetime) -> None:
        self.ledger.words[name].settle(at, "kept")

    def _break(self, name: str, at: datetime) -> None:
        self.ledger.words[name].settle(at, "broken")

    def _withdraw(self, name: str, at: datetime) -> None:
        self.ledger.words[name].settle(at, "withdrawn")

    def _reopen_promise(self, name: str, at: datetime) -> None:
        self.ledger.words[name].reopen(at)

    def _renegotiate(self, name: str, at: datetime, *, due: datetime) -> None:
        self.ledger.words[name].put_off(at, due)

    def _meet(self, name: str, at: datetime) -> None:
        self.ledger.words[name].meet(at)

    def _complain(self, name: str, at: datetime, *, place: str) -> None:
        self.cases[name] = Case(name, self.places[place], at, book=self.book, ledger=self.ledger)

    def _acknowledge(self, name: str, at: datetime) -> None:
        self.cases[name].advance("acknowledged", at)

    def _investigate(self, name: str, at: datetime) -> None:
        self.cases[name].advance("investigating", at)

    def _ask(self, name: str, at: datetime, *, due: datetime) -> None:
        self.cases[name].ask(due)

    def _tell(self, name: str, at: datetime) -> None:
        self.cases[name].told()

    def _prevent(self, name: str, at: datetime, *, day: Any) -> None:
        self.cases[name].prevent(day)

    def _carry_out(self, name: str, at: datetime) -> None:
        self.cases[name].prevented()

    def _propose(self, name: str, at: datetime, *, kind: str, dear: bool) -> None:
        case = self.cases[name]
        case.kind, case.asked_approval = kind, at if dear else None
        if not dear:
            case.propose(at)

    def _approve(self, name: str, at: datetime) -> None:
        case = self.cases[name]
        if case.asked_approval is not None and not any(one > case.asked_approval for one in case.place.heard):
            self.book.expect("proposal sent once approved", name, at)
            case.propose(at)

    def _choose(self, name: str, at: datetime) -> None:
        self.cases[name].choose(self.cases[name].kind, at)

    def _decline(self, name: str, at: datetime) -> None:
        case = self.cases[name]
        case.ends = None
        case.go("investigating", at)
        case.place.wrote(at)

    def _remedy_done(self, name: str, at: datetime) -> None:
        self.cases[name].remedied(at)

    def _answer(self, name: str, at: datetime, *, content: bool) -> None:
        case = self.cases[name]
        if case.follow_ups[-1].state != "sent":
            return
        if content:
            case.advance("followed_up", at)
            return
        case.reopen(at)
        case.place.wrote(at)

    def _close_case(self, name: str, at: datetime) -> None:
        case = self.cases[name]
        if case.stage == "followed_up":
            case.go("closed", at)
