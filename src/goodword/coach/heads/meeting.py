"""How each part of a reply meets each question: all signs of one pair as a row of numbers, and what follows.

A part of a reply answers mostly one question, so each pair is also held against the others: the same part
with the other questions, and the same question with the other parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.float32]

MEASURED = ("shared", "stems", "cosine", "near", "whole", "long", "digits")  # as in `pairs.Pairs`
TOLD = ("words", "topics", "fit", "echo", "score")
ACTS = (
    "acknowledgement",
    "apology",
    "clarifying_question",
    "commitment",
    "explanation",
    "instruction",
    "option",
    "other",
    "paraphrase",
    "reassurance",
    "refusal",
    "suggestion",
)
BEARS = ("amount", "why", "where", "how", "dodge", "modal", "vague_time", "time", "digit", "starts", "done")
_COMPARED = ("stems", "near", "whole", "score")
_BOTH = MEASURED + TOLD
_PLACES = [_BOTH.index(name) for name in _COMPARED]
NAMES = (
    *_BOTH,
    *(f"{name}_here" for name in _COMPARED),
    *(f"{name}_best" for name in _COMPARED),
    "distance",
    "free",
    "count",
    *(f"act_{name}" for name in ACTS),
    *(f"bears_{name}" for name in BEARS),
)
_LONGEST = 40  # words of a part that are counted
_NEVER = -5.0  # the score of what is not there
_DOUBT = 0.15  # what no question at all weighs beside those that want the same part


class Part(NamedTuple):
    """A part of the reply: its act, the kinds of answer it looks like, its length; `free`: it can answer."""

    act: str
    bears: frozenset[str]
    words: int
    free: bool


def rows(measures: Table, told: Sequence[Sequence[Sequence[float]]], parts: Sequence[Part]) -> Table:
    """Questions x parts x `NAMES`. `told`: what the words say of each pair, in the order of `TOLD`."""
    asked, said = measures.shape[:2]
    both = np.concatenate([measures, np.array(told, dtype=np.float32)], axis=2)
    some = both[:, :, _PLACES]
    away = np.abs(
        ((np.arange(asked) + 0.5) / asked)[:, None] - ((np.arange(said) + 0.5) / said)[None, :]
    ).astype(np.float32)[:, :, None]
    own = np.array([_own(part) for part in parts], dtype=np.float32)
    spread = np.broadcast_to(own, (asked, *own.shape))
    found: Table = np.concatenate([both, _ahead(some, 0), _ahead(some, 1), away, spread], axis=2)
    return found


def _own(part: Part) -> list[float]:
    return [
        float(part.free),
        min(part.words, _LONGEST) / (_LONGEST / 2),
        *(float(part.act == act) for act in ACTS),
        *(float(sign in part.bears) for sign in BEARS),
    ]


def _ahead(values: Table, axis: int) -> Table:
    """By how much each value is above the highest of the others along `axis`."""
    if values.shape[axis] < 2:
        return np.zeros_like(values)
    ordered = np.sort(values, axis=axis)
    highest, second = (np.take(ordered, [place], axis=axis) for place in (-1, -2))
    ahead: Table = values - np.where(values == highest, second, highest)
    return ahead


def signs(scores: Table, free: Sequence[bool]) -> list[dict[str, float]]:
    """What the scores of all pairs say of each question being answered."""
    odds = np.exp(scores)
    claimed = odds / (1 + odds) * odds / (np.add.reduce(odds, axis=0) + np.float32(_DOUBT))
    given = _given(scores.tolist())
    best = np.maximum.reduce(scores, axis=1)
    above = _ahead(best, 0).tolist()
    found = []
    for place, (row, share) in enumerate(zip(scores.tolist(), claimed.tolist(), strict=True)):
        ordered = sorted(row)
        found.append(
            {
                "pair_most": ordered[-1],
                "pair_second": ordered[-2] if len(ordered) > 1 else ordered[-1] - 1,
                "pair_any": float(np.log1p(sum(odds[place].tolist()))),
                "pair_own": max(share),
                "pair_owned": sum(share),
                "pair_given": given.get(place, _NEVER),
                "pair_lost": float(place not in given),
                "pair_above": above[place],
                "pair_free": max((one for one, can in zip(row, free, strict=True) if can), default=_NEVER),
            }
        )
    return found


def _given(scores: Sequence[Sequence[float]]) -> dict[int, float]:
    """Each part of the reply to one question, the best pairs first: each question's score of its part."""
    offers = sorted(
        ((score, row, place) for row, line in enumerate(scores) for place, score in enumerate(line)),
        reverse=True,
    )
    found: dict[int, float] = {}
    taken: set[int] = set()
    for score, row, place in offers:
        if row not in found and place not in taken:
            found[row] = score
            taken.add(place)
    return found
