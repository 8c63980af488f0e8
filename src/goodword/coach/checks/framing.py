"""Checks of how a reply says no: first of all, or without anything in its place."""

from __future__ import annotations

from collections.abc import Iterator

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake
from goodword.coach.phrases import Span
from goodword.coach.rule import Rule
from goodword.coach.text import Sentence

_NO_CONTENT = ("greeting", "closing", "thanks")
_REFUSAL, _PIVOT, _OFFER, _DEED = "framing.refusal", "framing.pivot", "framing.offer", "framing.own_deed"
_REGRET, _NOT = "framing.regret", "framing.not"
_FAR = 3  # so many sentences later an offer no longer belongs to the refusal


def refusal_first(rule: Rule, case: Case) -> Iterator[Hit]:
    """A plain refusal as the first thing said after greeting and thanks."""
    first = _first(case)
    if first is not None and len(case.draft.sentences) > 1 and _refuses(case, case.draft.sentences[first]):
        yield Hit(*case.draft.sentences[first])


def only_refusal(rule: Rule, case: Case) -> Iterator[Hit]:
    """A refusal, later in the reply, with nothing offered in the same breath."""
    sentences, first = case.draft.sentences, _first(case)
    for place, sentence in enumerate(sentences):
        said_first = place == first and len(sentences) > 1
        if not said_first and _refuses(case, sentence) and not _softened(case, place):
            yield Hit(*sentence)


def _first(case: Case) -> int | None:
    return next((n for n, act in enumerate(case.acts) if act.act not in _NO_CONTENT), None)


def _refuses(case: Case, sentence: Sentence) -> bool:
    """Says no, and does not turn to what is possible before the sentence is over."""
    start, end = sentence
    found = case.marks.first_within(_REFUSAL, start, end) or _regret(case, sentence)
    if found is None or case.draft.raw[end - 1] == "?":
        return False
    return case.marks.first_within(_PIVOT, found[1], end) is None


def _regret(case: Case, sentence: Sentence) -> Span | None:
    """'Unfortunately', and a 'not' behind it in the same sentence: where the 'not' stands."""
    start, end = sentence
    said = case.marks.first_within(_REGRET, start, end)
    return case.marks.first_within(_NOT, said[1], end) if said else None


def _softened(case: Case, place: int) -> bool:
    """Whether something is offered beside the sentence at `place`, or done about it right after."""
    sentences, marks = case.draft.sentences, case.marks
    later = sentences[place + 1 : place + 1 + _FAR]
    if any(marks.any_within((_OFFER,), *near) for near in later):
        return True
    if place and _together(case, place - 1) and marks.any_within((_OFFER,), *sentences[place - 1]):
        return True
    deed = bool(later) and marks.any_within((_DEED,), *later[0]) is not None
    return deed and _together(case, place)


def _together(case: Case, place: int) -> bool:
    """Whether the sentence at `place` and the next one stand in the same paragraph."""
    one, two = case.draft.sentences[place : place + 2]
    return "\n" not in case.draft.raw[one.end : two.start]


_WAKE = Wake(draft=(_REFUSAL, _REGRET))
KINDS = {
    "refusal_first": Kind(refusal_first, wakes=lambda rule: _WAKE),
    "only_refusal": Kind(only_refusal, wakes=lambda rule: _WAKE),
}
