"""Whether a sentence answers a question: what they share, in words and in meaning, weighed by rarity."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from goodword.coach.heads.features import words
from goodword.coach.heads.store import Weights
from goodword.coach.heads.vectors import Vectors, Vocabulary

MEASURES = 6
STEM = 5  # letters of a word that are compared where its ending may differ


class Side(NamedTuple):
    """The words of one text with their rarity, by stem too, and the length of the list as a vector."""

    words: dict[bytes, float]
    stems: dict[bytes, float]
    length: float
    digits: bool


class Pairs:
    """Measures of pairs of texts, and the learned line through them."""

    def __init__(self, weights: Weights, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._rarity = dict(zip(weights.word_keys.tolist(), weights.word_rarity.tolist(), strict=True))
        self._rarest = weights.rarest
        self._line = weights.pair

    def chances(self, questions: Sequence[str], sentences: Sequence[str]) -> npt.NDArray[np.float32]:
        """A row per question with the chance of each sentence to answer it."""
        scores = self.measures(questions, sentences) * self._line[:-1]
        total = np.add.reduce(scores, axis=-1) + self._line[-1]
        chances: npt.NDArray[np.float32] = 1 / (1 + np.exp(-total))
        return chances

    def measures(self, questions: Sequence[str], sentences: Sequence[str]) -> npt.NDArray[np.float32]:
        """Questions x sentences x measures."""
        asked = [self._side(text) for text in questions]
        said = [self._side(text) for text in sentences]
        found = np.zeros((len(asked), len(said), MEASURES), dtype=np.float32)
        if not asked or not said:
            return found
        for row, question in enumerate(asked):
            found[row, :, :3] = [_shared(question, sentence) for sentence in said]
        vectors = self._vectors([*questions, *sentences])
        cut = len(questions)
        # `einsum` adds in one order whatever the shapes, which the fast matrix product does not.
        found[:, :, 3] = np.einsum("qd,sd->qs", vectors[:cut], vectors[cut:])
        found[:, :, 4] = [math.log1p(len(sentence.words)) for sentence in said]
        found[:, :, 5] = [sentence.digits for sentence in said]
        return found

    def _side(self, text: str) -> Side:
        rarity, rarest = self._rarity, self._rarest
        own = {word: rarity.get(zlib.crc32(word), rarest) for word in words(text)}
        stems: dict[bytes, float] = {}
        for word, weight in own.items():
            stems.setdefault(word[:STEM], weight)
        length = math.sqrt(sum(weight * weight for weight in own.values()))
        return Side(own, stems, length, any(b"0" in word for word in own))

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        """The mean of each text's token vectors, of length one."""
        ids = [self._vocabulary.tokens(text) or [0] for text in texts]
        starts = np.cumsum([0] + [len(some) for some in ids[:-1]])
        every = [token for some in ids for token in some]
        sums = np.add.reduceat(self._vocabulary.rows(every), starts, axis=0)
        length = np.sqrt(np.einsum("nd,nd->n", sums, sums))[:, None]
        shortened: Vectors = sums / np.maximum(length, np.float32(1e-9))
        return shortened


def _shared(question: Side, sentence: Side) -> tuple[float, float, float]:
    """The share of the question's words, and stems, in the sentence; and the cosine of both lists."""
    common = [weight for word, weight in question.words.items() if word in sentence.words]
    stems = sum(weight for stem, weight in question.stems.items() if stem in sentence.stems)
    square = sum(weight * weight for weight in common)
    return (
        sum(common) / (sum(question.words.values()) or 1.0),
        stems / (sum(question.stems.values()) or 1.0),
        square / (question.length * sentence.length or 1.0),
    )
