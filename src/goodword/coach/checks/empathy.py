"""Checks of empathy: hardship that nobody acknowledged, stock phrases that touch nothing of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, by_phrases, hardships, phrases_of, when
from goodword.coach.rule import Rule
from goodword.coach.text import Sentence, Text

ENOUGH_WORDS = 6


def unacknowledged(rule: Rule, case: Case) -> Iterator[Hit]:
    """The gravest hardship the customer names, when no sentence of the draft acknowledges it.

    Only one is pointed at, and none where the draft takes up one as grave: a reply that answers each of five
    troubles with a sentence of pity is no better.
    """
    if len(case.draft.lowers) < ENOUGH_WORDS or not case.customer.lowers:
        return
    left = case.once("hardship_passed_over", _passed_over)
    if left is not None and left[0] == rule.options["hardship"]:
        sentence = case.customer.sentence_at(left[1])
        yield Hit(sentence.start, sentence.end, "customer")


def _passed_over(case: Case) -> tuple[str, int] | None:
    """The name of the gravest hardship, and where it stands, when the draft does not take it up."""
    for hardship, spans in hardships(case)[:1]:
        if not _taken_up(case, hardship, spans):
            return hardship["name"], spans[0][0]
    return None


def _taken_up(case: Case, hardship: Mapping[str, Any], spans: list[tuple[int, int]]) -> bool:
    """The draft names the hardship, in its own or the customer's words, and acknowledges.

    For a lighter one any honest apology will do, for a grave one a warm acknowledgement.
    """
    named = case.marks.has(hardship["taken_up"]) or _echoed(case, spans)
    if hardship.get("echo") and _echoed(case, spans):
        return True
    if hardship.get("reassure") and any(act.act == "reassurance" for act in case.acts):
        return True
    if hardship.get("light"):
        return acknowledged(case)
    return (named and (hardship.get("alone", False) or acknowledged(case))) or acknowledged(case, warmly=True)


def _echoed(case: Case, spans: list[tuple[int, int]]) -> bool:
    """Whether the draft says one of the customer's own words for it."""
    mine = set(case.draft.own_stems)
    return any(not mine.isdisjoint(case.customer.own_stems_in(start, end)) for start, end in spans)


def acknowledged(case: Case, *, warmly: bool = False) -> bool:
    """Whether the draft acknowledges (or, unless `warmly`, just apologises) outside of stock phrases."""
    return case.once(f"acknowledged, warmly {warmly}", partial(_acknowledged, warmly=warmly))


def _acknowledged(case: Case, *, warmly: bool) -> bool:
    empathy = case.pack.data["empathy"]
    stock = {case.draft.sentence_at(start) for tag in empathy["stock"] for start, _ in case.marks.spans(tag)}
    hollow = [span for tag in empathy["hollow"] for span in case.marks.spans(tag)]
    return any(
        case.draft.sentence_at(start) not in stock
        and not any(start < hollow_end and hollow_start < end for hollow_start, hollow_end in hollow)
        for tag in empathy["acknowledges"][: 1 if warmly else None]
        for start, end in case.marks.spans(tag)
    )


def upset_ignored(rule: Rule, case: Case) -> Iterator[Hit]:
    """An unhappy customer who names no hardship, and a draft that acknowledges nothing."""
    if len(case.draft.lowers) < ENOUGH_WORDS or case.mood.feeling not in rule.options["feelings"]:
        return
    if case.mood.strength < rule.options.get("from_strength", 1):
        return
    if hardships(case) or acknowledged(case):
        return
    for start, end in case.mood.spans.get("feeling", [])[:1]:
        sentence = case.customer.sentence_at(start)
        yield Hit(sentence.start, max(sentence.end, end), "customer")


def stock_phrase(rule: Rule, case: Case) -> Iterator[Hit]:
    """A stock phrase in a sentence that shares no word with the customer's message."""
    theirs = set(case.customer.stems) - {""}
    for start, end in case.marks.spans(rule.tag):
        sentence = case.draft.sentence_at(start)
        begin, stop = _clause(case, sentence, start, end)
        if rule.options.get("with_before"):
            begin = case.draft.sentence_at(max(0, sentence.start - 1)).start
        if theirs.isdisjoint(_stems_beside(case.draft, begin, stop, start, end)):
            yield Hit(start, end)


def _stems_beside(text: Text, begin: int, stop: int, start: int, end: int) -> list[str]:
    """The stems of the words in `[begin, stop)` that lie outside of `[start, end)`."""
    first, last = text.places(begin, stop)
    places = range(first, last)
    return [text.stems[at] for at in places if text.ends[at] <= start or text.starts[at] >= end]


def _clause(case: Case, sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The part of the sentence around `[start, end)`, from comma to comma."""
    lower = case.draft.lower
    begin = lower.rfind(",", sentence.start, start) + 1 or sentence.start
    stop = lower.find(",", end, sentence.end)
    return begin, stop if stop >= 0 else sentence.end


KINDS = {
    "unacknowledged": Kind(unacknowledged, {"hardship": str}, wakes=when("customer")),
    "upset_ignored": Kind(
        upset_ignored, {"feelings": list, "from_strength": int}, wakes=when("customer", "upset")
    ),
    "stock_phrase": Kind(stock_phrase, {"phrases": list, "with_before": bool}, phrases_of, by_phrases),
}
