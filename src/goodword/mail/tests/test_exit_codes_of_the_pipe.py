"""The pipe, run as a mail server runs it: only what nobody can take is ever given back to its sender."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from tests.ports import free_port

from goodword import __main__
from goodword.__main__ import COMMANDS, Command, main
from goodword.mail.models import Delivery, Mailbox, RawMail

from .conftest import mail_file

pytestmark = pytest.mark.django_db(transaction=True)
RECEIVE = [sys.executable, "-m", "goodword", "mail", "receive"]
KEPT, UNUSABLE, LATER = 0, 65, 75


def piped(
    folder: Path, *options: str, raw: bytes = b"", shell: str = "", **environ: str
) -> "subprocess.CompletedProcess[bytes]":
    """Run the command on the test's own database; `shell` puts a line of sh around it."""
    here = connection.get_connection_params()
    url = f"postgres://{here['user']}@/{here['dbname']}?host={quote(str(here['host']), safe='')}"
    ours = ("GOODWORD_", "DATABASE_URL", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    settings = {"DATABASE_URL": url, "GOODWORD_DATA": str(folder), "GOODWORD_SECRET_KEY": "of this test " * 5}
    command = ["sh", "-c", shell, *RECEIVE, *options] if shell else [*RECEIVE, *options]
    return subprocess.run(
        command, input=raw, env=kept | settings | environ, capture_output=True, timeout=120, check=False
    )


def test_while_no_database_answers_the_mail_comes_again_and_is_kept_once(
    mailbox: Mailbox, tmp_path: Path
) -> None:
    raw = mail_file("plain")
    away = f"postgres://goodword@127.0.0.1:{free_port()}/goodword"
    done = piped(tmp_path, raw=raw, DATABASE_URL=away)
    assert done.returncode == LATER, done.stderr
    assert b"cannot be used" in done.stderr
    assert not RawMail.objects.exists()
    for _again in range(2):
        done = piped(tmp_path, raw=raw)
        assert done.returncode == KEPT, done.stderr
    assert bytes(RawMail.objects.get().raw) == raw
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(
    ("options", "environ", "shell"),
    [
        ([], {"GOODWORD_SMTP_PORT": "twenty-five"}, ""),
        (["--form", "carla@example.org"], {}, ""),
        ([], {}, 'exec "$0" "$@" <&-'),
    ],
    ids=["a setting that is wrong", "an option that is wrong", "an error that nobody foresaw"],
)
def test_what_is_wrong_here_gives_no_mail_back_to_its_sender(
    options: list[str], environ: dict[str, str], shell: str, tmp_path: Path
) -> None:
    done = piped(tmp_path, *options, raw=mail_file("plain"), shell=shell, **environ)
    assert done.returncode == LATER, done.stderr
    assert done.stderr
    assert b"Traceback" not in done.stderr
    assert not RawMail.objects.exists()


def ends(folder: Path, monkeypatch: pytest.MonkeyPatch, *, with_: str) -> int:
    """Run a command for programs that ends in this way, with a log of the system in the folder."""
    (folder / "odd_command.py").write_text(f"def add_arguments(parser): pass\ndef run(arguments): {with_}\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "odd_command", raising=False)
    command = Command("odd_command", "end oddly", desk=False, database=False, codes=(KEPT, UNUSABLE, LATER))
    monkeypatch.setitem(COMMANDS, ("odd",), command)
    monkeypatch.setattr(__main__, "SYSTEM_LOG", str(folder / "log"))
    return main(["odd"])


def test_what_nobody_foresaw_is_told_to_the_log_of_the_system_and_not_to_the_mail_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        log.bind(str(tmp_path / "log"))
        assert ends(tmp_path, monkeypatch, with_="raise LookupError('of our own')") == LATER
        said = log.recv(100_000).decode()
    assert "goodword odd failed." in said
    assert "LookupError: of our own" in said
    assert capfd.readouterr().err.count("\n") == 1
    # A machine may have no such log.
    (tmp_path / "log").unlink()
    assert ends(tmp_path, monkeypatch, with_="raise LookupError('of our own')") == LATER
    assert "of our own" not in capfd.readouterr().err


def test_words_a_command_ends_with_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert ends(tmp_path, monkeypatch, with_="raise SystemExit('The folder is full.')") == LATER
    assert capfd.readouterr().err == "The folder is full.\n"


def test_a_folder_that_cannot_be_written_gives_no_mail_back(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = piped(tmp_path / "file" / "data", raw=mail_file("plain"), DATABASE_URL="")
    assert done.returncode == LATER, done.stderr


def test_what_is_no_mail_is_given_back(mailbox: Mailbox, tmp_path: Path) -> None:
    assert piped(tmp_path, raw=b"\n").returncode == UNUSABLE
