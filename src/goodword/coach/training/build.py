"""From learned lines to the file of weights: features chosen, numbers made small, scores made chances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from goodword.coach.heads.scoring import ADDRESS_SHIFT, Heads
from goodword.coach.heads.store import Weights
from goodword.coach.training.corpora import Corpus, Flags
from goodword.coach.training.learn import Floats, Group, Lines, fit, importance
from goodword.coach.training.matrix import Counts, Vocabulary, matrix

_LARGEST = 127
_MOST_ROWS = 1 << 16
_FEWEST = 5  # texts that must bear a label before chances are fitted to it


@dataclass(frozen=True)
class Material:
    """A corpus with its counted features."""

    corpus: Corpus
    counts: Counts

    def part(self, known: Vocabulary, chosen: Flags) -> sp.csr_matrix:
        return matrix(self.counts, known)[chosen.nonzero()[0]]


def choose(groups: Sequence[Group], material: dict[str, Material], known: Vocabulary) -> Vocabulary:
    """The features that matter most to each group; of two at one address, the one that matters more."""
    worth = np.zeros(len(known.keys), dtype=np.float32)
    for group in groups:
        own = material[group.corpus]
        learning = ~own.corpus.held
        rows = own.part(known, learning)
        moves = importance(fit(group, rows, own.corpus.flags(group.labels)[learning]), rows)
        best = np.argsort(-moves, kind="stable")[: group.about["features"]]
        worth[best] = np.maximum(worth[best], moves[best])
    order = np.argsort(-worth, kind="stable")[: int((worth > 0).sum())]
    _, first = np.unique(known.keys[order] >> ADDRESS_SHIFT, return_index=True)
    return known.only(np.sort(order[np.sort(first)][:_MOST_ROWS]))


def learn_all(
    groups: Sequence[Group], material: dict[str, Material], known: Vocabulary, *, everything: bool
) -> Lines:
    """The lines of all groups side by side, from the learning part or from everything there is."""
    lines = []
    for group in groups:
        own = material[group.corpus]
        chosen = np.ones_like(own.corpus.held) if everything else ~own.corpus.held
        flags = own.corpus.flags(group.labels)[chosen]
        lines.append(fit(group, own.part(known, chosen), flags))
    return Lines(
        np.concatenate([one.weights for one in lines], axis=1),
        np.concatenate([one.biases for one in lines]),
    )


def quantised(names: Sequence[str], known: Vocabulary, lines: Lines) -> Weights:
    """Whole numbers of eight bits: rarity folded in, one scale per head; no chances and no pairs yet."""
    folded = lines.weights * known.rarity[:, None]
    scales = np.abs(folded).max(axis=0) / _LARGEST
    heads = len(names)
    return Weights(
        names=tuple(names),
        keys=known.keys,
        rarity=known.rarity.astype(np.float16),
        weights=np.rint(folded / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        biases=lines.biases,
        slopes=np.ones(heads, dtype=np.float32),
        shifts=np.zeros(heads, dtype=np.float32),
        thresholds=np.full(heads, 0.5, dtype=np.float32),
        word_keys=np.zeros(0, dtype=np.uint32),
        word_rarity=np.zeros(0, dtype=np.float16),
        rarest=0.0,
        pair=np.zeros(0, dtype=np.float32),
    )


def held_scores(weights: Weights, own: Material) -> Floats:
    """What the heads say, by the run-time path, of the texts kept back."""
    texts = [text for text, kept in zip(own.corpus.texts, own.corpus.held, strict=True) if kept]
    return Heads(weights).scores(texts)


def calibrated(
    weights: Weights, groups: Sequence[Group], scores: dict[str, Floats], material: dict[str, Material]
) -> Weights:
    """With slope and shift that make a score a chance, and with a threshold, per head."""
    found: dict[str, tuple[float, float, float]] = {}
    for group in groups:
        own = material[group.corpus].corpus
        flags = own.flags(group.labels)[own.held]
        for head, truth in zip(group.labels, flags.T, strict=True):
            column = scores[group.corpus][:, weights.names.index(head)]
            found[head] = _chance(column, truth, even=group.about["learner"] == "liblinear")
    slopes, shifts, thresholds = np.array([found[name] for name in weights.names], dtype=np.float32).T
    return replace(weights, slopes=slopes, shifts=shifts, thresholds=thresholds)


def _chance(scores: Floats, truth: npt.NDArray[np.bool_], *, even: bool) -> tuple[float, float, float]:
    """Slope, shift, threshold: that of the best F1, or the line itself where yes and no weighed the same.

    A head that nothing kept back bears stays as it was learned.
    """
    if truth.sum() < _FEWEST:
        return 1.0, 0.0, 0.5
    slope, shift = chance_line(scores, truth)
    limit = 0.0 if even else best_threshold(scores, truth)
    return slope, shift, 1 / (1 + float(np.exp(-(slope * limit + shift))))


def chance_line(scores: Floats, truth: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift that make a score a chance."""
    line = LogisticRegression(C=1e4).fit(scores[:, None], truth)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def best_threshold(scores: Floats, truth: npt.NDArray[np.bool_]) -> float:
    """The score from which on a yes gives the highest F1."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + truth.sum())
    best = int(np.argmax(f1))
    after = scores[order[min(best + 1, len(order) - 1)]]
    return float((scores[order[best]] + after) / 2)
