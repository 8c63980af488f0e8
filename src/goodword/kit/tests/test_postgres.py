"""The embedded database, started and stopped by real processes."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from goodword.kit import ids, postgres

USER = """
import sys, psycopg
from pathlib import Path
from goodword.kit import postgres
server = postgres.start(Path(sys.argv[1]))
psycopg.connect(host=str(server.socket), user="goodword", dbname="goodword").close()
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder below the system's temporary one, private to its owner."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
        for left in {
            postgres.locate(Path(name) / "data").cluster,
            postgres.locate(Path(name) / "data").socket,
        }:
            shutil.rmtree(left)


def start_user(data: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def finish(process: "subprocess.Popen[str]") -> None:
    process.communicate("", timeout=60)
    assert process.returncode == 0


def test_the_last_process_to_leave_stops_the_server(folder: Path) -> None:
    first, second = start_user(folder / "data"), start_user(folder / "data")
    finish(first)
    assert postgres.locate(folder / "data").running
    finish(second)
    assert not postgres.locate(folder / "data").running


def test_a_killed_process_leaves_nothing_that_hinders_the_next(folder: Path) -> None:
    killed = start_user(folder / "data")
    killed.send_signal(signal.SIGKILL)
    killed.wait(timeout=30)
    finish(start_user(folder / "data"))
    assert not postgres.locate(folder / "data").running


def test_what_was_written_is_there_at_the_next_start(folder: Path) -> None:
    for statement in ("CREATE TABLE kept AS SELECT 42 AS answer", None):
        server = postgres.start(folder / "data")
        with psycopg.connect(host=str(server.socket), user="goodword", dbname="goodword") as connection:
            if statement:
                connection.execute(statement)
            else:
                assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        postgres.release(folder / "data")


def test_a_private_parent_folder_stays_private(folder: Path) -> None:
    folder.chmod(0o700)
    postgres.start(folder / "data")
    try:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert postgres.locate(folder / "data").cluster.stat().st_mode & 0o077 == 0
    finally:
        postgres.release(folder / "data")


def test_the_secret_key_is_made_once_and_readable_by_its_owner_only(folder: Path) -> None:
    key = ids.kept_secret(folder / "data")
    assert len(key) > 40
    assert ids.kept_secret(folder / "data") == key
    assert stat.S_IMODE((folder / "data" / "secret-key").stat().st_mode) == 0o600
    assert os.listdir(folder / "data") == ["secret-key"]


@pytest.mark.parametrize(("megabytes", "buffers"), [(512, 128), (4096, 512), (64_000, 1024)])
def test_the_server_keeps_an_eighth_of_the_memory_within_bounds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, megabytes: int, buffers: int
) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text(f"{megabytes * 2**20}\n")
    monkeypatch.setattr(postgres, "CONTAINER_LIMIT", limit)
    monkeypatch.setattr(os, "sysconf", lambda name: 2**37 // 4096 if name == "SC_PHYS_PAGES" else 4096)
    assert f"shared_buffers={buffers}MB " in postgres.settings()
    limit.write_text("max\n")
    assert "shared_buffers=1024MB " in postgres.settings()
