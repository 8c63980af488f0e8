"""`goodword backup FILE`: the whole house in one file, made while it is at work."""

import argparse
from pathlib import Path

from django.db import Error
from psycopg import Error as PsycopgError

from goodword.kit.postgres import PostgresError
from goodword.kit.terminal import say
from goodword.ops.backup.making import make
from goodword.ops.backup.places import BackupError

from .showing import shown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="where to write it; must not be there yet")


def run(arguments: argparse.Namespace) -> int:
    """Make it; exit code 1 after a sentence saying why it could not be made."""
    try:
        with shown() as progress:
            manifest = make(arguments.file, progress=progress)
    except (BackupError, PostgresError, Error, PsycopgError) as error:
        return say(str(error), code=1)
    rows = sum(table["rows"] for table in manifest["tables"].values())
    size = arguments.file.stat().st_size / 1_000_000
    return say(
        f"{arguments.file} holds {rows:,} rows of {len(manifest['tables'])} tables and the secret key "
        f"({size:,.1f} MB). Keep it where nobody else can read it."
    )
