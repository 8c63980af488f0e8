"""An archive's files, JSON lines (also gzipped) and Parquet: read row by row, written whole or not at all."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from importlib import import_module, util
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, cast

from goodword.coach.archive.conversations import Row, Unusable
from goodword.coach.errors import InputError

ENDINGS = (".jsonl", ".jsonl.gz", ".parquet")
ZIP_LEVEL = 5
Advanced = Callable[[int], None]


def files_of(place: Path) -> list[Path]:
    """The file `place`, or every readable file in that folder, by name. InputError where there is none."""
    if place.is_dir():
        found = sorted(path for path in place.iterdir() if path.name.endswith(ENDINGS))
        if not found:
            raise InputError("A101", f"{str(place)!r} holds no file ending in {', '.join(ENDINGS)}.")
        return found
    if not place.is_file():
        raise InputError(
            "A102", f"There is no file {str(place)!r}; give a file or a folder of conversations."
        )
    _check_ending(place)
    return [place]


def size_of(path: Path) -> int:
    """How much there is to read, in the unit in which `rows_of` tells of its advance."""
    return int(_parquet().count_of(path)) if path.suffix == ".parquet" else path.stat().st_size


def rows_of(path: Path, advanced: Advanced) -> Iterator[Row]:
    """The rows of one file; a line that is no JSON object comes as `Unusable` with its number."""
    if path.suffix == ".parquet":
        yield from _parquet().rows_of(path, advanced)
        return
    with path.open("rb") as raw:
        lines = cast(IO[bytes], gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw)
        at = 0
        for number, line in enumerate(lines, 1):
            if raw.tell() != at:
                advanced(raw.tell() - at)
                at = raw.tell()
            if line.strip():
                yield _row(line, f"{path.name}:{number}")


def _row(line: bytes, place: str) -> Row:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        return Unusable(f"{place}: this is not JSON: {error}.")
    return (
        row if isinstance(row, dict) else Unusable(f"{place}: this is {type(row).__name__}, not an object.")
    )


class Writer(Protocol):
    def add(self, rows: Iterable[Mapping[str, Any]]) -> None: ...

    def close(self) -> None: ...


class Output(AbstractContextManager[Writer]):
    """Writes beside the file, and takes its place only when everything is written."""

    def __init__(self, path: Path, sources: Iterable[Path] = ()) -> None:
        """InputError where `path` cannot be written, or is, or next time would be, one of the `sources`."""
        _check_ending(path)
        if path.is_dir():
            raise InputError("A108", f"{str(path)!r} is a folder; name the file to write.")
        if any(path.resolve() == source.resolve() for source in sources):
            raise InputError("A107", f"{str(path)!r} is what is to be read; write to another file.")
        self._path = path
        self._part = path.with_name(f"{path.name}.part")

    def __enter__(self) -> Writer:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._opened()
        except OSError as error:
            why = error.strerror or error
            raise InputError(
                "A109", f"{str(self._path)!r} cannot be written: {why}. Name a file in a folder of your own."
            ) from error
        return self._writer

    def _opened(self) -> Writer:
        if self._path.suffix == ".parquet":
            columns: Writer = _parquet().Columns(self._part)
            return columns
        return _Lines(self._part, self._path)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        if kind is None:
            self._part.replace(self._path)
        else:
            self._part.unlink(missing_ok=True)


class _Lines:
    def __init__(self, part: Path, path: Path) -> None:
        zipped = path.suffix == ".gz"
        self._file = cast(IO[bytes], gzip.GzipFile(part, "wb", ZIP_LEVEL) if zipped else part.open("wb"))

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._file.write("".join(map(_line, rows)).encode())

    def close(self) -> None:
        self._file.close()


def _line(row: Mapping[str, Any]) -> str:
    """A row as a line; its `result` is JSON already."""
    known = json.dumps({name: value for name, value in row.items() if name != "result"}, ensure_ascii=False)
    return f'{known[:-1]}, "result": {row["result"]}}}\n' if "result" in row else f"{known}\n"


def _check_ending(path: Path) -> None:
    if not path.name.endswith(ENDINGS):
        raise InputError("A103", f"{str(path)!r} must end in {', '.join(ENDINGS)}.")
    if path.suffix == ".parquet":
        _parquet()


def _parquet() -> Any:
    """The module that reads and writes Parquet; InputError where its extra is not installed."""
    if util.find_spec("pyarrow") is None:
        raise InputError("A104", "Parquet needs the extra 'archive': pip install \"goodword[archive]\".")
    return import_module("goodword.coach.archive.parquet")
