"""Meaning of a text as one vector of 256 numbers, from the files that the wheel of wordllama carries.

The files are read directly: importing the package takes longer, and its loader would ask the network.
"""

from __future__ import annotations

import json
import struct
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
_TABLE = "weights/l2_supercat_256.safetensors"
_TENSOR = "embedding.weight"


class Vocabulary:
    """Tokens of a text, and the table with a row for each token."""

    def __init__(self, tokenizer: Any, table: npt.NDArray[np.float16]) -> None:
        self._tokenizer = tokenizer
        self.table = table

    def tokens(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def rows(self, ids: list[int]) -> Vectors:
        return self.table[ids].astype(np.float32)


def read_vocabulary() -> Vocabulary | None:
    """The vocabulary of the installed wordllama; None where it, or its tokenizer, is missing."""
    wheel = find_spec("wordllama")
    if wheel is None or not wheel.submodule_search_locations or find_spec("tokenizers") is None:
        return None
    folder = Path(wheel.submodule_search_locations[0])
    if not (folder / _TOKENIZER).is_file() or not (folder / _TABLE).is_file():
        return None  # another release, with other files
    tokenizer = import_module("tokenizers").Tokenizer.from_file(str(folder / _TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return Vocabulary(tokenizer, _table(folder / _TABLE))


def _table(path: Path) -> npt.NDArray[np.float16]:
    """The one tensor of a safetensors file: eight bytes of length, a JSON header, the numbers."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        tensor = json.loads(file.read(length))[_TENSOR]
    start = 8 + length + tensor["data_offsets"][0]
    shape = tuple(tensor["shape"])
    return np.memmap(path, dtype="<f2", mode="r", offset=start, shape=shape)
