"""The whole sample company on one day: conversations in every state, promises with every fate."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any, Literal

from . import days, script
from .cast import Clerk, Writer, clerks, writers
from .script import Scenario
from .story import Frame, Said, Story, Vow, tell

CUSTOMERS = 400
CONVERSATIONS = 1_500
DAYS = 182
# The last days are busier, so that a desk opened on any day has work on it.
RECENT_CONVERSATIONS, RECENT_HOURS = 110, 60
LONG = 0.06  # share of conversations that go on for five to eight letters
PROMISED_TODAY, PROMISED_TOMORROW, OVERDUE = 6, 4, 4
TOLD = 0.85  # share of new agreements of which the customer was told at once

State = Literal["open", "snoozed", "closed"]
Fate = Literal["open", "kept", "broken", "renegotiated", "withdrawn"]
Ending = Literal["kept", "broken", "renegotiated", "withdrawn", "late"]
ENDINGS: tuple[Ending, ...] = ("broken", "renegotiated", "withdrawn", "late")


@dataclass(frozen=True, slots=True)
class Pledge:
    """What became of a promise: settled by its owner, and for a new agreement the day it moved to and
    whether the customer was told of it then.
    """

    said: Said
    fate: Fate
    settled_at: datetime | None = None
    due_after: date | None = None
    note: str = ""
    told: bool = False


@dataclass(slots=True)
class Case:
    """A conversation as it stands on the day of the sample; `part` names the one that data speaks of."""

    writer: Writer
    address: str
    owner: Clerk | None
    story: Story
    tags: tuple[str, ...]
    state: State = "open"
    closed_at: datetime | None = None
    snoozed_until: datetime | None = None
    pledges: list[Pledge] = field(default_factory=list)
    part: str = ""

    @property
    def last(self) -> Said:
        """The newest letter; notes are no letters."""
        return [said for said in self.story.said if said.by != "note"][-1]

    @property
    def answered(self) -> bool:
        return any(said.by == "agent" for said in self.story.said)


@dataclass(frozen=True, slots=True)
class Company:
    """All of the sample. Times are in the company's own zone."""

    now: datetime
    clerks: tuple[Clerk, ...]
    writers: tuple[Writer, ...]
    cases: tuple[Case, ...]


def build(*, now: datetime, seed: int = 27) -> Company:
    """The sample company as it stands at `now`, told in its zone; the same each time."""
    chance = Random(seed)  # noqa: S311 nothing secret is drawn
    staff = clerks()
    customers = writers(CUSTOMERS, chance=chance, now=now)
    casting = Casting(staff, customers, chance)
    cases = [casting.case(moment, now) for moment in sorted(_openings(now, chance))]
    for number, (due, begun) in enumerate(_staged(now)):
        cases.append(casting.promised_case(begun, now, due=due, first=number % 2 == 0))
    for letter in script.table("promises")["letter"]:
        cases.append(casting.asked_case(letter, now))
    cases.sort(key=lambda case: case.story.said[0].at)
    for case in cases:
        _settle_promises(case, now, chance)
        _settle_state(case, now, chance)
    return Company(now, staff, customers, tuple(cases))


class Casting:
    """Chooses who writes about what, and who answers."""

    def __init__(self, staff: tuple[Clerk, ...], customers: tuple[Writer, ...], chance: Random) -> None:
        self.staff, self.chance = staff, chance
        self.scenarios = {
            language: [one for one in script.scenarios() if one.language == language]
            for language in ("en", "de", "fr", "es")
        }
        self.weights = {
            language: list(accumulate(one.weight for one in scenarios))
            for language, scenarios in self.scenarios.items()
        }
        self.customers = customers
        self.frequency = list(accumulate(1 / (1 + index % 40) for index in range(len(customers))))

    def case(self, opened: datetime, now: datetime) -> Case:
        """A conversation that began then, as far as it has come."""
        writer = self.chance.choices(self.customers, cum_weights=self.frequency)[0]
        scenario = self._scenario(writer)
        long = scenario.language == "en" and self.chance.random() < LONG
        return self._told(
            scenario, writer, opened, now, length=5 + int(self.chance.random() * 4) if long else None
        )

    def promised_case(self, opened: datetime, now: datetime, *, due: date, first: bool) -> Case:
        """A conversation in which something was promised for that very day, and nothing said since; with
        `first` by the first of the staff."""
        while True:
            writer = self.customers[int(self.chance.random() * len(self.customers))]
            if first and writer.language != "en":
                continue
            scenario = self._scenario(writer)
            promising = next((n for n, turn in enumerate(scenario.turns, 1) if turn.promise), 0)
            if not promising:
                continue
            owner = self.staff[0] if first else None
            case = self._told(scenario, writer, opened, now, length=promising, due=due, owner=owner)
            if any(said.vow and said.vow.due == due for said in case.story.said):
                return case

    def asked_case(self, letter: dict[str, Any], now: datetime) -> Case:
        """A first letter of that scenario, which nobody has answered."""
        scenario = next(one for one in script.scenarios() if one.id == letter["scenario"])
        speaking = [writer for writer in self.customers if writer.language == scenario.language]
        owner = next(clerk for clerk in self.staff if clerk.key == letter["by"])
        opened = now - timedelta(days=letter["days"])
        case = self._told(scenario, self.chance.choice(speaking), opened, now, length=1, owner=owner)
        case.part = letter["part"]
        return case

    def _scenario(self, writer: Writer) -> Scenario:
        language = writer.language
        while True:
            (scenario,) = self.chance.choices(self.scenarios[language], cum_weights=self.weights[language])
            if not scenario.work or writer.organisation:
                return scenario

    def _told(
        self,
        scenario: Scenario,
        writer: Writer,
        opened: datetime,
        now: datetime,
        length: int | None = None,
        due: date | None = None,
        owner: Clerk | None = None,
    ) -> Case:
        owner = owner or self._owner(scenario, recent=now - opened < timedelta(days=6))
        age = (now - opened).days
        colleague = self.chance.choice([clerk for clerk in self.staff if clerk is not owner])
        if age < 7 and owner is not self.staff[0] and self.chance.random() < 0.5:
            colleague = self.staff[0]
        poor = 0.0 if due else 0.16 if age > 90 else 0.05 if age > 30 else 0.01
        frame = Frame(writer, owner, colleague, opened, now, length, due, poor)
        work = scenario.work or self.chance.random() < 0.1
        address = writer.addresses[1] if work and len(writer.addresses) > 1 else writer.addresses[0]
        return Case(writer, address, owner, tell(scenario, frame, self.chance), scenario.tags)

    def _owner(self, scenario: Scenario, *, recent: bool) -> Clerk:
        # The first of the staff is the one a visitor logs in as, and should find work.
        if recent and scenario.language == "en" and self.chance.random() < 0.3:
            return self.staff[0]
        speaking = [clerk for clerk in self.staff if scenario.language in clerk.languages]
        if scenario.language != "en":
            return speaking[0]
        return self.chance.choice([clerk for clerk in speaking if scenario.team in clerk.teams])


def _openings(now: datetime, chance: Random) -> Iterator[datetime]:
    staged = PROMISED_TODAY + PROMISED_TOMORROW + OVERDUE + len(script.table("promises")["letter"])
    for number in range(CONVERSATIONS - staged):
        hours = RECENT_HOURS if number < RECENT_CONVERSATIONS else DAYS * 24
        moment = now - timedelta(hours=chance.random() * hours)
        # Few people write at night: most of those letters come in the evening before instead.
        if moment.hour < 7 and chance.random() < 0.85:
            moment -= timedelta(hours=7 + chance.random() * 8)
        yield moment


def _staged(now: datetime) -> Iterator[tuple[date, datetime]]:
    """Due days, each with the beginning of a conversation early enough to be answered by now."""
    today = now.date()
    dues = [today] * PROMISED_TODAY + [today + timedelta(days=1)] * PROMISED_TOMORROW
    dues += [today - timedelta(days=1 + number % 2) for number in range(OVERDUE)]
    for number, due in enumerate(dues):
        yield due, now - timedelta(days=5, hours=1 + number * 2)


def _settle_promises(case: Case, now: datetime, chance: Random) -> None:
    staged = case.story.said[-1].vow is not None and (now - case.story.said[0].at).days <= 6
    for index, said in enumerate(case.story.said):
        if not said.vow:
            continue
        heard = next((later.at for later in case.story.said[index + 1 :] if later.by == "customer"), None)
        case.pledges.append(_pledge(said, heard, staged, now, chance))


def _pledge(said: Said, heard: datetime | None, staged: bool, now: datetime, chance: Random) -> Pledge:
    """What became of a promise; `heard` is when the customer wrote next."""
    assert said.vow is not None
    left = (said.vow.due - now.date()).days
    luck = chance.random()
    if left >= 0:
        if heard is None or luck > 0.4 or heard + timedelta(hours=1) > now:
            return Pledge(said, "open")
        return Pledge(said, "kept", heard + timedelta(hours=1), note=_note("kept", said.vow, chance))
    if left >= -4 and (staged or luck < 0.12):
        return Pledge(said, "open")
    evening = datetime.combine(said.vow.due, datetime.min.time(), tzinfo=now.tzinfo) + timedelta(hours=16.5)
    settled = min(now, max(said.at, evening) + timedelta(minutes=luck * 80))
    return _settled(said, said.vow, settled, now, chance)


def _settled(said: Said, vow: Vow, settled: datetime, now: datetime, chance: Random) -> Pledge:
    """A promise whose day has passed, by the odds of its kind."""
    odds, share = script.table("promises")["odds"][vow.kind], chance.random() * 100
    ends: Ending = "kept"
    for one in ENDINGS:
        if (share := share - odds[one]) < 0:
            ends = one
            break
    told = min(now, max(said.at, settled - timedelta(hours=7)))
    if ends == "broken":
        return Pledge(said, ends, min(now, settled + timedelta(days=1)), note=_note(ends, vow, chance))
    if ends == "renegotiated":
        moved = days.working_day(vow.due + timedelta(days=2 + int(chance.random() * 3)))
        return Pledge(said, ends, told, moved, _note(ends, vow, chance), told=chance.random() < TOLD)
    if ends == "withdrawn":
        return Pledge(said, ends, told, note=_note(ends, vow, chance))
    late = timedelta(hours=18) if ends == "late" else timedelta()
    return Pledge(said, "kept", min(now, settled + late), note=_note("kept", vow, chance))


def _note(fate: str, vow: Vow, chance: Random) -> str:
    notes: list[str] = script.table("promises")[fate][vow.kind]
    return chance.choice(notes)


def _settle_state(case: Case, now: datetime, chance: Random) -> None:
    age = now - case.last.at
    luck = chance.random()
    pending = any(pledge.fate == "open" for pledge in case.pledges)
    if not case.answered:
        case.state, case.owner = "open", case.owner if luck < 0.35 else None
    elif pending:
        case.state = "snoozed" if luck < 0.15 and case.last.by == "agent" else "open"
    elif age > timedelta(days=4):
        case.state = "closed" if luck < 0.985 else "snoozed" if luck < 0.993 else "open"
    elif age > timedelta(hours=14):
        case.state = "closed" if luck < 0.75 else "snoozed" if luck < 0.85 else "open"
    if case.state == "closed":
        case.closed_at = min(
            now, days.at_work(case.story.said[-1].at + timedelta(minutes=5 + luck * 900), chance)
        )
    if case.state == "snoozed":
        case.snoozed_until = days.at_work(now + timedelta(hours=14 + luck * 150), chance)
