"""Learns which sentence answers a question, and how rare words are."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from goodword.coach.heads.features import words
from goodword.coach.heads.pairs import MEASURES, Pairs
from goodword.coach.heads.store import Weights
from goodword.coach.heads.vectors import WordVectors
from goodword.coach.training.corpora import held, read_rows

_WORDS = 12_000
_OVERLAP = 0  # the measure that is the baseline by itself


def with_rarities(weights: Weights, texts: Sequence[str]) -> Weights:
    """How rare each word is among `texts`."""
    total = len(texts)
    seen = Counter(word for text in texts for word in set(words(text)))
    common = sorted((zlib.crc32(word), times) for word, times in seen.most_common(_WORDS))
    return replace(
        weights,
        word_keys=np.array([key for key, _ in common], dtype=np.uint32),
        word_rarity=np.log((1 + total) / np.array([times for _, times in common])).astype(np.float16),
        rarest=float(np.log(1 + total)),
        pair=np.zeros(MEASURES + 1, dtype=np.float32),
    )


def learn_pairs(
    folder: Path, about: Mapping[str, Any], weights: Weights, vectors: WordVectors
) -> tuple[Weights, dict[str, float]]:
    """The weights with the line for pairs (of everything), and the figures of a line of the learning part."""
    rows = [row for row in read_rows(folder / about["file"]) if row["answers"]]
    measuring = Pairs(weights, vectors)
    asked = [measuring.measures([row["question"]], row["candidates"])[0] for row in rows]
    truth = [np.isin(np.arange(len(row["candidates"])), row["answers"]) for row in rows]
    kept = held(rows, about["held"])
    learned = _line([asked[i] for i in (~kept).nonzero()[0]], [truth[i] for i in (~kept).nonzero()[0]])
    figures = {
        "questions": float(kept.sum()),
        "overlap MAP": _mean_precision(asked, truth, kept, lambda own: own[:, _OVERLAP]),
        "MAP": _mean_precision(asked, truth, kept, lambda own: own @ learned[:-1]),
    }
    return replace(weights, pair=_line(asked, truth)), figures


def _line(
    measures: Iterable[npt.NDArray[np.float32]], truth: Iterable[npt.NDArray[np.bool_]]
) -> npt.NDArray[np.float32]:
    rows, flags = np.concatenate(list(measures)), np.concatenate(list(truth))
    spread = rows.std(axis=0)
    learned = LogisticRegression(C=10, max_iter=1000).fit(rows / spread, flags)
    return np.append(learned.coef_[0] / spread, learned.intercept_).astype(np.float32)


def _mean_precision(asked: Any, truth: Any, kept: Any, score: Any) -> float:
    """Mean average precision: how high the answers stand among the candidates."""
    found = []
    for place in kept.nonzero()[0]:
        order = np.argsort(-score(asked[place]), kind="stable")
        right = truth[place][order]
        found.append((np.cumsum(right) / np.arange(1, len(right) + 1))[right].mean())
    return float(np.mean(found))
