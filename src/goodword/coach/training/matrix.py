"""Texts as rows of weighed features, exactly as the heads will see them at run time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from goodword.coach.heads.features import Hashes, features

_BATCH = 2000
LEAST = 3  # texts that must bear a feature before it counts


@dataclass(frozen=True)
class Counts:
    """How often which feature stands in which text, one entry per pair of both."""

    texts: npt.NDArray[np.int64]
    hashes: Hashes
    counts: npt.NDArray[np.int64]
    size: int


@dataclass(frozen=True)
class Vocabulary:
    """Features by ascending hash, with their rarity (inverse document frequency)."""

    keys: Hashes
    rarity: npt.NDArray[np.float32]

    def only(self, chosen: npt.NDArray[np.int64]) -> Vocabulary:
        return Vocabulary(self.keys[chosen], self.rarity[chosen])


def count(texts: Sequence[str]) -> Counts:
    owners, hashes, counts = [], [], []
    for start in range(0, len(texts), _BATCH):
        found = features(texts[start : start + _BATCH])
        pairs = (found.owners.astype(np.uint64) << np.uint64(32)) | found.hashes
        pairs, times = np.unique(pairs, return_counts=True)
        owners.append((pairs >> np.uint64(32)).astype(np.int64) + start)
        hashes.append((pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32))
        counts.append(times)
    return Counts(np.concatenate(owners), np.concatenate(hashes), np.concatenate(counts), len(texts))


def vocabulary(learned: Sequence[tuple[Counts, npt.NDArray[np.bool_]]]) -> Vocabulary:
    """What stands in enough texts of the parts marked for learning."""
    seen = [counts.hashes[chosen[counts.texts]] for counts, chosen in learned]
    keys, frequency = np.unique(np.concatenate(seen), return_counts=True)
    often = frequency >= LEAST
    total = sum(int(chosen.sum()) for _, chosen in learned)
    rarity = np.log((1 + total) / (1 + frequency[often])) + 1
    # As coarse as it will be shipped, so that the norms of training are those of run time.
    return Vocabulary(keys[often], rarity.astype(np.float16).astype(np.float32))


def matrix(counts: Counts, known: Vocabulary) -> sp.csr_matrix:
    """A row per text: count times rarity, divided by the root of the sum of count times squared rarity."""
    place = np.minimum(np.searchsorted(known.keys, counts.hashes), len(known.keys) - 1)
    match = known.keys[place] == counts.hashes
    texts, place, times = counts.texts[match], place[match], counts.counts[match]
    squares = np.bincount(texts, times * known.rarity[place] ** 2, minlength=counts.size)
    values = times * known.rarity[place] / np.sqrt(np.maximum(squares, 1e-9))[texts]
    return sp.csr_matrix((values.astype(np.float32), (texts, place)), shape=(counts.size, len(known.keys)))
