"""All heads at once: the weights of a text's features, added up, made a chance for each head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from goodword.coach.heads import store
from goodword.coach.heads.features import features
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
        self.thresholds: Mapping[str, float] = dict(
            zip(weights.names, weights.thresholds.tolist(), strict=True)
        )
        # A hash addresses its row by its upper bits; the whole hash is compared, so strangers are dropped.
        self._rows = np.zeros(1 << _ADDRESS_BITS, dtype=np.uint16)
        self._rows[weights.keys >> ADDRESS_SHIFT] = np.arange(len(weights.keys), dtype=np.uint16)
        self._squares = np.rint(weights.rarity.astype(np.float32) ** 2 * _FIXED).astype(np.int32)

    def message(self, text: str) -> dict[str, float]:
        """Head's name → chance, for one text."""
        return dict(zip(self.names, self.sentences([text])[0].tolist(), strict=True))

    def sentences(self, texts: Sequence[str]) -> Chances:
        """A row of chances per text, in the order of `names`."""
        scores = self.scores(texts)
        scores *= self._weights.slopes
        scores += self._weights.shifts
        np.negative(scores, out=scores)
        np.clip(scores, -60, 60, out=scores)
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

    def _some(self, texts: list[str]) -> Chances:
        weights = self._weights
        hashes, owners = features(texts)
        rows = self._rows[hashes >> ADDRESS_SHIFT]
        known = (weights.keys[rows] == hashes).nonzero()[0]
        rows = rows[known]
        sums, squares = self._sums(rows, owners[known], len(texts))
        scores = sums.astype(np.float32)
        scores *= weights.scales
        scores /= np.sqrt(np.maximum(squares, 1).astype(np.float32) / np.float32(_FIXED))[:, None]
        scores += weights.biases
        return scores

    def _sums(
        self, rows: npt.NDArray[np.uint16], owners: npt.NDArray[np.int64], count: int
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Per text the sums of its features' weights and squares: whole numbers, exact in any order."""
        if count == 1:
            return np.add.reduce(self._taken(rows), axis=0, keepdims=True), np.add.reduce(
                self._squares[rows], dtype=np.int32, keepdims=True
            )
        order = np.argsort(owners, kind="stable")
        rows = rows[order]
        present, starts = np.unique(owners[order], return_index=True)
        sums = np.zeros((count, len(self.names)), dtype=np.int32)
        squares = np.zeros(count, dtype=np.int32)
        if len(present):
            sums[present] = np.add.reduceat(self._taken(rows), starts, axis=0)
            squares[present] = np.add.reduceat(self._squares[rows], starts, dtype=np.int32)
        return sums, squares

    def _taken(self, rows: npt.NDArray[np.uint16]) -> npt.NDArray[np.int32]:
        """The weights of these rows, widened before they are added: many times faster than while."""
        return self._weights.weights.take(rows, axis=0).astype(np.int32)

    @cached_property
    def _pairs(self) -> Pairs | None:
        vectors = read_vectors()
        return Pairs(self._weights, vectors) if vectors else None


def shipped(name: str = "heads") -> Heads:
    """Heads that come with the package."""
    return Heads(store.load(store.FOLDER / f"{name}.npz"))
