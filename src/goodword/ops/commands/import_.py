"""`goodword import FOLDER|FILE.zip`: an export becomes the house again."""

import argparse
from pathlib import Path

from goodword.kit.terminal import say
from goodword.ops.moving.reading import import_house
from goodword.ops.moving.shelves import MoveError

from .showing import shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("path", type=Path, metavar="FOLDER|FILE.zip", help="what `goodword export` wrote")
    parser.add_argument(
        "--keep-queue",
        action="store_true",
        help="send mail that waited when the house was exported; only where the former house is gone",
    )


def run(arguments: argparse.Namespace) -> int:
    """Bring it in, or keep nothing and say why."""
    try:
        with shown() as progress:
            rows = import_house(arguments.path, keep_queue=arguments.keep_queue, progress=progress)
    except MoveError as error:
        return say(str(error), code=1)
    return say(f"{sum(rows.values()):,} records of {len(rows)} kinds came in from {arguments.path}.")
