"""The labelled corpora, read from a folder that the caller names: texts, labels, and what is held back."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Row = dict[str, Any]

PLAN = Path(__file__).parent / "corpora.toml"
_HELD_PERCENT = 30
_TOGETHER = 3  # sentences of a long text that make one
_STOP = re.compile(r"(?<=[.!?])\s+")
_BLACKED_OUT = re.compile("X{2,}")


class CorpusError(Exception):
    """A corpus is missing or not as expected; the text names the file."""


@dataclass(frozen=True)
class Corpus:
    """Texts with their labels; `held` marks those that only the figures may see."""

    name: str
    texts: list[str]
    labels: list[frozenset[str]]
    held: Flags

    def flags(self, wanted: Mapping[str, list[str]]) -> Flags:
        """Texts x heads: whether a text bears one of the labels that a head stands for."""
        return np.array([[not own.isdisjoint(some) for some in wanted.values()] for own in self.labels])


def plan() -> dict[str, Any]:
    return tomllib.loads(PLAN.read_text(encoding="utf-8"))


def read_corpus(folder: Path, about: Mapping[str, Any]) -> Corpus:
    if "part" in about:
        return _mixed(folder, about)
    rows = [row for row in read_rows(folder / about["file"]) if row.get(about["labels"]) is not None]
    return Corpus(
        name=about["name"],
        texts=[_text(row, about) for row in rows],
        labels=[_labels(row[about["labels"]]) for row in rows],
        held=held(rows, about["held"]),
    )


def _mixed(folder: Path, about: Mapping[str, Any]) -> Corpus:
    """A corpus of parts of others, each with one label."""
    rows = [row for part in about["part"] for row in _part(read_rows(folder / part["file"]), part)]
    return Corpus(
        name=about["name"],
        texts=[row["text"] for row in rows],
        labels=[frozenset({row["label"]}) for row in rows],
        held=held(rows, about["held"]),
    )


def _part(rows: list[Row], part: Mapping[str, Any]) -> Iterator[Row]:
    wanted = [
        row for row in rows if all(row[field] == value for field, value in part.get("only", {}).items())
    ]
    for row in wanted[:: part.get("every", 1)]:
        sentences = _STOP.split(_BLACKED_OUT.sub("", row["text"]))[: 3 * _TOGETHER]
        for start in range(0, len(sentences), _TOGETHER):
            text = " ".join(sentences[start : start + _TOGETHER])
            yield {"id": f"{part['file']} {row['id']}", "text": text, "label": part["label"]}


def read_rows(path: Path) -> list[Row]:
    return list(_lines(path))


def held(rows: list[Row], about: Mapping[str, Any]) -> Flags:
    """Which rows are kept back: named by a value, or the three in ten whose value hashes highest."""
    field, values = about["field"], about.get("values")
    if values:
        return np.array([row[field] in values for row in rows])
    return np.array([_percent(str(row[field])) >= 100 - _HELD_PERCENT for row in rows])


def _lines(path: Path) -> Iterator[Row]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except OSError as problem:
        raise CorpusError(
            f"Cannot read {path}: {problem}. Name the folder that holds the corpora."
        ) from problem


def _percent(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 100


def _text(row: Row, about: Mapping[str, Any]) -> str:
    """The text itself, or everything that one side says in a dialogue."""
    if "speaker" in about:
        return "\n".join(turn["t"] for turn in row["turns"] if turn["s"] == about["speaker"])
    return str(row[about["text"]])


def _labels(value: Any) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset({"yes" if value else "no"})
    return frozenset(value if isinstance(value, list) else [value])
