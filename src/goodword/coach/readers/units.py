"""The reply cut into the smallest parts that can answer something, each with the signs it bears."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from goodword.coach.case import Case
from goodword.coach.results import Act
from goodword.coach.topics import Sense

MOST = 60  # a reply of more parts is no letter; the first are read
_FEW = 3  # words that a part has at least
_EMPTY = ("greeting", "closing", "thanks")
_NICE = ("apology", "acknowledgement", "thanks")
ECHOES = ("may", "owe", "did", "exists", "will_be")
# The tag of the phrases that a part has, and the sign that it bears for them.
_SIGNS = (
    {f"answer.{sign}": sign for sign in ("amount", "why", "where", "how", "dodge", "modal", "vague_time")}
    | {f"echo.{echo}": echo for echo in ECHOES}
    | dict.fromkeys(("done", "offer", "manner.own"), "done")
)


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
    text = case.draft
    parts: list[tuple[str, int, int]] = []
    for act in case.acts:
        if act.act in _EMPTY:
            continue
        parts += [(act.act, first, last) for first, last in _parts(case, act)]
        if len(parts) >= MOST:
            break
    del parts[MOST:]
    spans = [(text.starts[first], text.ends[last - 1]) for _, first, last in parts]
    signs = _signs_of(case, spans)
    return [_unit(case, part, span, bears) for part, span, bears in zip(parts, spans, signs, strict=True)]


def _signs_of(case: Case, spans: Sequence[tuple[int, int]]) -> list[set[str]]:
    """The signs that each part bears: each phrase is looked up among the parts, for there are few of them."""
    found: list[set[str]] = [set() for _ in spans]
    starts = [start for start, _ in spans]

    def part_with(start: int, end: int) -> int | None:
        """The part that `[start, end)` lies wholly inside."""
        place = bisect_right(starts, start) - 1
        return place if place >= 0 and end <= spans[place][1] else None

    for tag, sign in _SIGNS.items():
        for phrase in case.marks.spans(tag):
            if (place := part_with(*phrase)) is not None:
                found[place].add(sign)
    for start, end in case.marks.spans("answer.starts"):
        if (place := part_with(start, end)) is not None and starts[place] == start:
            found[place].add("starts")
    for moment in case.times:
        if not moment.vague and (place := part_with(moment.start, moment.start)) is not None:
            found[place].add("time")
    return found


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


def _unit(case: Case, part: tuple[str, int, int], span: tuple[int, int], signs: set[str]) -> Unit:
    act, first, last = part
    topics = case.pack.asking.topics
    senses = [sense for word in case.draft.lowers[first:last] if (sense := topics[word])]
    if any(map(str.isdigit, case.draft.raw[slice(*span)])):
        signs.add("digit")
    return Unit(
        *span,
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
