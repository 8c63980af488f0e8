"""Texts to numbers: words, pairs of words and runs of letters, each as one 32-bit hash.

Training and run time share this one path, so a weight always meets the feature it was learned for.
No word is stored anywhere: a feature is known by its hash alone.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint32]
Owners = npt.NDArray[np.int64]

RUNS = (3, 4, 5)  # lengths of the runs of letters, in bytes
_WORD = re.compile(rb"[a-z0\x80-\xff]+(?:'[a-z0\x80-\xff]+)*|[!?$%:]")
_PLAIN = (("’", "'"), ("‘", "'"), ("“", " "), ("”", " "), ("–", " "), ("—", " "), ("…", " "), ("\u00a0", " "))
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_GAP = RUNS[-1] - 1
_EDGE = b"\n" * _GAP  # between texts, so that no run of letters reaches into the next one
_EDGE_HASH = zlib.crc32(b"\n")
_STEP = np.uint32(0x01000193)


class Features(NamedTuple):
    """Every feature of a batch: its hash, and the index of the text that it belongs to."""

    hashes: Hashes
    owners: Owners


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
    crcs = [_EDGE_HASH]
    for some in found:
        crcs.extend(map(zlib.crc32, some))
        crcs.append(_EDGE_HASH)
    line = b"".join([_EDGE + b" ".join(some) for some in found]) + _EDGE
    single = np.array(crcs, dtype=np.uint32)
    letters = np.frombuffer(line, dtype=np.uint8).astype(np.uint32)
    kinds = [single[:-1], single[:-1] * _STEP + single[1:], *_runs(letters)]
    return Features(_mixed(np.concatenate(kinds)), _owners(found))


def _owners(found: Sequence[list[bytes]]) -> Owners:
    if len(found) == 1:  # the common case needs no bookkeeping
        some = found[0]
        letters = _GAP + sum(map(len, some)) + max(len(some) - 1, 0)
        return np.zeros(2 * (len(some) + 1) + len(RUNS) * letters, dtype=np.int64)
    order = np.arange(len(found))
    by_word = np.repeat(order, [len(some) + 1 for some in found])
    by_letter = np.repeat(order, [_GAP + sum(map(len, some)) + max(len(some) - 1, 0) for some in found])
    return np.concatenate([by_word, by_word, *[by_letter] * len(RUNS)])


def _runs(letters: Hashes) -> list[Hashes]:
    """The hashes of the runs of each length that start at every letter but those of the last edge."""
    size = len(letters) - _GAP
    rolled = letters[:size] + np.uint32(RUNS[0])  # so that a run is no word's hash by chance
    found: list[Hashes] = []
    for length in range(2, RUNS[-1] + 1):
        rolled = rolled * _STEP
        rolled += letters[length - 1 : length - 1 + size]
        if length in RUNS:
            found.append(rolled)
    return found


def _mixed(hashes: Hashes) -> Hashes:
    """Spread the bits in place, so that any of them can serve as an address."""
    hashes ^= hashes >> np.uint32(15)
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    return hashes
