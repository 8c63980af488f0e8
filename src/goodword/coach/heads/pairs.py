"""Whether a sentence answers a question: what they share, in words and in meaning, weighed by rarity."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from goodword.coach.heads.features import words
from goodword.coach.heads.store import Weights
from goodword.coach.heads.vectors import STEPS, Vectors, WordVectors

MEASURES = 7
STEM = 5  # letters of a word that are compared where its ending may differ
_AT_HAND = 1024  # texts whose words are kept
_SMALL = 1 << 18  # products of so many steps are reckoned by one thread
_NOTHING = {b"": 1.0}  # stands for a text without words; its vector is nought


class Side(NamedTuple):
    """The words of one text with their rarity, by stem too, and the length of the list as a vector."""

    words: dict[bytes, float]
    stems: dict[bytes, float]
    length: float
    digits: bool


class Pairs:
    """Measures of pairs of texts, and the learned line through them."""

    def __init__(self, weights: Weights, vectors: WordVectors) -> None:
        self._vectors = vectors
        self._rarity = dict(zip(weights.word_keys.tolist(), weights.word_rarity.tolist(), strict=True))
        self._rarest = weights.rarest
        self._line = weights.pair
        self._side = lru_cache(maxsize=_AT_HAND)(self._read)  # while a reply grows, most of it stays the same

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
        places = _Places(said)
        for row, question in enumerate(asked):
            found[row, :, 0], found[row, :, 1], found[row, :, 2] = places.shared(question)
        found[:, :, 3], found[:, :, 4] = self._meaning(asked, said)
        found[:, :, 5] = [math.log1p(len(sentence.words)) for sentence in said]
        found[:, :, 6] = [sentence.digits for sentence in said]
        return found

    def _read(self, text: str) -> Side:
        rarity, rarest = self._rarity, self._rarest
        own = {word: rarity.get(zlib.crc32(word), rarest) for word in words(text) if word > b"/"}
        own = own or _NOTHING
        stems: dict[bytes, float] = {}
        for word, weight in own.items():
            stems.setdefault(word[:STEM], weight)
        length = math.sqrt(sum(weight * weight for weight in own.values()))
        return Side(own, stems, length, any(b"0" in word for word in own))

    def _meaning(self, asked: list[Side], said: list[Side]) -> tuple[Vectors, Vectors]:
        """How near each question's words come to a sentence's, word by word; and the texts as wholes."""
        ask, ask_starts, ask_weights = self._stacked(asked)
        say, say_starts, say_weights = self._stacked(said)
        # Of whole numbers, so the product is exact, whatever order the machine adds in.
        near = np.maximum.reduceat(_product(ask, say), say_starts, axis=1)
        near *= ask_weights[:, None]
        totals = np.add.reduceat(ask_weights, ask_starts)[:, None]
        each = (np.add.reduceat(near, ask_starts, axis=0) / (totals * STEPS**2)).astype(np.float32)
        whole = _whole(ask, ask_weights, ask_starts) @ _whole(say, say_weights, say_starts).T
        return each, whole * np.float32(1 / STEPS**2)

    def _stacked(self, sides: list[Side]) -> tuple[Vectors, npt.NDArray[np.int64], Vectors]:
        """The vectors of all words one below the other, where each text begins, each word's rarity."""
        starts = np.cumsum([0] + [len(side.words) for side in sides[:-1]])
        weights = np.array([weight for side in sides for weight in side.words.values()], dtype=np.float32)
        return self._vectors.of([word for side in sides for word in side.words]), starts, weights


def _product(ask: Vectors, say: Vectors) -> Vectors:
    """`ask @ say.T` in blocks so small that no threads are woken for them, which would take far longer."""
    step = max(1, _SMALL // max(1, ask.size))
    found = [ask @ say[at : at + step].T for at in range(0, len(say), step)]
    return np.concatenate(found, axis=1)


class _Places:
    """Which sentences have a word, or its stem: what they share is found by these, not by trying each."""

    def __init__(self, sentences: Sequence[Side]) -> None:
        self._lengths = [sentence.length for sentence in sentences]
        self._words: dict[bytes, list[int]] = {}
        self._stems: dict[bytes, list[int]] = {}
        for place, sentence in enumerate(sentences):
            for word in sentence.words:
                self._words.setdefault(word, []).append(place)
            for stem in sentence.stems:
                self._stems.setdefault(stem, []).append(place)

    def shared(self, question: Side) -> tuple[list[float], list[float], list[float]]:
        """Of each sentence the share of the question's words, and stems, in it; the cosine of both lists."""
        words, stems, squares = ([0.0] * len(self._lengths) for _ in range(3))
        for word, weight in question.words.items():
            for place in self._words.get(word, ()):
                words[place] += weight
                squares[place] += weight * weight
        for stem, weight in question.stems.items():
            for place in self._stems.get(stem, ()):
                stems[place] += weight
        all_words, all_stems = sum(question.words.values()), sum(question.stems.values())
        return (
            [one / all_words for one in words],
            [one / all_stems for one in stems],
            [one / (question.length * length) for one, length in zip(squares, self._lengths, strict=True)],
        )


def _whole(rows: Vectors, weights: Vectors, starts: npt.NDArray[np.int64]) -> Vectors:
    """Each text's mean vector, weighed by rarity, in whole steps."""
    sums = np.add.reduceat(rows * weights[:, None], starts, axis=0)
    length = np.sqrt(np.add.reduce(sums * sums, axis=1))[:, None]
    steps: Vectors = np.rint(sums / np.maximum(length, np.float32(1e-9)) * STEPS)
    return steps
