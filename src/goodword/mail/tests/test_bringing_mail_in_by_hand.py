"""The pipe of a mail server and archives on disk bring mail in by the same door, as often as they like."""

import argparse
import io
import mailbox as archives_of_python
from email import message_from_bytes
from pathlib import Path

import pytest

from goodword.mail.archives import NoArchive, entries
from goodword.mail.commands import import_, receive
from goodword.mail.models import Mailbox, RawMail
from goodword.mail.parsing import ParsedMail

from .conftest import MAILS, mail_file

pytestmark = pytest.mark.django_db


def given(module: object, *arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)  # type: ignore[attr-defined]
    return parser.parse_args(arguments)


class StandardInput:
    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)


def pipe(monkeypatch: pytest.MonkeyPatch, raw: bytes, *arguments: str) -> int:
    monkeypatch.setattr("sys.stdin", StandardInput(raw))
    return receive.run(given(receive, *arguments))


def test_a_piped_mail_is_kept(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = mail_file("plain")
    assert pipe(monkeypatch, raw, "--from", "carla@example.org", "--to", "care@desk.example") == 0
    kept = RawMail.objects.get()
    assert (bytes(kept.raw), kept.source, kept.envelope_to) == (raw, "pipe", ["care@desk.example"])


@pytest.mark.parametrize("named", ["", "<>", "MAILER-DAEMON"])
def test_a_pipe_tells_the_empty_sender_from_an_unknown_one(
    named: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pipe(monkeypatch, mail_file("plain"), "--from", named) == 0
    assert RawMail.objects.get().envelope_from == "<>"
    RawMail.objects.all().delete()
    assert pipe(monkeypatch, mail_file("plain")) == 0
    assert RawMail.objects.get().envelope_from == ""


def test_an_empty_pipe_is_unusable(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pipe(monkeypatch, b"\n") == 65
    assert "The mail is empty" in capsys.readouterr().err


def test_a_piped_mail_that_is_too_large_says_what_to_do(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pipe(monkeypatch, b"x" * (settings.CONFIG.mail_max_bytes + 1)) == 65
    assert "raise GOODWORD_MAIL_MAX_BYTES" in capsys.readouterr().err


def numbered(number: int) -> bytes:
    raw = mail_file("plain").replace(b"<plain@", b"<%d@" % number)
    return raw.replace(b"Sat, 21 Nov 2026 10:", b"Sat, 21 Nov 2026 %02d:" % (23 - number))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "2025" / "autumn"
    inner.mkdir(parents=True)
    for number in range(5):
        (inner / f"{number}.eml").write_bytes(numbered(number))
    (inner / "notes.pdf").write_bytes(b"%PDF")
    (inner / ".hidden.eml").write_bytes(numbered(9))
    return tmp_path


def test_a_folder_of_mails_is_taken_in_silently_and_oldest_first(
    folder: Path,
    mailbox: Mailbox,
    taken_in: list[tuple[RawMail, ParsedMail]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert import_.run(given(import_, str(folder))) == 0
    assert [parsed.message_id for _mail, parsed in taken_in] == [
        f"<{n}@example.org>" for n in (4, 3, 2, 1, 0)
    ]
    assert all(mail.silent and mail.source == "import" for mail, _parsed in taken_in)
    assert "5 mails were taken in." in capsys.readouterr().err


def test_a_second_run_adds_nothing(
    folder: Path,
    mailbox: Mailbox,
    taken_in: list[tuple[RawMail, ParsedMail]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    import_.run(given(import_, str(folder)))
    import_.run(given(import_, str(folder)))
    assert (RawMail.objects.count(), len(taken_in)) == (5, 5)
    assert "0 mails were taken in." in (said := capsys.readouterr().err)
    assert "5 were here already." in said


def test_a_run_that_was_stopped_goes_on_where_it_was(
    folder: Path, mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    import_.run(given(import_, str(folder / "2025" / "autumn" / "4.eml")))
    import_.run(given(import_, str(folder)))
    assert RawMail.objects.filter(state=RawMail.State.DONE).count() == len(taken_in) == 5


def test_what_needs_a_person_is_counted(
    tmp_path: Path,
    mailbox: Mailbox,
    taken_in: list[tuple[RawMail, ParsedMail]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "a.eml").write_bytes(mail_file("no_sender"))
    (tmp_path / "b.eml").write_bytes(mail_file("plain"))
    (tmp_path / "c.eml").write_bytes(b"\n")
    assert import_.run(given(import_, str(tmp_path))) == 0
    said = capsys.readouterr().err
    assert "1 mail was taken in." in said
    assert "1 needs a person" in said
    assert "c.eml: The mail is empty" in said
    assert RawMail.objects.filter(state=RawMail.State.NEEDS_PERSON).count() == 1


def test_an_mbox_gives_back_each_mail_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "archive.mbox"
    box = archives_of_python.mbox(path)
    raws = [
        numbered(number).replace(b"\r\n", b"\n") + b"\nFrom here on it went wrong.\n" for number in (2, 1)
    ]
    for raw in raws:
        box.add(message_from_bytes(raw))
    box.close()
    found = [entry.read() for entry in entries(path)]
    assert [raw.rstrip(b"\n") for raw in found] == [raw.rstrip(b"\n") for raw in raws]


def test_a_maildir_is_read(tmp_path: Path) -> None:
    box = archives_of_python.Maildir(tmp_path / "Maildir")
    for number in range(3):
        box.add(message_from_bytes(numbered(number)))
    assert len(entries(tmp_path / "Maildir")) == 3


def test_every_kind_lies_side_by_side(tmp_path: Path, folder: Path) -> None:
    box = archives_of_python.mbox(tmp_path / "old")
    box.add(message_from_bytes(numbered(7)))
    box.close()
    assert len(entries(tmp_path)) == 6
    assert len(entries(MAILS)) == len(list(MAILS.glob("*.eml")))


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_path_without_mail_is_said(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NoArchive, match=r"name a folder of .eml files, a Maildir, or an mbox file"):
        entries(tmp_path / name)
    assert import_.run(given(import_, str(tmp_path / name))) == 1
    assert str(tmp_path / name) in capsys.readouterr().err


def test_a_mailbox_that_is_not_there_is_said_with_those_that_are(
    folder: Path, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_.run(given(import_, str(folder), "--mailbox", "nobody@desk.example")) == 1
    assert (
        "There is no mailbox nobody@desk.example; the mailboxes are: care@desk.example."
        in capsys.readouterr().err
    )
    assert import_.run(given(import_, str(folder), "--mailbox", "CARE@desk.example")) == 0
