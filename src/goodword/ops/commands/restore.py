"""`goodword restore FILE`: the house as it was when the backup was made."""

import argparse
import os
import secrets
import sys
from pathlib import Path

from django.conf import settings
from django.db import Error
from psycopg import Error as PsycopgError

from goodword.kit import config, postgres
from goodword.kit.terminal import say
from goodword.ops import start
from goodword.ops.backup import erasures
from goodword.ops.backup.places import BackupError
from goodword.ops.backup.restoring import Backup, is_empty, opened, restore

from .showing import shown

WORD = "replace"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="what `goodword backup` wrote")
    parser.add_argument(
        "--replace", action="store_true", help="also when there is something here, which is lost"
    )
    parser.add_argument("--yes", action="store_true", help="with --replace: do not ask")
    parser.add_argument(
        "--erasures",
        type=Path,
        metavar="FILE",
        help="the list of erased people of the former house, erasures.jsonl of its data folder",
    )
    parser.add_argument(
        "--keep-queue",
        action="store_true",
        help="send mail that waited when the backup was made; only where the former house is gone",
    )


def run(arguments: argparse.Namespace) -> int:
    """Restore, or change nothing and say why."""
    installation = config.load()
    try:
        if not installation.database_url:
            postgres.start(installation.data)
        backup = opened(arguments.file)
        _same_key(backup, installation)
        if not is_empty() and not _may_replace(arguments):
            return say("Nothing was changed.", code=1)
        _know_the_erased(arguments.erasures)
        with shown() as progress:
            restore(backup, keep_queue=arguments.keep_queue, progress=progress)
        if not installation.secret_key:
            keep_key(installation.data, backup.key)
        _erase_again(backup)
    except (BackupError, postgres.PostgresError, Error, PsycopgError, OSError) as error:
        return say(str(error), code=1)
    return _report(backup, keep_queue=arguments.keep_queue)


def _know_the_erased(file: Path | None) -> None:
    """Whoever was erased stays so, also where the backup is older than the erasure."""
    erasures.gather()
    if file is not None:
        if not file.is_file():
            raise BackupError(f"{file} is not there; name erasures.jsonl of the former data folder.")
        erasures.add(erasures.read(file))


def _erase_again(backup: Backup) -> None:
    """At once, where this process has the key by which people are known; else the next start does it."""
    if secrets.compare_digest(settings.SECRET_KEY.encode(), backup.key.encode()):
        start.migrate()
        start.erase_again()


def _same_key(backup: Backup, installation: config.Config) -> None:
    """Passwords of mailboxes and the addresses customers reply to belong to the key they were made with."""
    if installation.secret_key and not secrets.compare_digest(
        settings.SECRET_KEY.encode(), backup.key.encode()
    ):
        raise BackupError(
            "The backup was made with another secret key than GOODWORD_SECRET_KEY. Set it to the one in the "
            f"backup (unzip -p {backup.path} secret-key), or unset it."
        )


def _may_replace(arguments: argparse.Namespace) -> bool:
    if not arguments.replace:
        raise BackupError(
            "There are agents, customers or mail in this house already. Restore into an empty one (set "
            "GOODWORD_DATA or DATABASE_URL), or add --replace to lose what is here."
        )
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        raise BackupError("Nobody is there to be asked whether all that is here may be lost; add --yes.")
    print(f"All that is in this house will be lost. Type '{WORD}' to go on: ", end="", flush=True)  # noqa: T201
    return sys.stdin.readline().strip() == WORD


def keep_key(folder: Path, key: str) -> None:
    """Make the backup's secret key this installation's; the former one is kept beside it."""
    path = folder / "secret-key"
    if path.exists() and path.read_text(encoding="ascii").strip() == key:
        return
    fresh = folder / "secret-key.restored"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key)
        file.flush()
        os.fsync(handle)
    if path.exists():
        path.replace(folder / "secret-key.before-restore")
    fresh.replace(path)


def _report(backup: Backup, *, keep_queue: bool) -> int:
    rows = sum(table.rows for table in backup.tables.values())
    say(f"The house is as it was at {backup.manifest['made_at']}: {rows:,} rows, each table checked.")
    if not keep_queue:
        say("Mail that waited to be sent then is under 'Sent mail' as 'unknown': it may have left since.")
    return say("Start Goodword again.")
