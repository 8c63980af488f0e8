"""A backup is put back whole and checked, or not at all."""

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from goodword.events.actions import record
from goodword.kit import postgres
from goodword.mail.models import OutgoingMail
from goodword.ops.backup.making import make
from goodword.ops.backup.places import BackupError, connect
from goodword.ops.backup.restoring import is_empty, opened, restore
from goodword.ops.commands.restore import keep_key
from goodword.staff.models import Agent

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = f"test_goodword_{os.getpid()}_elsewhere"


def quietly(what: str, done: int, total: int | None) -> None:
    """Nobody looks on."""


@pytest.fixture
def file(owner: Agent, tmp_path: Path) -> Path:
    """A backup of a house with an agent and two mails, one of which waits to be sent."""
    for number, state in enumerate([OutgoingMail.State.QUEUED, OutgoingMail.State.SENT]):
        OutgoingMail.objects.create(
            message_id=f"<{number}@desk.example>",
            sender="care@desk.example",
            subject="",
            raw=b"\x00\xff",
            state=state,
        )
    record("conversation.opened", data={"said": "Grüße"})
    make(tmp_path / "file", progress=quietly)
    return tmp_path / "file"


@pytest.fixture
def elsewhere(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """From here on, this installation's database is another one, with nothing in it."""
    home = dict(connection.get_connection_params())
    where = {name: home[name] for name in ("host", "user")} | {
        "dbname": settings.DATABASES["default"]["USER"]
    }
    with psycopg.connect(**where, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {ELSEWHERE}")
        with monkeypatch.context() as patched:
            patched.setitem(connection.settings_dict, "NAME", ELSEWHERE)
            yield
        server.execute(f"DROP DATABASE {ELSEWHERE} WITH (FORCE)")


def mails() -> list[tuple[Any, ...]]:
    """What the database of this installation holds of our mail."""
    with connect() as there:
        if there.execute("SELECT to_regclass('public.mail_outgoingmail')").fetchone() == (None,):
            return []
        return there.execute("SELECT message_id, state, raw FROM mail_outgoingmail ORDER BY id").fetchall()


def changed(file: Path, change: Any) -> Path:
    """The same backup with another manifest."""
    made = file.with_name("changed")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(data)
                change(manifest)
                data = json.dumps(manifest).encode()
            new.writestr(name, data)
    return made


def test_mail_that_waited_is_left_for_a_person_because_it_may_have_left_since(
    file: Path, elsewhere: None
) -> None:
    assert is_empty()
    restore(opened(file), keep_queue=False, progress=quietly)
    assert mails() == [
        ("<0@desk.example>", "unknown", b"\x00\xff"),
        ("<1@desk.example>", "sent", b"\x00\xff"),
    ]
    assert not is_empty()


def test_where_the_former_house_is_gone_mail_that_waited_still_leaves(file: Path, elsewhere: None) -> None:
    for _time in range(2):
        restore(opened(file), keep_queue=True, progress=quietly)
        assert [state for _id, state, _raw in mails()] == ["queued", "sent"]
    with connect() as there:
        # No event of another server's transactions stands in the way of those to come.
        newest = there.execute(
            "SELECT max(transaction) < pg_current_xact_id()::text::bigint FROM events_event"
        )
        assert newest.fetchone() == (True,)


def test_a_table_that_does_not_come_back_as_it_was_undoes_everything(file: Path, elsewhere: None) -> None:
    def other_digest(manifest: Any) -> None:
        manifest["tables"]["mail_outgoingmail"]["digest"] = "1"

    with pytest.raises(BackupError, match="The table mail_outgoingmail is not as it was"):
        restore(opened(changed(file, other_digest)), keep_queue=True, progress=quietly)
    assert mails() == []
    assert is_empty()


def test_a_backup_of_a_newer_goodword_is_not_put_back(file: Path) -> None:
    def newer(manifest: Any) -> None:
        manifest["migrations"].append(["mail", "9999_from_the_future"])

    with pytest.raises(BackupError, match="knows more than this one"):
        opened(changed(file, newer))


def test_a_house_at_work_is_not_restored_into(file: Path, elsewhere: None) -> None:
    with connect(), pytest.raises(BackupError, match="Goodword is at work"):
        restore(opened(file), keep_queue=True, progress=quietly)


def test_a_database_with_tables_of_others_is_left_alone(file: Path, elsewhere: None) -> None:
    with connect() as there:
        there.execute("CREATE TABLE of_somebody_else (n int)")
    with pytest.raises(BackupError, match="'of_somebody_else'"):
        restore(opened(file), keep_queue=True, progress=quietly)


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_what_is_no_backup_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BackupError, match="is no backup of Goodword"):
        opened(tmp_path / "file")


@pytest.mark.parametrize("manifest", ["[]", '{"format": "one"}', "{}"])
def test_a_zip_that_is_no_backup_is_told(tmp_path: Path, manifest: str) -> None:
    with zipfile.ZipFile(tmp_path / "file", "w") as archive:
        for name in ("database.dump", "secret-key"):
            archive.writestr(name, "")
        archive.writestr("manifest.json", manifest)
    with pytest.raises(BackupError, match="is no backup of Goodword"):
        opened(tmp_path / "file")


def test_a_place_where_nothing_can_be_written_is_told(owner: Agent) -> None:
    with pytest.raises(BackupError, match="cannot be written"):
        make(Path("/proc/file"), progress=quietly)


def test_a_missing_pg_dump_is_told(owner: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise postgres.PostgresError("not installed")

    monkeypatch.setattr(postgres, "_wheel_binaries", nowhere)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(postgres.PostgresError, match="There is no pg_dump"):
        make(tmp_path / "file", progress=quietly)
    assert list(tmp_path.iterdir()) == []


def test_the_former_secret_key_is_kept_beside_the_one_that_came_back(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("former")
    for _time in range(2):
        keep_key(tmp_path, "restored")
    assert (tmp_path / "secret-key").read_text() == "restored"
    assert (tmp_path / "secret-key.before-restore").read_text() == "former"
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
