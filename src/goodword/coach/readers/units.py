"""The reply cut into the smallest parts that can answer something, each with the signs it bears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from goodword.coach.case import Case
from goodword.coach.results import Act
from goodword.coach.topics import Sense

MOST = 60  # a reply of more parts is no letter; the first are read
_FEW = 3  # words that a part has at least
_EMPTY = ("greeting", "closing", "thanks")
_NICE = ("apology", "acknowledgement", "thanks")
_SIGNS = ("amount", "why", "where", "how", "dodge", "modal", "vague_time")
ECHOES = ("may", "owe", "did", "exists", "will_be")


@dataclass(slots=True)
class Unit:
    """A part of the reply: what it speaks of, and which kinds of answer it looks like."""

    start: int
    end: int
    act: str
    stems: frozenset[str]
    topics: frozenset[int]
    signs: frozenset[str]
    count: int

    @property
    def asks(self) -> bool:
        return self.act == "clarifying_question"

    @property
    def nice(self) -> bool:
        return self.act in _NICE


def units_of(case: Case) -> list[Unit]:
    found: list[Unit] = []
    for act in case.acts:
        if act.act in _EMPTY:
            continue
        for first, last in _parts(case, act):
            found.append(_unit(case, act.act, first, last))
        if len(found) >= MOST:
            break
    return found[:MOST]


def _parts(case: Case, act: Act) -> Iterator[tuple[int, int]]:
    """Where the act is cut: at ';' and ':', and where 'and', 'but' or a comma brings a subject of its own."""
    text, cuts = case.draft, case.pack.asking.cuts
    joins, begins, after_comma = cuts["joins"], cuts["begins"], cuts["after_comma"]
    first, last = text.places(act.start, act.end)
    lowers = text.lowers
    begin = first
    for at in range(first + _FEW, last - _FEW + 1):
        if at - begin < _FEW:
            continue
        gap = text.lower[text.ends[at - 1] : text.starts[at]]
        word = lowers[at]
        if (
            (len(gap) > 1 and (";" in gap or ":" in gap))
            or (word in joins and lowers[at + 1] in begins)
            or (gap == ", " and word in after_comma)
        ):
            yield begin, at
            begin = at
    if last > begin:
        yield begin, last


def _unit(case: Case, act: str, first: int, last: int) -> Unit:
    text, marks, topics = case.draft, case.marks, case.pack.asking.topics
    start, end = text.starts[first], text.ends[last - 1]
    senses = [sense for word in text.lowers[first:last] if (sense := topics[word])]
    signs = {sign for sign in _SIGNS if marks.first_within(f"answer.{sign}", start, end)}
    signs |= {echo for echo in ECHOES if marks.first_within(f"echo.{echo}", start, end)}
    if any(not moment.vague for moment in case.times_in(start, end)):
        signs.add("time")
    if any(map(str.isdigit, text.raw[start:end])):
        signs.add("digit")
    if marks.begins("answer.starts", start, end):
        signs.add("starts")
    if marks.any_within(("done", "offer", "manner.own"), start, end):
        signs.add("done")
    return Unit(
        start,
        end,
        act,
        frozenset(sense.stem for sense in senses),
        frozenset().union(*(sense.topics for sense in senses)),
        frozenset(signs),
        last - first,
    )


def senses_in(case: Case, start: int, end: int) -> dict[str, Sense]:
    """What the customer's words in `[start, end)` speak of, by stem."""
    topics = case.pack.asking.topics
    return {sense.stem: sense for word in case.customer.lowers_in(start, end) if (sense := topics[word])}
