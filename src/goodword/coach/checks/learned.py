"""Checks by what a sentence was learned to say, in whatever words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind
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


def _make(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    heads, head, at_least = data["learned"]["heads"], rule.options.get("head"), rule.options.get("at_least")
    if head not in heads:
        raise ValueError(f"head is {head!r}; it must be one of {', '.join(heads)}")
    if at_least is None or not 1 <= at_least <= 100:
        raise ValueError(f"at_least is {at_least!r}; it must be a whole number from 1 to 100")
    return {}


KINDS = {"sounds_like": Kind(sounds_like, {"head": str, "at_least": int, "undated": bool}, _make)}
