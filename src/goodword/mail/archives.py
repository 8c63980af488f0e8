"""Kept mail on disk, one mail after the other: a single file, a folder of .eml files, a Maildir, an mbox."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from goodword.mail.parsing.envelope import envelope

SNIFF = 65_536

_FROM_LINE = re.compile(rb"From \S.*\d{4}.*\r?\n|From .*\r?\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


class NoArchive(ValueError):
    """A path that holds no mail; the text is a sentence for the person who named it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one mail lies: a file, or a stretch of one, and the moment it says it was sent."""

    path: Path
    timestamp: float
    start: int = 0
    end: int | None = None

    def read(self) -> bytes:
        """The mail's bytes."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            raw = file.read() if self.end is None else file.read(self.end - self.start)
        return raw if self.end is None else _QUOTED_FROM.sub(rb"\1", raw.partition(b"\n")[2])


def entries(path: Path) -> list[Entry]:
    """Every mail under `path`, the oldest first, so that answers find what they answer."""
    if not path.exists():
        raise NoArchive(
            f"There is nothing at {path}; name a folder of .eml files, a Maildir, or an mbox file."
        )
    try:
        found = [entry for file in _files(path) for entry in _in_file(file)]
    except OSError as error:
        raise NoArchive(f"{error.filename or path} cannot be read: {error.strerror}.") from error
    if not found:
        raise NoArchive(
            f"There is no mail in {path}; name a folder of .eml files, a Maildir, or an mbox file."
        )
    return sorted(found, key=lambda entry: (entry.timestamp, str(entry.path), entry.start))


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if not file.is_file() or file.name.startswith("."):
            continue
        in_maildir = file.parent.name in {"cur", "new"}
        if in_maildir or file.suffix.lower() in {".eml", ".mbox"} or (not file.suffix and _is_mbox(file)):
            yield file


def _in_file(file: Path) -> Iterator[Entry]:
    if file.parent.name not in {"cur", "new"} and file.suffix.lower() != ".eml" and _is_mbox(file):
        yield from _in_mbox(file)
        return
    with file.open("rb") as opened:
        yield Entry(file, envelope(opened.read(SNIFF)).timestamp)


def _is_mbox(file: Path) -> bool:
    with file.open("rb") as opened:
        return _FROM_LINE.match(opened.readline(1000)) is not None


def _in_mbox(file: Path) -> Iterator[Entry]:
    """The stretches between lines that begin with 'From ' after an empty line."""
    with file.open("rb") as opened:
        begin: int | None = None
        after_blank = True
        position = 0
        for line in iter(partial(opened.readline, SNIFF), b""):
            if after_blank and line.startswith(b"From ") and _FROM_LINE.match(line):
                if begin is not None:
                    yield _entry(file, begin, position)
                begin = position
            after_blank = line in {b"\n", b"\r\n"}
            position += len(line)
        if begin is not None:
            yield _entry(file, begin, position)


def _entry(file: Path, start: int, end: int) -> Entry:
    with file.open("rb") as opened:
        return Entry(file, _timestamp(opened, start, end), start, end)


def _timestamp(opened: IO[bytes], start: int, end: int) -> float:
    opened.seek(start)
    opened.readline()
    return envelope(opened.read(min(SNIFF, end - start))).timestamp
