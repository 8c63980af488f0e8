"""`goodword seed`: very many conversations, for measuring and for trying things at size."""

import argparse

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from goodword.kit.terminal import say
from goodword.ops.sample import bulk, load

MOST = 20_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--conversations", type=_count, required=True, metavar="N", help="how many to add")
    parser.add_argument(
        "--seed", type=int, default=1, help="another number tells other conversations (default: 1)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Add the conversations."""
    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        bulk.seed(arguments.conversations, seed=arguments.seed, progress=progress)
    email, role = load.LOG_INS[0]
    added = f"Added {arguments.conversations:,} conversations."
    return say(f"{added} Log in as {email} ({role}), password: {load.PASSWORD}")


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= MOST:
        raise argparse.ArgumentTypeError(f"'{value}' is no number from 1 to {MOST:,}")
    return int(value)
