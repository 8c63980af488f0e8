"""Reads a customer's message and the reply to it together, each word in the light of all others.

A transformer of a few small layers (a cross-encoder), taught by labelled replies alone. Its words are the
vectors that the wheel of wordllama carries and a few numbers of its own for the commoner ones. It knows
what no word alone tells: whether a question was answered, a hardship passed over, something asked that was
given. Only the beginning of longer texts is read; of the rest nothing is known.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from goodword.coach.heads.store import FOLDER
from goodword.coach.heads.vectors import WordVectors

Table = npt.NDArray[np.float32]
Arrays = Mapping[str, npt.NDArray[np.generic]]

SHIPPED = FOLDER / "both.npz"
MESSAGE, REPLY = 1, 2
MOST = 512  # tokens of both texts together; each layer costs their square
MOST_OF_MESSAGE = 256
HEADS = 4
EXACT, BUCKETS = 64, 128  # places told apart one by one, and in all
LENGTH = 16.0  # of a word's vector as it comes in
_LEAST = 1e-6
_ROWS = 16  # tokens that heed the others at a time
_SMALL = 1 << 18  # products of so many steps are reckoned by one thread


# A question (kind 0), request (1) or concern (2): start, end, kind; characters `[start, end)` of the message.
Item = tuple[int, int, int]


class Side(NamedTuple):
    """What is thought of each token of one text: a row per token, a column per category of fault."""

    starts: list[int]
    ends: list[int]
    scores: Table

    def places(self, start: int, end: int) -> tuple[int, int]:
        """Which tokens reach into `[start, end)`: the first, and the one after the last."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def within(self, start: int, end: int) -> Table | None:
        """The highest score of each category among the tokens that reach into `[start, end)`."""
        first, last = self.places(start, end)
        if first >= last:
            return None
        highest: Table = np.maximum.reduce(self.scores[first:last], axis=0)
        return highest


class Seen(NamedTuple):
    """What a look at both texts tells, all as log odds.

    `open`: of each item to be left open, None where it was not read; `reply`: of each token to be at fault;
    `message`: of each to call for something that the reply lacks; `categories`: of the columns of both.
    """

    open: list[float | None]
    reply: Side
    message: Side
    categories: tuple[str, ...]


class CrossEncoder:
    """Weights learned by `goodword.coach.training.cross_encoder`, with the words of wordllama."""

    def __init__(self, arrays: Arrays, texts: Mapping[str, object], vectors: WordVectors) -> None:
        self.categories: tuple[str, ...] = tuple(texts["categories"])  # type: ignore[arg-type]
        self._layers = int(texts["layers"])  # type: ignore[call-overload]
        self._vectors = vectors
        self._own_ids = arrays["own_ids"]
        self._w: dict[str, Table] = {name: _whole(arrays, name) for name in _names(arrays)}

    def read(self, message: str, reply: str, items: Sequence[Item]) -> Seen | None:
        """None where either text has no words."""
        asked = self._vectors.tokens(message, MOST_OF_MESSAGE)
        said = self._vectors.tokens(reply, MOST - len(asked.ids))
        if not asked.ids or not said.ids:
            return None
        edge = len(asked.ids)
        states = self._states(np.array(asked.ids + said.ids), edge)
        w = self._w
        missing = _times(states[:edge], w["missing"]) + w["missing_bias"]
        faults = _times(states[edge:], w["faults"]) + w["faults_bias"]
        heard = Side(asked.starts, asked.ends, missing)
        return Seen(
            self._open(states, heard, items),
            Side(said.starts, said.ends, faults),
            heard,
            self.categories,
        )

    def _states(self, ids: npt.NDArray[np.int64], edge: int) -> Table:
        """A row for each token, message first: what it means where it stands."""
        w, many = self._w, len(ids)
        places = np.concatenate([PLACES[:edge], PLACES[: many - edge]])
        state = _times(self._vectors.rows(ids, LENGTH), w["words"]) + w["places"][places]
        state[:edge] += w["sides"][MESSAGE]
        state[edge:] += w["sides"][REPLY]
        rows = np.searchsorted(self._own_ids, ids)
        rows[rows == len(self._own_ids)] = 0
        known = self._own_ids[rows] == ids
        state[known] += _times(w["own"][rows[known]], w["own_into"])
        state = np.concatenate([state, np.zeros((-many % _ROWS, state.shape[1]), dtype=np.float32)])
        for layer in range(self._layers):
            mixed = _times(_even(state), w[f"mix{layer}"])
            state += _times(_heeded(mixed, many), w[f"out{layer}"])
            inner = _times(_even(state), w[f"up{layer}"])
            inner += w[f"up_bias{layer}"]
            np.maximum(inner, 0, out=inner)
            state += _times(inner, w[f"down{layer}"])
        found: Table = _even(state[:many]) * w["last"]
        return found

    def _open(self, states: Table, message: Side, items: Sequence[Item]) -> list[float | None]:
        edge = len(message.starts)
        w, found = self._w, list[float | None]()
        says = _times(states[edge:], w["say"])
        for start, end, kind in items:
            first, last = message.places(start, end)
            if first >= last:
                found.append(None)
                continue
            own = np.add.reduce(states[first:last], axis=0) / (last - first) + w["kinds"][kind]
            meets = says @ (own @ w["ask"]) / np.float32(8) + w["meet_bias"]
            found.append(self._left(own, meets, states[edge:]))
        return found

    def _left(self, own: Table, meets: Table, reply: Table) -> float:
        """Log odds of the item to be left open; `meets`: how much each token of the reply deals with it."""
        w = self._w
        highest = np.maximum.reduce(meets)
        share = np.exp(meets - highest)
        total = np.add.reduce(share)
        told = share @ reply / total
        sure = np.add.reduce(1 / (1 + np.exp(-meets))) / 10
        tops = np.clip(np.array([highest, highest + np.log(total)]), -10, 10)
        inner = np.concatenate([own, told, tops, [sure]]) @ w["judge"] + w["judge_bias"]
        yes, partly, no = (np.maximum(inner, 0) @ w["state"] + w["state_bias"]).tolist()
        return float(np.logaddexp(partly, no) - yes)


def _heeded(mixed: Table, many: int) -> Table:
    """What each token takes from all `many` tokens, by how much it heeds each."""
    total, size = len(mixed), mixed.shape[1] // 3
    query, key, value = mixed.reshape(total, 3, HEADS, size // HEADS).transpose(1, 2, 0, 3)
    parts = query.reshape(HEADS, -1, _ROWS, size // HEADS)
    heed = parts @ key[:, None, :many].transpose(0, 1, 3, 2)
    heed -= np.maximum.reduce(heed, axis=-1, keepdims=True)
    np.exp(heed, out=heed)
    heed /= np.add.reduce(heed, axis=-1, keepdims=True)
    taken: Table = np.matmul(heed, value[:, None, :many], dtype=np.float32)
    return taken.reshape(HEADS, total, -1).transpose(1, 0, 2).reshape(total, size)


def _times(rows: Table, table: Table) -> Table:
    """`rows @ table`, some rows at a time: no threads are woken for so few, which would take far longer."""
    step = max(1, _SMALL // table.size)
    if len(rows) <= step:
        product: Table = rows @ table
        return product
    short = -len(rows) % step
    if short:
        rows = np.concatenate([rows, np.zeros((short, rows.shape[1]), dtype=np.float32)])
    product = (rows.reshape(-1, step, rows.shape[1]) @ table).reshape(len(rows), -1)
    return product[: len(rows) - short]


def _even(state: Table) -> Table:
    """Each row brought to the same length."""
    square = np.einsum("ij,ij->i", state, state) / np.float32(state.shape[1])
    even: Table = state / np.sqrt(square + np.float32(_LEAST))[:, None]
    return even


def _places() -> npt.NDArray[np.int64]:
    """The bucket of each place in a text: further on they grow wider."""
    places = np.arange(MOST)
    wide = EXACT + 16 * np.log2(np.maximum(places, 1) / EXACT)
    return np.where(places < EXACT, places, np.minimum(BUCKETS - 1, wide)).astype(np.int64)


PLACES = _places()


def _names(arrays: Arrays) -> list[str]:
    return [name for name in arrays if name not in ("own_ids", "texts") and not name.endswith(".scale")]


def _whole(arrays: Arrays, name: str) -> Table:
    """The numbers of a table; whole ones of eight bits have a scale for each column beside them."""
    table = arrays[name].astype(np.float32)
    scale = arrays.get(f"{name}.scale")
    return table if scale is None else table * scale.astype(np.float32)


def save(tables: Mapping[str, Table], own_ids: npt.NDArray[np.uint16], texts: object, path: Path) -> None:
    """Write what was learned; tables of two axes as whole numbers of eight bits."""
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "own_ids": own_ids,
        "texts": np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8),
    }
    for name, table in tables.items():
        if table.ndim < 2:
            arrays[name] = table.astype(np.float32)
            continue
        scale = np.maximum(np.abs(table).max(axis=0), _LEAST) / 127
        arrays[name] = np.rint(table / scale).astype(np.int8)
        arrays[f"{name}.scale"] = scale.astype(np.float32)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def load(path: Path, vectors: WordVectors) -> CrossEncoder:
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return CrossEncoder(arrays, json.loads(arrays["texts"].tobytes()), vectors)
