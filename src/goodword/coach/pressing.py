"""Whether the customer told of something that the reply should have taken up, and did not.

Learned from labelled cases (`data/pressing.toml`) for each matter, understanding (`empathy`) and an apology:
which sentence presses most, in whatever words, and from the signs of both texts whether it was passed over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log
from typing import NamedTuple

from goodword.coach.acknowledging import acknowledgements, says_back, speaks_of_it, takes_up
from goodword.coach.case import Case
from goodword.coach.hardships import Hardship, hardships, in_trouble, is_upset
from goodword.coach.learned import heard, said
from goodword.coach.text import Sentence

_LEAST = 0.001  # no chance is less, so that none decides alone
_GRAVE = 4
_LONG = 150  # letters
_EARLY = 2
_SAID = ("ack", "apology", "stock", "nonapology", "cold", "policy", "refusal")


class Pressing(NamedTuple):
    """What presses most: its kind of hardship, where it stands, and the chance that it was passed over."""

    name: str
    start: int
    end: int
    chance: float


def pressing(case: Case, matter: str) -> Pressing | None:
    """None where the learned heads are not installed, or the customer said nothing."""
    return case.once(f"pressing {matter}", lambda case: _pressing(case, matter))


def is_unlikely(case: Case, matter: str) -> bool:
    """Whether it is so unlikely that anything was passed over that no rule of words should say so.

    Never of a draft that is no whole reply yet: whole ones it was learned from.
    """
    if len(case.draft.lowers) < case.pack.data["pressing"]["words"]:
        return False
    found = pressing(case, matter)
    return found is not None and found.chance < case.pack.data["pressing"][matter]["doubt"]


def _pressing(case: Case, matter: str) -> Pressing | None:
    rows = case.once("signs of their sentences", sentence_signs)
    if not rows:
        return None
    weights = case.pack.data["pressing"][matter]
    scores = [_sum(weights["sentence"], row) for row in rows]
    place = max(range(len(scores)), key=scores.__getitem__)
    total = _sum(weights["reply"], reply_signs(case, scores))
    first, last = _beside(scores, place, weights["near"])
    sentences = heard(case).sentences
    chance = 1 / (1 + exp(-max(-60, total)))
    return Pressing(_hardship(case, place).name, sentences[first].start, sentences[last].end, chance)


def _sum(weights: Mapping[str, float], signs: Mapping[str, float]) -> float:
    return weights["bias"] + sum(weights[name] * value for name, value in signs.items())


def _beside(scores: Sequence[float], place: int, near: float) -> tuple[int, int]:
    """The sentence right before or after is part of the story where it presses nearly as much."""
    least = scores[place] - near
    first = place - 1 if place and scores[place - 1] >= least else place
    last = place + 1 if place + 1 < len(scores) and scores[place + 1] >= least else place
    return first, last


def sentence_signs(case: Case) -> list[dict[str, float]]:
    """What is known of each sentence of the customer's, by name; nothing without heads."""
    told = heard(case)
    heads = case.pack.data["pressing"]["heads"]
    columns = [told.chances(head) for head in heads]
    if not columns or not all(columns):
        return []
    weights: dict[Sentence, int] = {}
    for one in hardships(case):
        weights[one.sentence] = max(one.weight, weights.get(one.sentence, 0))
    rows, faults = [], _faults(case)
    for place, sentence in enumerate(told.sentences):
        row = {head: leaning(column[place]) for head, column in zip(heads, columns, strict=True)}
        weight = weights.get(sentence, 0)
        row |= {
            "weight": weight / 3,
            "grave": float(weight >= _GRAVE),
            "asked": float(_is_asked(case, sentence)),
            "first": float(place == 0),
            "fault": float(bool(case.customer_marks.any_within(faults, *sentence))),
            "length": min((sentence.end - sentence.start) / _LONG, 2),
        }
        rows.append(row)
    return rows


def _faults(case: Case) -> tuple[str, ...]:
    return tuple(kind["said"] for kind in case.pack.data["fault"]["kind"])


def leaning(chance: float) -> float:
    """The chance as a number around nought, kept from deciding alone."""
    chance = min(max(chance, _LEAST), 1 - _LEAST)
    return log(chance / (1 - chance)) / 3


def _is_asked(case: Case, sentence: Sentence) -> bool:
    start, end = sentence
    asked = any(one.start < end and start < one.end for one in case.asked if one.kind != "concern")
    return asked or case.customer.raw[end - 1] == "?"


def reply_signs(case: Case, scores: Sequence[float]) -> dict[str, float]:
    """What is known of how the reply meets the sentence that presses most."""
    place = max(range(len(scores)), key=scores.__getitem__)
    sentence = heard(case).sentences[place]
    named = _hardship(case, place)
    found = acknowledgements(case)
    told = said(case)
    mood, marks = case.mood, case.marks
    words = case.customer.own_stems_in(*sentence)
    signs: dict[str, float] = {
        "presses": max(scores),
        "next": sorted(scores)[-2] if len(scores) > 1 else -5.0,
        "weight": max((one.weight for one in hardships(case) if one.sentence == sentence), default=0) / 3,
        "gravest": max((one.weight for one in hardships(case)), default=0) / 3,
        "said_back": says_back(case, named),
        "spoken_of": any(speaks_of_it(case, one, named) for one in found),
        "warmly": any(one.warm and speaks_of_it(case, one, named) for one in found),
        "taken_up": takes_up(case, named),
        "shared": sum(not words.isdisjoint(case.draft.own_stems_in(*one)) for one in case.draft.sentences),
        "warm": sum(one.warm for one in found),
        "acks": len(found),
        "any": bool(found),
        "early": any(one.warm and one.place <= _EARLY for one in found),
        "strength": mood.strength,
        "complaint": mood.complaint,
        "upset": is_upset(case),
        "trouble": in_trouble(case),
        "pleased": mood.feeling in case.pack.data["empathy"]["good_feelings"],
        "calm": case.customer_marks.has(*case.pack.data["empathy"]["calm"]),
        "fault": case.customer_marks.has(*_faults(case)),
        "sorry": marks.has(*case.pack.data["fault"]["met"]),
        "deep": marks.has("ack.deep"),
        "hollow": marks.has(*case.pack.data["empathy"]["stock"]),
        "stock_phrase": marks.has(*case.pack.data["empathy"]["stock_for_light"]),
    }
    signs |= {head: told.most(head) for head in _SAID}
    return {name: float(value) for name, value in signs.items()}


def _hardship(case: Case, place: int) -> Hardship:
    """The gravest hardship named in the sentence, or what the sentence sounds most like."""
    sentence = heard(case).sentences[place]
    for one in hardships(case):
        if one.sentence == sentence:
            return one
    kinds: Mapping[str, str] = case.pack.data["empathy"]["sounds"]["kinds"]
    name = kinds[max(kinds, key=lambda head: heard(case).chances(head)[place])]
    weight: int = case.pack.data["empathy"]["sounds"]["weight"]
    return Hardship(name, weight, "any", *sentence, sentence)


def _named(case: Case, place: int) -> str:
    return _hardship(case, place).name
