"""Compares what the coach found with what was wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from goodword.coach.results import Commitment, Finding, Question, Review

Span = tuple[int, int]
OURS = ("agent", "company")


@dataclass(slots=True)
class Tally:
    """Found and missed of what was wanted, right and wrong of what was found."""

    found: int = 0
    missed: int = 0
    right: int = 0
    wrong: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def f1(self) -> float:
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def together(tallies: Iterable[Tally]) -> Tally:
    """The counts of all of them, without their notes."""
    whole = Tally()
    for one in tallies:
        whole.found, whole.missed = whole.found + one.found, whole.missed + one.missed
        whole.right, whole.wrong = whole.right + one.right, whole.wrong + one.wrong
    return whole


def judge_findings(case: dict[str, Any], result: Review, tallies: dict[str, Tally]) -> None:
    """Match findings to what was wanted, by category and overlapping words; hints count as well."""
    right: set[int] = set()
    for want in case["wanted"]:
        hits = [place for place, finding in enumerate(result.findings) if wanted_by(want, finding, case)]
        right.update(hits)
        tally = tallies[want["category"]]
        tally.found += bool(hits)
        tally.missed += not hits
        if not hits:
            tally.notes.append(f"{case['id']}: missed '{want['quote']}'")
    for place, finding in enumerate(result.findings):
        tally = tallies[finding.category]
        tally.right += place in right
        tally.wrong += place not in right
        if place not in right:
            tally.notes.append(f"{case['id']}: unwanted {finding.rule} '{finding.quote}'")


def wanted_by(want: dict[str, Any], finding: Finding, case: dict[str, Any]) -> bool:
    """Whether a finding is what was wanted: of its category, and about words it overlaps with."""
    if want["category"] != finding.category or want.get("in", finding.where) != finding.where:
        return False
    text = case["draft"] if finding.where == "draft" else case["customer_message"]
    return any(_overlap(place, (finding.start, finding.end)) for place in _places(text, want["quote"]))


def judge_questions(case: dict[str, Any], result: Review, asked: Tally, still_open: Tally) -> None:
    """`asked`: whether each question was seen at all; `still_open`: whether the open ones stayed open."""
    text, found = case["customer_message"], result.questions
    pairs = _matched(text, case["questions"], [(q.start, q.end) for q in found])
    spans = [place for want in case["questions"] for place in _places(text, want["quote"])]
    for place, question in enumerate(found):
        known = any(_overlap((question.start, question.end), span) for span in spans)
        asked.right += known
        asked.wrong += not known
        if not known:
            asked.notes.append(f"{case['id']}: no question: '{question.quote}'")
        wanted = [want for want, hit in zip(case["questions"], pairs, strict=True) if hit == place]
        if wanted or not known:
            _judge_state(case, question, wanted[0] if wanted else None, still_open)
    for want, hit in zip(case["questions"], pairs, strict=True):
        asked.found += hit is not None
        asked.missed += hit is None
        if hit is None:
            asked.notes.append(f"{case['id']}: missed {want['kind']} '{want['quote']}'")
        if want["answered"] != "yes":
            kept = hit is not None and found[hit].answered != "yes"
            still_open.found += kept
            still_open.missed += not kept
            if not kept and hit is not None:
                still_open.notes.append(f"{case['id']}: ticked though open: '{want['quote']}'")


def _judge_state(
    case: dict[str, Any], question: Question, want: dict[str, Any] | None, still_open: Tally
) -> None:
    if question.answered == "yes":
        return
    truly = want is not None and want["answered"] != "yes"
    still_open.right += truly
    still_open.wrong += not truly
    if want is not None and not truly:
        still_open.notes.append(f"{case['id']}: open though answered: '{want['quote']}'")


def judge_commitments(case: dict[str, Any], result: Review, told: Tally, due: Tally) -> None:
    """`told`: promises found and false alarms; `due`: of those found, the ones with the right moment."""
    text, found = case["draft"], result.commitments
    name = case.get("id", text)
    pairs = _matched(text, case["commitments"], [(one.start, one.end) for one in found], found)
    for want, hit in zip(case["commitments"], pairs, strict=True):
        told.found += hit is not None
        told.missed += hit is None
        if hit is None:
            told.notes.append(f"{name}: missed promise '{want['quote']}'")
            continue
        fits = _same_moment(want["due"], found[hit].due)
        due.found += fits
        due.missed += not fits
        if not fits:
            due.notes.append(
                f"{name}: '{want['quote']}' is due {want['due'] or 'no day'}, not {found[hit].due}"
            )
    spans = [place for want in case["commitments"] for place in _places(text, want["quote"])]
    for one in found:
        known = any(_overlap((one.start, one.end), span) for span in spans)
        told.right += known
        told.wrong += not known and one.who in OURS
        if not known and one.who in OURS:
            told.notes.append(f"{name}: no promise: '{one.quote}'")


def _same_moment(wanted: str, found: str | None) -> bool:
    if "T" in wanted and found and "T" in found:
        return datetime.fromisoformat(wanted) == datetime.fromisoformat(found)
    return wanted == (found or "")


def _places(text: str, quote: str) -> list[Span]:
    found, start = [], text.find(quote)
    while start >= 0:
        found.append((start, start + len(quote)))
        start = text.find(quote, start + 1)
    return found


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _matched(
    text: str, wanted: Sequence[dict[str, Any]], found: Sequence[Span], promises: Sequence[Commitment] = ()
) -> list[int | None]:
    """For each wanted the place of its own match in `found`: the right due moment, then most words."""
    offers = []
    for want_place, want in enumerate(wanted):
        for start, end in _places(text, want["quote"])[:1]:
            for place, span in enumerate(found):
                shared = min(end, span[1]) - max(start, span[0])
                if shared > 0:
                    due = bool(promises) and _same_moment(want["due"], promises[place].due)
                    offers.append((due, shared, -place, want_place))
    pairs: list[int | None] = [None] * len(wanted)
    taken: set[int] = set()
    for _, _, place, want_place in sorted(offers, reverse=True):
        if pairs[want_place] is None and -place not in taken:
            pairs[want_place] = -place
            taken.add(-place)
    return pairs
