"""`goodword export FOLDER|FILE.zip`: the whole house as lines of JSON and files."""

import argparse
from pathlib import Path

from django.db import Error

from goodword.kit.terminal import say
from goodword.ops.moving.shelves import MoveError
from goodword.ops.moving.writing import export

from .showing import shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "path", type=Path, metavar="FOLDER|FILE.zip", help="where to write it; must not be there yet"
    )
    parser.add_argument(
        "--with-secrets",
        action="store_true",
        help="also digests of passwords and tokens, second factors and sealed passwords of mail accounts",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write it; exit code 1 after a sentence saying why it could not be written."""
    try:
        with shown() as progress:
            rows = export(arguments.path, secrets=arguments.with_secrets, progress=progress)
    except (MoveError, Error) as error:
        return say(str(error), code=1)
    return say(f"{arguments.path} holds {sum(rows.values()):,} records of {len(rows)} kinds.")
