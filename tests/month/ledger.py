"""The model of promises: when each is reminded of, and when its leads hear of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from goodword.promises.track_record import LEAST, STEPS, UNLIKELY

from .expecting import Book
from .house import COMPANY, CREWS
from .minutes import MINUTE, company_day, end_of_day, minutes_of, working_day_after

UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


@dataclass
class Word:
    """One promise: since when it has its due time, and when somebody last changed anything about it."""

    name: str
    kind: str
    team: str
    made: datetime
    due: datetime | None
    whole_day: bool = False
    after: tuple[int, str] | None = None
    state: str = "open"
    settled: datetime = datetime.max
    met: datetime | None = None
    given: set[tuple[str, datetime]] = field(default_factory=set)
    judged: bool = False

    def __post_init__(self) -> None:
        self.since = self.touched = self.made

    def touch(self, at: datetime) -> None:
        """Look at it anew from then on."""
        self.touched, self.judged = at, False

    def put_off(self, at: datetime, due: datetime, *, whole_day: bool = False) -> None:
        """It is due then, from now on."""
        self.due, self.whole_day, self.state, self.since = due, whole_day, "open", at
        self.touch(at)

    def meet(self, at: datetime) -> None:
        """What it waited for has happened."""
        self.met = at
        if self.after is None:
            return
        count, unit = self.after
        if unit == "hour":
            self.put_off(at, at + UNITS[unit] * count)
        elif unit == "working_hour":
            self.put_off(at, minutes_of(self.team).after(at, timedelta(hours=count)))
        elif unit == "working_day":
            day = working_day_after(self.team, company_day(at), count)
            self.put_off(at, end_of_day(day), whole_day=True)
        else:
            self.put_off(at, end_of_day(company_day(at) + UNITS[unit] * count), whole_day=True)

    def settle(self, at: datetime, state: str) -> None:
        """Somebody said what became of it."""
        if self.state != state:
            self.state, self.settled = state, at

    def reopen(self, at: datetime) -> None:
        """It was settled by mistake."""
        if self.state != "open":
            self.state = "open"
            self.touch(at)

    @property
    def ahead(self) -> datetime:
        """When its owner is reminded ahead."""
        assert self.due is not None
        usual = self.due - timedelta(hours=4)
        if self.whole_day:
            usual = datetime.combine(company_day(self.due), time(9), tzinfo=COMPANY).astimezone(UTC)
        return max(usual, self.since + (self.due - self.since) / 2)


class Ledger:
    """All promises."""

    def __init__(self, book: Book) -> None:
        self.words: dict[str, Word] = {}
        self._book = book

    def add(self, word: Word) -> Word:
        """A new promise."""
        self.words[word.name] = word
        return word

    def look(self, now: datetime) -> list[Word]:
        """What is to be given now; gives the promises whose time has come."""
        come = []
        for word in self.words.values():
            if word.state != "open" or word.due is None:
                continue
            if word.due > now:
                self._early(word, now)
            elif self._late(word, now):
                come.append(word)
        return come

    def _early(self, word: Word, now: datetime) -> None:
        assert word.due is not None
        lead = word.due - word.since
        half = word.since + lead / 2
        if now >= word.ahead:
            self._give(word, "ahead", word.ahead)
        elif half < word.ahead and now >= half and not word.judged:
            word.judged = True
            if self._unlikely(word.kind, passed=now - word.since, lead=lead):
                self._give(word, "unlikely", half)

    def _late(self, word: Word, now: datetime) -> bool:
        assert word.due is not None
        is_new = self._give(word, "due", word.due)
        delay = CREWS[word.team].leads_hear
        if delay is not None and ("escalated", word.due) not in word.given:
            hear = minutes_of(word.team).after(word.due, MINUTE * delay)
            if hear <= now:
                self._give(word, "escalated", hear)
        return is_new

    def _give(self, word: Word, kind: str, moment: datetime) -> bool:
        assert word.due is not None
        if (kind, word.due) in word.given:
            return False
        word.given.add((kind, word.due))
        self._book.expect(f"promise {kind}", word.name, max(moment, word.touched))
        return True

    def _unlikely(self, kind: str, *, passed: timedelta, lead: timedelta) -> bool:
        """Whether of those of its kind that were open so late too few were kept in time."""
        said = [
            word for word in self.words.values() if word.kind == kind and word.state in ("kept", "broken")
        ]
        took = [word.settled - (word.met or word.made) for word in said if word.state == "kept"]
        by_now, in_time = (_within(took, span) for span in (passed, lead))
        still = len(said) - by_now
        return len(said) >= LEAST and still > 0 and (in_time - by_now) / still < UNLIKELY


def _within(took: list[timedelta], span: timedelta) -> int:
    """How many were kept within the longest of the counted spans that fits."""
    longest = max((step for step in STEPS if MINUTE * step <= span), default=None)
    return 0 if longest is None else sum(one <= MINUTE * longest for one in took)
