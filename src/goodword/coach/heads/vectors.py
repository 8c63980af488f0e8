"""Meaning of a word as 256 numbers, from the files that the wheel of wordllama carries.

The files are read directly: importing the package takes longer, and its loader would ask the network.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

STEPS = 2048  # a vector's length; its numbers are whole, so that products of two stay exact in 24 bits
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
_TABLE = "weights/l2_supercat_256.safetensors"
_TENSOR = "embedding.weight"
_LETTERS = 16  # of a token, at most on average: what stands behind so many of a long text need not be cut up
_MOST = 8192  # words whose vectors are kept at hand; they take 8 MB


class _Kept(NamedTuple):
    """Vectors at hand: each word's row. A row never changes, so that threads may read while one adds."""

    places: dict[bytes, int]
    rows: Vectors


class Tokens(NamedTuple):
    """The first tokens of a text, and where each stands in it."""

    ids: list[int]
    starts: list[int]
    ends: list[int]


class WordVectors:
    """Vectors of length `STEPS`, each the mean of the word's tokens; of the empty word, nought."""

    def __init__(self, tokenizer: Any, table: npt.NDArray[np.float16]) -> None:
        self._tokenizer = tokenizer
        self._table = table
        self._adding = Lock()
        self._kept = self._none_kept()

    def of(self, words: Sequence[bytes]) -> Vectors:
        """A row per word. Words met before cost next to nothing."""
        kept = self._kept
        try:
            return kept.rows[[kept.places[word] for word in words]]
        except KeyError:
            return self._learned(words)

    def tokens(self, text: str, most: int) -> Tokens:
        """The first tokens of the text, no more than `most`."""
        begun = text[: most * _LETTERS].encode("utf-8", "replace").decode()
        found = self._tokenizer.encode(begun, add_special_tokens=False)
        spans = found.offsets[:most]
        return Tokens(found.ids[:most], [start for start, _ in spans], [end for _, end in spans])

    @property
    def many(self) -> int:
        """How many tokens there are."""
        return len(self._table)

    def rows(self, ids: npt.NDArray[np.int64], length: float) -> Vectors:
        """A row per token, of that length."""
        rows = self._table[ids].astype(np.float32)
        long = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
        scaled: Vectors = rows * (np.float32(length) / (long + np.float32(1e-6)))
        return scaled

    def _learned(self, words: Sequence[bytes]) -> Vectors:
        with self._adding:
            kept = self._kept
            new = list(dict.fromkeys(word for word in words if word not in kept.places))
            if len(kept.places) + len(new) > _MOST:
                kept, new = self._none_kept(), list(dict.fromkeys(words))
            if len(new) > _MOST:
                return self._fresh(words)
            start = len(kept.places)
            kept.rows[start : start + len(new)] = self._fresh(new)
            kept.places.update((word, start + place) for place, word in enumerate(new))
            self._kept = kept
        return kept.rows[[kept.places[word] for word in words]]

    def _none_kept(self) -> _Kept:
        return _Kept({}, np.zeros((_MOST, self._table.shape[1]), dtype=np.float32))

    def _fresh(self, words: Sequence[bytes]) -> Vectors:
        if not words:
            return np.zeros((0, self._table.shape[1]), dtype=np.float32)
        rows = np.stack([self._mean(word.decode("utf-8", "replace")) for word in words])
        length = np.sqrt(np.add.reduce(rows * rows, axis=1))[:, None]
        steps: Vectors = np.rint(rows / np.maximum(length, np.float32(1e-9)) * STEPS)
        return steps

    def _mean(self, word: str) -> Vectors:
        ids = self._tokenizer.encode(word, add_special_tokens=False).ids if word else []
        if not ids:
            return np.zeros(self._table.shape[1], dtype=np.float32)
        mean: Vectors = self._table[ids].astype(np.float32).mean(axis=0)
        return mean


@cache
def read_vectors() -> WordVectors | None:
    """The vectors of the installed wordllama; None where it, or its tokenizer, is missing."""
    wheel = find_spec("wordllama")
    if wheel is None or not wheel.submodule_search_locations or find_spec("tokenizers") is None:
        return None
    folder = Path(wheel.submodule_search_locations[0])
    if not (folder / _TOKENIZER).is_file() or not (folder / _TABLE).is_file():
        return None  # another release, with other files
    tokenizer = import_module("tokenizers").Tokenizer.from_file(str(folder / _TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return WordVectors(tokenizer, _table(folder / _TABLE))


def _table(path: Path) -> npt.NDArray[np.float16]:
    """The one tensor of a safetensors file: eight bytes of length, a JSON header, the numbers."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        tensor = json.loads(file.read(length))[_TENSOR]
    start = 8 + length + tensor["data_offsets"][0]
    return np.memmap(path, dtype="<f2", mode="r", offset=start, shape=tuple(tensor["shape"]))
