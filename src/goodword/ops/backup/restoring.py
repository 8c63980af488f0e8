"""Putting a backup back: all of it, checked table by table before it counts, or nothing."""

import hashlib
import json
import os
import subprocess
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import connection as django_connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from goodword import __version__
from goodword.kit import postgres

from . import contents
from .making import DUMP, FORMAT, KEY, MANIFEST, PIECE, Progress
from .places import PLAIN, BackupError, connect, told

# A house in which any of these has a row is not empty.
LIVED_IN = ("staff_agent", "mail_rawmail", "mail_outgoingmail", "customers_customer", "inbox_conversation")
WAITED = (
    "This mail waited to be sent when the backup was made, and may have left since. "
    "Ask the customer, or send it again."
)
# Readers of the log go by (transaction, id); another server's numbers of transactions mean nothing here.
_SETTLE = "UPDATE public.events_event SET transaction = 0;\n"
_HOLD_BACK = (
    "UPDATE public.mail_outgoingmail SET state = 'unknown', error = {error}, lease_token = NULL, "
    "lease_until = NULL, settled_at = now() WHERE state IN ('queued', 'sending');\n"
)


@dataclass(frozen=True)
class Backup:
    """A backup that was opened and looks sound: its file, what it says of itself, and the secret key."""

    path: Path
    manifest: dict[str, Any]
    key: str

    @property
    def tables(self) -> dict[str, contents.Table]:
        """Its tables."""
        return {name: contents.Table(**table) for name, table in self.manifest["tables"].items()}


def opened(path: Path) -> Backup:
    """Look at a backup; raises BackupError for a file that is none, is damaged, or is of a newer Goodword."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            key = archive.read(KEY).decode("utf-8")
            with archive.open(DUMP) as dump:
                digest = hashlib.file_digest(dump, "sha256").hexdigest()  # type: ignore[arg-type]
        if manifest["format"] > FORMAT:
            raise BackupError(_too_new(manifest["goodword"]))
        if digest != manifest["dump"]["sha256"]:
            raise BackupError(f"{path} is damaged: the database in it is not the one that was put there.")
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{path} is no backup of Goodword, or it is damaged ({error}).") from error
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    if not {tuple(one) for one in manifest["migrations"]} <= known | _replaced():
        raise BackupError(_too_new(manifest["goodword"]))
    return Backup(path, manifest, key)


def is_empty() -> bool:
    """Whether nobody has lived in this house yet."""
    with connect() as connection:
        there = set(contents.tables(connection))
        for table in LIVED_IN:
            asked = sql.SQL("SELECT EXISTS (SELECT FROM public.{})").format(sql.Identifier(table))
            row = connection.execute(asked).fetchone() if table in there else None
            if row is not None and row[0]:
                return False
    return True


def restore(backup: Backup, *, keep_queue: bool, progress: Progress) -> None:
    """Put the backup in place of what is in the database; raises BackupError and changes nothing then.

    Mail that waited to be sent is left for a person to decide on, because it may have left since the backup;
    with `keep_queue` it leaves by itself: right only where the house that was backed up is gone.
    """
    with connect() as connection:
        _refuse_others(connection, backup)
        last_words = _checks(connection, backup) + _SETTLE
        if not keep_queue:
            last_words += sql.SQL(_HOLD_BACK).format(error=sql.Literal(WAITED)).as_string(connection)
    _run(backup, last_words, progress)


def _refuse_others(connection: "psycopg.Connection[Any]", backup: Backup) -> None:
    """Raise when Goodword is at work in the database, or when it holds tables that are not Goodword's."""
    row = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    ).fetchone()
    if row is not None and row[0]:
        raise BackupError("Goodword is at work in this database; stop it, then restore.")
    ours = set(django_connection.introspection.django_table_names()) | set(backup.tables)
    foreign = [
        name
        for name in contents.tables(connection)
        if name not in ours and not name.startswith(("procrastinate_", "django_"))
    ]
    if foreign:
        raise BackupError(
            f"The database also holds tables that are not Goodword's, such as '{foreign[0]}', and would lose "
            "them; restore into a database of its own."
        )


def _checks(connection: "psycopg.Connection[Any]", backup: Backup) -> str:
    """Statements that fail when a table is not as it was."""
    checks = [
        sql.SQL(
            "DO $goodword$ BEGIN IF ({sums}) IS DISTINCT FROM ROW({rows}::bigint, {digest}::text) THEN "
            "RAISE EXCEPTION {error}; END IF; END $goodword$;\n"
        ).format(
            sums=sql.SQL("SELECT s FROM ({}) s").format(contents.sums(name, table.columns)),
            rows=sql.Literal(table.rows),
            digest=sql.Literal(table.digest),
            error=sql.Literal(f"The table {name} is not as it was."),
        )
        for name, table in backup.tables.items()
    ]
    return f"{PLAIN};\n" + "".join(check.as_string(connection) for check in checks)


def _run(backup: Backup, last_words: str, progress: Progress) -> None:
    """Let psql do it all in one transaction."""
    where, environ = told()
    unpack = [
        str(postgres.program("pg_restore")),
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "-f",
        "-",
    ]
    apply = [str(postgres.program("psql")), where, "-X", "-q", "--no-password", "-v", "ON_ERROR_STOP=1"]
    apply += ["--single-transaction", "-o", os.devnull, "-f", "-"]
    with tempfile.TemporaryFile() as said:
        options: dict[str, Any] = {"stdin": subprocess.PIPE, "stderr": said}
        with (
            _running(apply, stdout=subprocess.DEVNULL, env=environ, **options) as applying,
            _running(unpack, stdout=subprocess.PIPE, **options) as unpacking,
        ):
            feeding = threading.Thread(target=_feed, args=(backup, unpacking.stdin, progress), daemon=True)
            feeding.start()
            with suppress(BrokenPipeError):
                applying.stdin.write(b"DROP SCHEMA public CASCADE;\n")
                while piece := unpacking.stdout.read(PIECE):
                    applying.stdin.write(piece)
                feeding.join()
                if unpacking.wait() == 0:
                    progress("Checking the tables", 0, None)
                    applying.stdin.write(last_words.encode())
                    applying.stdin.close()  # psql commits at the end of what it reads, and not before
                    if applying.wait() == 0:
                        return
            applying.kill()  # it has not read the end yet, so nothing stays of what it did
        said.seek(0)
        why = said.read(4000).decode(errors="replace").strip()
        raise BackupError(f"Nothing was changed, because the backup could not be put back: {why[:1500]}")


@contextmanager
def _running(command: list[str], **options: Any) -> Iterator[Any]:
    """A program, which does not outlive us."""
    process = subprocess.Popen(command, **options)  # noqa: S603 PostgreSQL's own programs, no shell
    try:
        yield process
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        process.wait()


def _feed(backup: Backup, into: IO[bytes], progress: Progress) -> None:
    total, done = backup.manifest["dump"]["size"], 0
    with suppress(BrokenPipeError), zipfile.ZipFile(backup.path) as archive, archive.open(DUMP) as dump:
        while piece := dump.read(PIECE):
            into.write(piece)
            done += len(piece)
            progress("Putting the database back", done, total)
        into.close()


def _replaced() -> set[tuple[str, str]]:
    """Migrations that are no more because others stand for them."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {replaced for one in loader.disk_migrations.values() for replaced in one.replaces}


def _too_new(version: str) -> str:
    return (
        f"The backup was made by Goodword {version}, which knows more than this one ({__version__}). "
        "Install that version or a newer one, then restore."
    )
