"""Checks by what a sentence was learned to say, in whatever words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from goodword.coach.both_texts import chances
from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, when
from goodword.coach.learned import said
from goodword.coach.rule import Rule


def sounds_like(rule: Rule, case: Case) -> Iterator[Hit]:
    """Sentences of the draft that are, with a chance of `at_least` in a hundred, what the head stands for.

    `undated`: not those that name a day or an hour.
    """
    told = said(case)
    enough, undated = rule.options["at_least"] / 100, rule.options.get("undated", False)
    if told.most(rule.options["head"]) < enough:
        return
    for sentence, chance in zip(told.sentences, told.chances(rule.options["head"]), strict=False):
        if chance >= enough and not (undated and case.is_dated(*sentence)):
            yield Hit(*sentence)


def looks_like(rule: Rule, case: Case) -> Iterator[Hit]:
    """Sentences `in` draft or customer that both texts together show to be what the rule is about.

    `at_least`: with such a chance in a hundred. `most`: so many, the likeliest first.
    """
    where = rule.options["in"]
    told = [(chance, sentence) for sentence, chance in chances(case, rule.category, where)]
    told.sort(reverse=True)
    for chance, sentence in told[: rule.options.get("most", len(told))]:
        if chance >= rule.options["at_least"] / 100:
            yield Hit(*sentence, where)


def _make(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    heads, head = data["learned"]["heads"], rule.options.get("head")
    if head not in heads:
        raise ValueError(f"head is {head!r}; it must be one of {', '.join(heads)}")
    _check_chance(rule)
    return {}


def _check_chance(rule: Rule) -> None:
    at_least = rule.options.get("at_least")
    if at_least is None or not 1 <= at_least <= 100:
        raise ValueError(f"at_least is {at_least!r}; it must be a whole number from 1 to 100")


def _made(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    if rule.options.get("in") not in ("draft", "customer"):
        raise ValueError(f"in is {rule.options.get('in')!r}; it must be draft or customer")
    _check_chance(rule)
    return {}


KINDS = {
    "sounds_like": Kind(sounds_like, {"head": str, "at_least": int, "undated": bool}, _make),
    "looks_like": Kind(looks_like, {"in": str, "at_least": int, "most": int}, _made, when("customer")),
}
