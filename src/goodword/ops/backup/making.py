"""Making a backup while the house is at work: one moment of it, whole, in one file.

The file is a zip with `database.dump` (pg_dump's custom format), `secret-key` and `manifest.json`.
"""

import errno
import fcntl
import hashlib
import json
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.utils import timezone

from goodword import __version__
from goodword.kit import postgres

from . import contents
from .places import BackupError, connect, told

FORMAT = 1
DUMP, KEY, MANIFEST = "database.dump", "secret-key", "manifest.json"
PIECE = 1024 * 1024
Progress = Callable[[str, int, int | None], None]


def make(path: Path, *, progress: Progress) -> dict[str, Any]:
    """Write a backup to `path`, which must not be there yet; returns its manifest. Raises BackupError.

    `progress` is told what is being done, how much of it is done, and of how much.
    """
    if path.exists():
        raise BackupError(f"{path} is there already; name another file, or remove it.")
    part = path.with_name(f"{path.name}.part")
    try:
        with _alone(part) as file:
            manifest = _write(file, progress)
            file.flush()
            os.fsync(file.fileno())
            part.rename(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BackupError(_why(path, error)) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return manifest


def _alone(part: Path) -> IO[bytes]:
    """The unfinished file, for us only: it holds every secret of the house."""
    handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    file = os.fdopen(handle, "r+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise BackupError(f"Another backup is being written to {part}; wait until it is done.") from error
    os.fchmod(handle, 0o600)
    file.truncate()
    return file


def _write(file: IO[bytes], progress: Progress) -> dict[str, Any]:
    with connect() as connection, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        # Everything below sees the house at this one moment, whatever is written meanwhile.
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot, server, now = _moment(connection)
        with archive.open(_member(DUMP), "w", force_zip64=True) as member:
            dump = _dump(member, snapshot, progress)
        manifest = {
            "format": FORMAT,
            "goodword": __version__,
            "made_at": now,
            "postgresql": server,
            "migrations": _migrations(connection),
            "dump": dump,
            "tables": _tables(connection, progress),
        }
        archive.writestr(_member(KEY), settings.SECRET_KEY)
        archive.writestr(_member(MANIFEST), json.dumps(manifest, indent=1))
        return manifest


def _moment(connection: "psycopg.Connection[Any]") -> tuple[str, str, str]:
    row = connection.execute("SELECT pg_export_snapshot(), current_setting('server_version')").fetchone()
    assert row is not None
    return row[0], row[1], timezone.now().isoformat(timespec="seconds")


def _dump(member: IO[bytes], snapshot: str, progress: Progress) -> dict[str, Any]:
    where, environ = told()
    command = [str(postgres.program("pg_dump")), where, "--format=custom", "--no-owner", "--no-privileges"]
    command += [f"--snapshot={snapshot}", "--schema=public", "--no-password"]
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as said:
        dumping = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=environ)  # noqa: S603
        assert dumping.stdout is not None
        try:
            while piece := dumping.stdout.read(PIECE):
                member.write(piece)
                digest.update(piece)
                size += len(piece)
                progress("Copying the database", size, None)
            if dumping.wait():
                said.seek(0)
                why = said.read(2000).decode(errors="replace").strip()
                raise BackupError(f"PostgreSQL's pg_dump failed: {why or 'it gave no reason'}")
        finally:
            dumping.kill()
            dumping.wait()
            dumping.stdout.close()
    return {"sha256": digest.hexdigest(), "size": size}


def _tables(connection: "psycopg.Connection[Any]", progress: Progress) -> dict[str, Any]:
    names = contents.tables(connection)
    found = {}
    for number, (name, columns) in enumerate(names.items(), start=1):
        found[name] = contents.looked_at(connection, name, columns).as_json()
        progress("Checking the tables", number, len(names))
    return found


def _migrations(connection: "psycopg.Connection[Any]") -> list[list[str]]:
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return [list(row) for row in rows]


def _member(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, date_time=timezone.localtime().timetuple()[:6])


def _why(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"There is no space left for {path}; free some, or name a file on another disk."
    return f"{path} cannot be written: {error.strerror or error}."
