"""Texts to numbers: words, pairs of words and runs of letters, each as one 32-bit hash.

Training and run time share this one path, so a weight always meets the feature it was learned for.
No word is stored anywhere: a feature is known by its hash alone.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]
Owners = npt.NDArray[np.int64]

RUNS = (3, 4, 5)  # lengths of the runs of letters, in bytes
KINDS = 2 + len(RUNS)  # words, pairs of words, runs of each length
_WORD = re.compile(rb"[a-z0\x80-\xff]+(?:'[a-z0\x80-\xff]+)*|[!?$%:]")
_PLAIN = (("’", "'"), ("‘", "'"), ("“", " "), ("”", " "), ("–", " "), ("—", " "), ("…", " "), ("\u00a0", " "))
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_GAP = RUNS[-1] - 1
_EDGE = b"\n" * _GAP  # between texts, so that no run of letters reaches into the next one
_EDGE_HASH = zlib.crc32(b"\n")
_STEP = np.uint32(0x01000193)


class Features(NamedTuple):
    """Every feature of a batch, kind by kind, in each kind text by text.

    `starts`: where in `hashes` each text begins within each of the `KINDS`.
    """

    hashes: Hashes
    starts: Owners

    @property
    def owners(self) -> Owners:
        """The index of the text that each feature belongs to."""
        texts = np.tile(np.arange(len(self.starts) // KINDS), KINDS)
        return np.repeat(texts, np.diff(self.starts, append=len(self.hashes)))


def words(text: str) -> list[bytes]:
    """Words and telling marks in small letters as UTF-8, every digit a nought."""
    lower = text.lower()
    if not lower.isascii():
        for fancy, plain in _PLAIN:  # many times faster than `translate` where there is little to replace
            lower = lower.replace(fancy, plain)
    return _WORD.findall(lower.encode("utf-8", "replace").translate(_DIGITS))


def features(texts: Sequence[str]) -> Features:
    """All features of `texts`; one that comes twice stands twice."""
    found = [words(text) for text in texts]
    lines = [b" ".join(some) for some in found]
    crcs = [_EDGE_HASH]
    for some in found:
        crcs.extend(map(zlib.crc32, some))
        crcs.append(_EDGE_HASH)
    single = np.array(crcs, dtype=np.uint32)
    letters = np.frombuffer(_EDGE + b"".join([line + _EDGE for line in lines]), dtype=np.uint8)
    by_word, by_letter = [len(some) + 1 for some in found], [_GAP + len(line) for line in lines]
    sizes = [*by_word, *by_word, *by_letter * len(RUNS)]
    edges = list(accumulate(sizes, initial=0))
    hashes = np.empty(edges[-1], dtype=np.uint32)
    words_end, pairs_end = len(single) - 1, 2 * (len(single) - 1)
    hashes[:words_end] = single[:-1]
    np.multiply(single[:-1], _STEP, out=hashes[words_end:pairs_end])
    hashes[words_end:pairs_end] += single[1:]
    _runs(letters.astype(np.uint32), hashes[pairs_end:])
    return Features(_mixed(hashes), np.array(edges[:-1]))


def _runs(letters: Hashes, into: Hashes) -> None:
    """The hashes of the runs of each length that start at every letter but those of the last edge."""
    size = len(letters) - _GAP
    rolled = letters[:size] + np.uint32(RUNS[0])  # so that a run is no word's hash by chance
    for length in range(2, RUNS[-1] + 1):
        target = into[(length - RUNS[0]) * size :][:size] if length in RUNS else rolled
        np.multiply(rolled, _STEP, out=target)
        target += letters[length - 1 : length - 1 + size]
        rolled = target


def _mixed(hashes: Hashes) -> Hashes:
    """Spread the bits in place, so that any of them can serve as an address."""
    hashes ^= hashes >> np.uint32(15)
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    return hashes
