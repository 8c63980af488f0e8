"""Checks by what a sentence was learned to say, in whatever words."""

from __future__ import annotations

from collections.abc import Iterator

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind
from goodword.coach.learned import said
from goodword.coach.rule import Rule


def sounds_like(rule: Rule, case: Case) -> Iterator[Hit]:
    """Sentences of the draft that are, with a chance of `at_least` in a hundred, what the head stands for."""
    told = said(case)
    enough = rule.options["at_least"] / 100
    if told.most(rule.options["head"]) < enough:
        return
    for sentence, chance in zip(told.sentences, told.chances(rule.options["head"]), strict=False):
        if chance >= enough:
            yield Hit(*sentence)


KINDS = {"sounds_like": Kind(sounds_like, {"head": str, "at_least": int})}
