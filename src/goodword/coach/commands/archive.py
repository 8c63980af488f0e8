"""`goodword coach archive`: reads every conversation of an archive, on all cores or on a cluster."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from goodword.coach.archive.conversations import Row, conversations
from goodword.coach.archive.files import Output, files_of, rows_of, size_of
from goodword.coach.archive.reading import results_of
from goodword.coach.archive.spread import batches, in_order, workers
from goodword.coach.commands.terminal import FINE, complain, count_of

AHEAD = 4  # batches that wait for each worker
WIDTH = 30
EVERY = 0.2  # seconds between two looks of the progress bar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", type=Path, metavar="IN", help="a file or folder: .jsonl, .jsonl.gz, .parquet"
    )
    parser.add_argument(
        "target", type=Path, metavar="OUT", help="the file to write, with one of these endings"
    )
    parser.add_argument(
        "--processes", type=_number, help="how many processes work (default: one for each core)"
    )
    parser.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler that does the work instead")


def run(args: argparse.Namespace) -> int:
    paths = files_of(args.source)
    progress = Progress(sum(size_of(path) for path in paths))
    read = unusable = 0
    with Output(args.target, paths) as output, workers(args.cluster, args.processes) as (executor, count):
        work = batches(conversations(_rows(paths, progress)))
        for rows in in_order(executor, results_of, work, ahead=AHEAD * count):
            output.add(rows)
            bad = sum("error" in row for row in rows)
            read, unusable = read + len(rows) - bad, unusable + bad
            progress.show(read)
    progress.end()
    complain(f"{count_of(read, 'message')} read, {count_of(unusable, 'row')} could not be used.")
    return FINE


def _number(given: str) -> int:
    if not given.isdecimal() or not int(given):
        raise argparse.ArgumentTypeError(f"it is {given!r}; give a whole number from 1")
    return int(given)


def _rows(paths: list[Path], progress: Progress) -> Iterator[Row]:
    for path in paths:
        yield from rows_of(path, progress.advance)


class Progress:
    """A bar on the terminal that says how far it is and how fast; nothing where nobody watches."""

    def __init__(self, whole: int) -> None:
        self._whole, self._done, self._read = max(1, whole), 0, 0
        self._began = self._shown = time.monotonic()
        self._watched = sys.stderr.isatty()

    def advance(self, done: int) -> None:
        self._done += done

    def show(self, read: int) -> None:
        self._read = read
        now = time.monotonic()
        if not self._watched or now - self._shown < EVERY:
            return
        self._shown = now
        part = min(1.0, self._done / self._whole)
        bar = "━" * round(part * WIDTH)
        speed = read / max(0.001, now - self._began)
        sys.stderr.write(f"\r{bar:<{WIDTH}} {part:4.0%}  {read:,} messages, {speed:,.0f} a second ")
        sys.stderr.flush()

    def end(self) -> None:
        if self._watched:
            self._done, self._shown = self._whole, 0.0
            self.show(self._read)
            sys.stderr.write("\n")
