"""Checks for what a draft lacks: each points at the customer's words that call for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake
from goodword.coach.rule import Rule

ENOUGH_WORDS = 4  # a draft shorter than this has hardly begun; nothing is missed in it yet
_NO_CONTENT = ("greeting", "closing", "thanks")


def absence(rule: Rule, case: Case) -> Iterator[Hit]:
    """The customer's words of `calls_for`, when the draft has none of `met_by` or `met_by_acts`."""
    if len(case.draft.lowers) < ENOUGH_WORDS or not case.customer.lowers:
        return
    if case.mood.strength < rule.options.get("from_strength", 0):
        return
    if case.marks.has(*rule.options.get("met_by", ())) or _has_act(case, rule.options.get("met_by_acts", [])):
        return
    for tag in rule.options["calls_for"]:
        for start, end in case.customer_marks.spans(tag)[:1]:
            sentence = case.customer.sentence_at(start)
            whole = rule.options.get("whole_sentence", False)
            yield Hit(sentence.start, sentence.end, "customer") if whole else Hit(start, end, "customer")
            return


def lacking(rule: Rule, case: Case) -> Iterator[Hit]:
    """A draft with none of `acts` or `met_by`: points at its `start` or `end`, or at the customer."""
    if len(case.draft.lowers) < rule.options.get("from_words", ENOUGH_WORDS) or not case.draft.sentences:
        return
    if _has_act(case, rule.options.get("acts", [])) or case.marks.has(*rule.options.get("met_by", ())):
        return
    yield from _pointed(rule, case)


def _pointed(rule: Rule, case: Case) -> Iterator[Hit]:
    at = rule.options.get("point_at", "start")
    if at == "customer" and case.customer.sentences:
        issue = _issue(case)
        yield Hit(issue[0], issue[1], "customer")
        return
    body = [act for act in case.acts if act.act not in _NO_CONTENT] or case.acts
    sentence: Any = case.draft.sentences[0] if at == "start" else body[-1]
    yield Hit(sentence.start, sentence.end)


def _issue(case: Case) -> tuple[int, int]:
    """The sentence in which the customer says what is wrong, asks or wishes."""
    for question in case.questions:
        return question.start, question.end
    for tag in ("problem", "hardship.any"):
        for start, _ in case.customer_marks.spans(tag)[:1]:
            sentence = case.customer.sentence_at(start)
            return sentence.start, sentence.end
    sentence = max(case.customer.sentences, key=lambda s: s.end - s.start)
    return sentence.start, sentence.end


def _has_act(case: Case, wanted: list[str]) -> bool:
    return any(act.act in wanted for act in case.acts)


KINDS = {
    "absence": Kind(
        absence,
        {
            "calls_for": list,
            "met_by": list,
            "met_by_acts": list,
            "from_strength": int,
            "whole_sentence": bool,
        },
        wakes=lambda rule: Wake(customer=tuple(rule.options["calls_for"])),
    ),
    "lacking": Kind(lacking, {"acts": list, "met_by": list, "from_words": int, "point_at": str}),
}
