"""The model of complaints: clocks of stages, final responses, proposals that end, and follow-ups."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .expecting import Book
from .house import (
    FINAL_AHEAD_DAYS,
    FINAL_DAYS,
    FOLLOW_UP_DAYS,
    PROPOSAL_DAYS,
    REMEDIES,
    STAGES,
    STEPS,
    WARN,
)
from .ledger import Ledger, Word
from .minutes import MINUTE, company_day, end_of_day, minutes_of, working_day_after
from .places import Place

DAY = timedelta(days=1)


@dataclass
class FollowUp:
    """The customer is to be asked whether all is well."""

    since: datetime
    due: datetime
    ready: datetime
    state: str = "planned"


class Case:
    """One complaint."""

    def __init__(self, name: str, place: Place, at: datetime, *, book: Book, ledger: Ledger) -> None:
        self.name, self.place, self._book, self._ledger = name, place, book, ledger
        self._entered = 0
        self._stage_word: Word | None = None
        self.final_due: datetime | None = at + DAY * FINAL_DAYS
        self._is_final_warned = False
        self.ends: datetime | None = None
        self.asked_approval: datetime | None = None
        self._question: datetime | None = None
        self._prevention: date | None = None
        self._reopened: datetime | None = None
        self.follow_ups: list[FollowUp] = []
        self._enter("received", at)

    def go(self, to: str, at: datetime) -> None:
        """Leave the stage for another one."""
        if to == self.stage:
            return
        if self._stage_word is not None:
            onward = STEPS.index(to) > STEPS.index(self.stage)
            self._stage_word.settle(at, "kept" if onward else "withdrawn")
        if STEPS.index(to) >= STEPS.index("proposed"):
            self.final_due = None
        self._enter(to, at)

    def advance(self, to: str, at: datetime) -> None:
        """Go to a stage that lies ahead."""
        if self.stage != "closed" and STEPS.index(to) > STEPS.index(self.stage):
            self.go(to, at)

    def propose(self, at: datetime) -> None:
        """The proposal is sent."""
        self.ends = end_of_day(company_day(at) + DAY * PROPOSAL_DAYS)
        self.place.replied(at)
        self.go("proposed", at)

    def choose(self, kind: str, at: datetime) -> None:
        """The customer chose; a remedy with its promise is made."""
        self.ends = None
        self.go("agreed", at)
        days, promised = REMEDIES[kind]
        team = self.place.team
        due = end_of_day(working_day_after(team, company_day(at), days))
        self.remedy = self._ledger.add(
            Word(f"{self.name} remedy", promised, team, made=at, due=due, whole_day=True)
        )

    def remedied(self, at: datetime) -> None:
        """It was done as agreed."""
        self.remedy.settle(at, "kept")
        self.advance("remedied", at)
        due = at + DAY * FOLLOW_UP_DAYS
        self.follow_ups.append(FollowUp(at, due, ready=due))

    def reopen(self, at: datetime) -> None:
        """Not all is well."""
        self._reopened = at
        self.go("investigating", at)

    def ask(self, due: datetime) -> None:
        """A colleague is asked."""
        self._question = due

    def told(self) -> None:
        """The colleague answers."""
        self._question = None

    def prevent(self, day: date) -> None:
        """Something is to be changed by that day."""
        self._prevention = day

    def prevented(self) -> None:
        """It was changed."""
        self._prevention = None

    def look(self, now: datetime) -> None:
        """What is to be told of now, and who is to be asked."""
        self._look_at_stage(now)
        self._look_at_final(now)
        if self._question is not None and self._question <= now and self.stage != "closed":
            self._book.expect("question late", self.name, self._question)
            self._question = None
        if self._prevention is not None and company_day(now) > self._prevention:
            over = end_of_day(self._prevention) + timedelta(seconds=1)
            self._book.expect("change late", self.name, over)
            self._prevention = None
        if self.ends is not None and self.ends <= now:
            self._book.expect("proposal over", self.name, self.ends)
            self.ends = None
        for one in self.follow_ups:
            self._follow_up(one, now)

    def _look_at_stage(self, now: datetime) -> None:
        if self._due is not None and self._due <= now:
            self._book.expect("stage breached", f"{self.name} {self.stage}", self._due)
            self._due = self._warn = None
        elif self._warn is not None and self._warn <= now:
            self._book.expect("stage warned", f"{self.name} {self.stage}", self._warn)
            self._warn = None

    def _look_at_final(self, now: datetime) -> None:
        if self.final_due is None or self.stage == "closed":
            return
        warn = self.final_due - DAY * FINAL_AHEAD_DAYS
        if self.final_due <= now:
            self._book.expect("final response breached", self.name, self.final_due)
            self.final_due = None
        elif warn <= now and not self._is_final_warned:
            self._is_final_warned = True
            self._book.expect("final response warned", self.name, warn)

    def _follow_up(self, one: FollowUp, now: datetime) -> None:
        if one.state != "planned" or one.due > now:
            return
        wrote = any(at > one.since for at in self.place.heard)
        if wrote or (self._reopened is not None and self._reopened > one.since):
            one.state = "left out"
            self._book.expect("follow-up left out", self.name, one.due)
            return
        person = self.place.person
        later = person.not_before(now)
        if later is not None:
            one.due = later
            return
        one.state = "sent"
        person.contacted.append(now)
        self._book.expect("follow-up", self.name, one.due, turn=person.name, ready=one.ready)

    def _enter(self, stage: str, at: datetime) -> None:
        self.stage, self._entered = stage, self._entered + 1
        rules, minutes = STAGES[stage], minutes_of(self.place.team if STAGES[stage].working else None)
        self._due = self._warn = None
        self._stage_word = None
        if rules.minutes is None:
            return
        self._due = minutes.after(at, MINUTE * rules.minutes)
        self._warn = minutes.after(at, MINUTE * rules.minutes * WARN)
        if rules.promises:
            name = f"{self.name} stage {self._entered}"
            self._stage_word = self._ledger.add(Word(name, "do", self.place.team, made=at, due=self._due))
