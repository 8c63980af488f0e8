"""The file of weights: whole numbers of eight bits with one scale per head, and a name for each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

FOLDER = Path(__file__).parent / "data"
SHIPPED = FOLDER / "heads.npz"


@dataclass(frozen=True, slots=True)
class Weights:
    """What training leaves behind. V features, H heads, P measures of a pair.

    A head's score is `scale * sum(weight) / norm + bias`, its chance `sigmoid(slope * score + shift)`.
    """

    names: tuple[str, ...]
    thresholds: npt.NDArray[np.float32]  # H: from here on a head says yes
    keys: npt.NDArray[np.uint32]  # V: hashes of the features, ascending
    rarity: npt.NDArray[np.float16]  # V: inverse document frequency, already part of `weights`
    weights: npt.NDArray[np.int8]  # V x H
    scales: npt.NDArray[np.float32]  # H
    biases: npt.NDArray[np.float32]  # H
    slopes: npt.NDArray[np.float32]  # H
    shifts: npt.NDArray[np.float32]  # H
    word_keys: npt.NDArray[np.uint32]  # hashes of the commoner words, for pairs
    word_rarity: npt.NDArray[np.float16]
    rarest: float  # what a word not among them weighs
    pair: npt.NDArray[np.float32]  # P + 1: weights of the measures of a pair, then the bias


_TEXTS = ("names", "rarest")
_ARRAYS = tuple(name for name in Weights.__dataclass_fields__ if name not in _TEXTS)


def save(weights: Weights, path: Path) -> None:
    texts = json.dumps({"names": weights.names, "rarest": weights.rarest})
    arrays = {name: getattr(weights, name) for name in _ARRAYS}
    np.savez_compressed(path, texts=np.frombuffer(texts.encode(), dtype=np.uint8), **arrays)


def load(path: Path = SHIPPED) -> Weights:
    with np.load(path, allow_pickle=False) as file:
        texts = json.loads(file["texts"].tobytes())
        # A text takes whole rows of the weights, so these must lie together, however they were saved.
        arrays = {name: np.ascontiguousarray(file[name]) for name in _ARRAYS}
    return Weights(names=tuple(texts["names"]), rarest=float(texts["rarest"]), **arrays)
