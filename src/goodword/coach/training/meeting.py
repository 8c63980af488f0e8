"""Learns which part of a reply answers a question: from marked answers, and from replies that give one.

Where nobody marked the answer, the part that looks most like one is taken for it, and all is learned again.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from goodword.coach.case import Case
from goodword.coach.heads.meeting import NAMES, Table
from goodword.coach.readers.answer_signs import Asked, asked_of, matches, told
from goodword.coach.readers.pair_signs import pairs_of
from goodword.coach.readers.units import Unit, units_of
from goodword.coach.results import Question

PARTS = 5
FIRMNESS = 1 / 200
HARD = 0.3  # what a marked answer counts: those cases were made to mislead
ROUNDS = 2
_HALF = 0.5

Answers = npt.NDArray[np.float32]


class Met(NamedTuple):
    """A labelled case as read: its questions, and each pair of question and part of the reply as numbers."""

    case: Case
    asked: list[Asked]
    units: list[Unit]
    pairs: Table | None
    free: list[bool]
    part: int


class Meeting(NamedTuple):
    """Weights of everything; and those learned without each part of the cases."""

    all: dict[str, float]
    without: list[dict[str, float]]


def meet(labelled: Mapping[str, Any], case: Case) -> Met:
    units, asked = units_of(case), [asked_of(case, question) for question in case.asked]
    questions = [one.question for one in asked]
    pairs = pairs_of(case, units, questions, told(matches(units, asked))) if units and asked else None
    free = [not unit.asks and not unit.nice for unit in units]
    return Met(case, asked, units, pairs, free, zlib.crc32(labelled["id"].encode()) % PARTS)


def label_of(labelled: Mapping[str, Any], question: Question) -> Mapping[str, Any] | None:
    """The labelled question whose words overlap most with this one."""
    found = [(overlap(labelled, one["quote"], question), one) for one in labelled.get("questions", ())]
    most, label = max(found, key=lambda pair: pair[0], default=(0, None))
    return label if most > 0 else None


def overlap(labelled: Mapping[str, Any], quote: str, question: Question) -> int:
    at: int = labelled["customer_message"].find(quote)
    return min(question.end, at + len(quote)) - max(question.start, at)


def learn_meeting(cases: Sequence[Mapping[str, Any]], met: Sequence[Met]) -> Meeting:
    kept = [(labelled, one) for labelled, one in zip(cases, met, strict=True) if one.pairs is not None]
    parts = range(PARTS)
    return Meeting(_learn(kept), [_learn([pair for pair in kept if pair[1].part != part]) for part in parts])


def _learn(cases: list[tuple[Mapping[str, Any], Met]]) -> dict[str, float]:
    weights = _line([(met, row, truth, HARD) for met, row, truth in _marked(cases)])
    for _ in range(ROUNDS):
        guessed = [(met, row, truth, 1.0) for met, row, truth in _guessed(cases, weights)]
        weights = _line([(met, row, truth, HARD) for met, row, truth in _marked(cases)] + guessed)
    return {**dict(zip(NAMES, weights.tolist(), strict=False)), "bias": float(weights[-1])}


def _marked(cases: list[tuple[Mapping[str, Any], Met]]) -> list[tuple[Met, int, Answers]]:
    """Each question of the cases where answers are marked, with the parts that answer it."""
    found = []
    for labelled, met in cases:
        for row, one in enumerate(met.asked):
            label = label_of(labelled, one.question)
            if label and _marks(labelled) and label["answered"] != "partly":
                found.append((met, row, _by(labelled, met.units, label.get("by", ""))))
    return found


def _marks(labelled: Mapping[str, Any]) -> bool:
    return any("by" in label for label in labelled["questions"])


def _by(labelled: Mapping[str, Any], units: list[Unit], quote: str) -> Answers:
    at = labelled["draft"].find(quote) if quote else -1
    shared = [min(unit.end, at + len(quote)) - max(unit.start, at) for unit in units]
    ends = zip(shared, units, strict=True)
    own = [at >= 0 and many > _HALF * min(unit.end - unit.start, len(quote)) for many, unit in ends]
    return np.array(own, dtype=np.float32)


def _guessed(
    cases: list[tuple[Mapping[str, Any], Met]], weights: npt.NDArray[np.float64]
) -> list[tuple[Met, int, Answers]]:
    """Each question of the other cases; of an answered one, the part that looks most like its answer."""
    found = []
    for labelled, met in cases:
        if "questions" not in labelled or _marks(labelled) or met.pairs is None:
            continue
        scores = met.pairs @ weights[:-1]
        for row, one in enumerate(met.asked):
            label = label_of(labelled, one.question)
            if label and label["answered"] != "partly":
                truth = np.zeros(len(met.units), dtype=np.float32)
                truth[int(scores[row].argmax())] = float(label["answered"] == "yes")
                found.append((met, row, truth))
    return found


def _line(rows: list[tuple[Met, int, Answers, float]]) -> npt.NDArray[np.float64]:
    values = np.concatenate([met.pairs[row] for met, row, _, _ in rows if met.pairs is not None])
    truth = np.concatenate([own for _, _, own, _ in rows])
    counts = np.concatenate([np.full(len(own), weight) for _, _, own, weight in rows])
    spread = StandardScaler().fit(values)
    line = LogisticRegression(C=FIRMNESS, max_iter=1000)
    line.fit(spread.transform(values), truth, sample_weight=counts)
    weights = line.coef_[0] / spread.scale_
    return np.append(weights, line.intercept_[0] - (weights * spread.mean_).sum())
