"""Progress on the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


@contextmanager
def shown() -> Iterator[Callable[[str, int, int | None], None]]:
    """A function to be told what is being done, how much is done, and of how much; None: nobody knows."""
    columns = (TextColumn("{task.description:<26}"), BarColumn(), TextColumn("{task.fields[much]}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        tasks: dict[str, TaskID] = {}

        def told(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total, much="")
            much = f"{done:,} of {total:,}" if total else f"{done:,}"
            bar.update(tasks[what], completed=done, total=total, much=much)

        yield told
