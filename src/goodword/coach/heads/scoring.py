"""All heads at once: the weights of a text's features, added up, made a chance for each head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from goodword.coach.heads import meeting, store
from goodword.coach.heads.features import KINDS, features
from goodword.coach.heads.pairs import Pairs
from goodword.coach.heads.vectors import read_vectors

Chances = npt.NDArray[np.float32]

_ADDRESS_BITS = 19
ADDRESS_SHIFT = np.uint32(32 - _ADDRESS_BITS)
_BATCH = 64  # texts whose features are looked up together: more would only take memory
_FIXED = 256  # squares of rarities are counted in parts of so many
_LONGEST = 20_000  # characters read of one text; what a mail is about stands before that


class Heads:
    """Chances from 0 to 1, one per head, for texts; and how likely sentences answer a question.

    The same text gives the same bits on one machine, alone or in a batch. Between machines the last bits
    may differ (by less than 1e-5), since the exponential is the machine's own; sums are of whole numbers.
    """

    def __init__(self, weights: store.Weights) -> None:
        self._weights = weights
        self.names = weights.names
        self.short_names = tuple(name.partition(".")[2] for name in weights.names)  # without their side
        self.thresholds: Mapping[str, float] = dict(
            zip(weights.names, weights.thresholds.tolist(), strict=True)
        )
        # A hash addresses its row by its upper bits; the whole hash is compared, so strangers are dropped.
        self._rows = np.zeros(1 << _ADDRESS_BITS, dtype=np.uint16)
        self._rows[weights.keys >> ADDRESS_SHIFT] = np.arange(len(weights.keys), dtype=np.uint16)
        self._squares = np.rint(weights.rarity.astype(np.float32) ** 2 * _FIXED).astype(np.int32)
        # What is unknown is counted as one more row, which weighs nothing.
        self._stranger = len(weights.keys)
        self._squares = np.append(self._squares, np.int32(0))
        # As numbers of this kind they add up fastest, and exactly: no text has features enough for 24 bits.
        self._table = np.concatenate([weights.weights, np.zeros((1, len(weights.names)))]).astype(np.float32)

    def message(self, text: str) -> dict[str, float]:
        """Head's name → chance, for one text."""
        return dict(zip(self.names, self.sentences([text])[0].tolist(), strict=True))

    def sentences(self, texts: Sequence[str]) -> Chances:
        """A row of chances per text, in the order of `names`."""
        scores = self.scores(texts)
        scores *= self._weights.slopes
        scores += self._weights.shifts
        np.negative(scores, out=scores)
        np.maximum(scores, -60, out=scores)
        np.minimum(scores, 60, out=scores)
        np.exp(scores, out=scores)
        scores += 1
        return np.reciprocal(scores, out=scores)

    def scores(self, texts: Sequence[str]) -> Chances:
        """The same before it is made a chance: above 0 leans to yes."""
        if len(texts) == 1:
            return self._some([texts[0][:_LONGEST]])
        parts = [texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH)]
        some = [self._some([text[:_LONGEST] for text in part]) for part in parts]
        return np.concatenate(some) if some else np.zeros((0, len(self.names)), dtype=np.float32)

    def pair(self, question: str, sentences: Sequence[str]) -> Chances | None:
        """How likely each sentence answers the question; None where wordllama is not installed."""
        return self._pairs.chances([question], sentences)[0] if self._pairs else None

    def pairs(self, questions: Sequence[str], sentences: Sequence[str]) -> Chances | None:
        """The same for several questions at once: a row per question."""
        return self._pairs.chances(questions, sentences) if self._pairs else None

    def meeting(
        self,
        questions: Sequence[str],
        sentences: Sequence[str],
        told: Sequence[Sequence[Sequence[float]]],
        parts: Sequence[tuple[str, frozenset[str], int, bool]],
    ) -> Chances | None:
        """All signs of each question with each sentence (`meeting.rows`); None as for `pair`."""
        if not self._pairs:
            return None
        measures = self._pairs.measures(questions, sentences)
        return meeting.rows(measures, told, [meeting.Part(*part) for part in parts])

    @staticmethod
    def answered(met: Chances, weights: Mapping[str, float], free: Sequence[bool]) -> list[dict[str, float]]:
        """What the pairs, weighed, say of each question being answered."""
        own = np.array([weights.get(name, 0.0) for name in meeting.NAMES], dtype=np.float32)
        return meeting.signs(met @ own + np.float32(weights["bias"]), free)

    def _some(self, texts: list[str]) -> Chances:
        weights = self._weights
        hashes, starts = features(texts)
        rows = self._rows.take(hashes >> ADDRESS_SHIFT)
        np.putmask(rows, weights.keys.take(rows) != hashes, self._stranger)
        taken, squares = self._table.take(rows, axis=0), self._squares.take(rows)
        scores: Chances
        total: npt.NDArray[np.int32]
        if len(texts) > 1:
            scores = np.add.reduce(np.add.reduceat(taken, starts, axis=0).reshape(KINDS, len(texts), -1))
            total = np.add.reduce(np.add.reduceat(squares, starts).reshape(KINDS, len(texts)), dtype=np.int32)
        else:
            scores = np.dot(np.ones((1, len(rows)), dtype=np.float32), taken)
            total = np.add.reduce(squares, dtype=np.int32, keepdims=True)
        scores *= weights.scales
        scores /= np.sqrt(np.maximum(total, 1).astype(np.float32) / np.float32(_FIXED)).reshape(-1, 1)
        scores += weights.biases
        return scores

    @cached_property
    def _pairs(self) -> Pairs | None:
        vectors = read_vectors()
        return Pairs(self._weights, vectors) if vectors else None


def shipped(name: str = "heads") -> Heads:
    """Heads that come with the package."""
    return Heads(store.load(store.FOLDER / f"{name}.npz"))
