"""Parquet in and out of an archive; it needs the extra 'archive'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

ROWS_AT_A_TIME = 5000
TEXT, NUMBER, YES = pyarrow.string(), pyarrow.int32(), pyarrow.bool_()
COLUMNS = pyarrow.schema(
    {
        "conversation": TEXT,
        "place": NUMBER,
        "who": TEXT,
        "at": TEXT,
        "feeling": TEXT,
        "strength": NUMBER,
        "complaint": YES,
        "findings": NUMBER,
        "stops": NUMBER,
        "open_questions": NUMBER,
        "commitments": NUMBER,
        "result": TEXT,
        "error": TEXT,
    }
)


def count_of(path: Path) -> int:
    """The number of rows."""
    return int(parquet.ParquetFile(path).metadata.num_rows)


def rows_of(path: Path, advanced: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    """The rows, a group at a time; `advanced` is told how many were read."""
    for batch in parquet.ParquetFile(path).iter_batches(batch_size=ROWS_AT_A_TIME):
        advanced(batch.num_rows)
        for row in batch.to_pylist():
            yield {name: value for name, value in row.items() if value is not None}


class Columns:
    """Writes a table with the figures as columns and the whole result as JSON."""

    def __init__(self, part: Path) -> None:
        self._writer = parquet.ParquetWriter(part, COLUMNS, compression="zstd")
        self._waiting: list[Mapping[str, Any]] = []

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._waiting.extend(rows)
        if len(self._waiting) >= ROWS_AT_A_TIME:
            self._write()

    def close(self) -> None:
        self._write()
        self._writer.close()

    def _write(self) -> None:
        columns = {name: [row.get(name) for row in self._waiting] for name in COLUMNS.names}
        self._writer.write_table(pyarrow.Table.from_pydict(columns, schema=COLUMNS))
        self._waiting.clear()
