"""A backup of a house at work, restored elsewhere, is the house at one moment of it, row by row."""

import json
import subprocess
import sys
import threading
import zipfile
from email.message import EmailMessage
from pathlib import Path

import psycopg

from goodword.kit import postgres
from goodword.ops.backup import contents
from goodword.ops.backup.places import PLAIN

from .conftest import House, make_house


def goodword(house: House, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a command in the house's surroundings."""
    return subprocess.run(
        [sys.executable, "-m", "goodword", *words],
        env=house.environ,
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def seen(house: House) -> "dict[str, contents.Table]":
    """What is in the house's database."""
    where = postgres.locate(house.data)
    with psycopg.connect(host=str(where.socket), user=postgres.NAME, dbname=postgres.NAME) as connection:
        connection.execute(PLAIN)
        return {
            name: contents.looked_at(connection, name, columns)
            for name, columns in contents.tables(connection).items()
        }


def mail(number: int) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = f"Nora <nora{number}@example.org>", "hello@harbour.example"
    made["Subject"], made["Message-ID"] = f"Number {number}", f"<number-{number}@example.org>"
    made.set_content("Where is my parcel?")
    made.add_attachment(
        bytes([number % 256]) * 5000, maintype="application", subtype="x-thing", filename="a.bin"
    )
    return made


def test_a_backup_of_a_house_at_work_comes_back_row_by_row(
    sample_house: House, folder: Path, tmp_path: Path
) -> None:
    enough, number = threading.Event(), 0

    def keep_writing() -> None:
        nonlocal number
        while not enough.is_set():
            number += 1
            sample_house.post(mail(number))

    writing = threading.Thread(target=keep_writing)
    writing.start()
    file = tmp_path / "house.backup"
    try:
        made = goodword(sample_house, "backup", str(file))
        again = goodword(sample_house, "backup", str(file))
    finally:
        enough.set()
        writing.join()
    assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    assert not file.with_name("house.backup.part").exists()
    assert again.returncode == 1
    assert "is there already" in again.stderr

    elsewhere = make_house("serve", folder / "restored")
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(file.read_bytes()[:-1000])
    assert "is no backup of Goodword" in goodword(elsewhere, "restore", str(damaged)).stderr

    done = goodword(elsewhere, "restore", str(file), "--keep-queue")
    assert done.returncode == 0, done.stderr
    refused = goodword(elsewhere, "restore", str(file))
    assert refused.returncode == 1
    assert "--replace" in refused.stderr

    # The next start joins the database the house will use, which the restored rows must be in.
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert (elsewhere.data / "secret-key").read_bytes() == archive.read("secret-key")
    wanted = {name: contents.Table(**table) for name, table in manifest["tables"].items()}
    assert wanted["mail_rawmail"].rows > 0
    postgres.start(elsewhere.data)
    try:
        found = seen(elsewhere)
    finally:
        postgres.release(elsewhere.data)
    # The log's order is told by other numbers on another server; see `ops.backup.restoring`.
    events = wanted.pop("events_event"), found.pop("events_event")
    assert events[0].rows == events[1].rows > 0
    assert found == wanted

    elsewhere.start()
    assert elsewhere.stop() == 0
