"""A house that is exported and brought in elsewhere is the same house, byte for byte."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from goodword.api.actions import create_token
from goodword.api.models import Token
from goodword.customers.models import Customer
from goodword.inbox.actions import open_conversation
from goodword.mail.actions import accept
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Blob, Mailbox, OutgoingMail, RawMail
from goodword.ops.moving.plan import KINDS, LEFT_OUT, kinds
from goodword.ops.moving.reading import import_house
from goodword.ops.moving.shelves import MoveError
from goodword.ops.moving.writing import export
from goodword.ops.sample import load
from goodword.staff.models import Agent

pytestmark = pytest.mark.django_db(transaction=True)
MANUAL = Path(__file__).resolve().parents[4] / "docs" / "export.md"
RAW = (
    b"From: Carla <carla@example.org>\r\nTo: care@desk.example\r\nMessage-ID: <one@example.org>\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nWhere is it? \xff\r\n--b\r\n"
    b"Content-Type: application/x-thing; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"AP8A/w==\r\n--b--\r\n"
)


def quietly(what: str, done: int, total: int | None) -> None:
    """Nobody looks on."""


def emptied() -> None:
    call_command("flush", verbosity=0, interactive=False)


def digests(path: Path) -> dict[str, str]:
    """Each file of an export by what is in it."""
    if path.is_file():
        return {"": hashlib.sha256(path.read_bytes()).hexdigest()}
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def lived_in(mailbox: Mailbox, owner: Agent, customer: Customer) -> Iterator[None]:
    """A house with mail, a file, a conversation, a token and mail that waits."""
    accept(raw=RAW, source="smtp", envelope_to=["care@desk.example"])
    turn_waiting()
    open_conversation(
        customer=customer, subject="Grüße 🎁", text="A line\u2028and\x0banother", mailbox=mailbox
    )
    create_token(name="shop", scope="read")
    OutgoingMail.objects.create(
        message_id="<1@desk.example>", sender="care@desk.example", recipients=["a@b.example"], raw=b"\x00"
    )
    yield
    emptied()


def test_every_kind_of_record_is_exported_or_left_out_with_a_reason() -> None:
    exported = [kind.label for kind in KINDS]
    every = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert len(exported) == len(set(exported))
    assert set(exported) & set(LEFT_OUT) == set()
    assert set(exported) | set(LEFT_OUT) == every
    for kind in KINDS:
        names = {field.name for field in kind.model._meta.concrete_fields}
        assert set(kind.secret_fields) <= names


def test_the_manual_names_every_field() -> None:
    wanted = [
        f"- `{kind.label}`: {', '.join(f'`{field.attname}`' for field in kind.fields(secrets=True))}"
        for kind in kinds(secrets=True)
    ]
    found = [line for line in MANUAL.read_text(encoding="utf-8").splitlines() if line.startswith("- `")]
    assert found == wanted


@pytest.mark.parametrize("name", ["out", "out.zip"])
@pytest.mark.parametrize("secrets", [False, True], ids=["without secrets", "with secrets"])
def test_what_comes_in_goes_out_again_byte_for_byte(
    lived_in: None, tmp_path: Path, name: str, secrets: bool
) -> None:
    first, second = tmp_path / name, tmp_path / f"again-{name}"
    rows = export(first, secrets=secrets, progress=quietly)
    emptied()
    assert import_house(first, keep_queue=True, progress=quietly) == rows
    export(second, secrets=secrets, progress=quietly)
    assert digests(first) == digests(second)
    assert bytes(RawMail.objects.get().raw) == RAW
    assert bytes(Blob.objects.get().data) == b"\x00\xff\x00\xff"
    assert Token.objects.exists() == secrets
    assert Agent.objects.get().check_password("olga-password") == secrets


def test_the_sample_company_moves_whole(tmp_path: Path) -> None:
    try:
        load.load_sample(progress=quietly)
        rows = export(tmp_path / "out", secrets=True, progress=quietly)
        emptied()
        import_house(tmp_path / "out", keep_queue=True, progress=quietly)
        assert export(tmp_path / "again", secrets=True, progress=quietly) == rows
        assert digests(tmp_path / "out") == digests(tmp_path / "again")
        assert rows["inbox.conversation"] == 1500
    finally:
        emptied()


def test_records_to_come_get_numbers_of_their_own(lived_in: None, tmp_path: Path) -> None:
    export(tmp_path / "out", secrets=False, progress=quietly)
    emptied()
    import_house(tmp_path / "out", keep_queue=False, progress=quietly)
    assert accept(raw=RAW.replace(b"one@", b"two@"), source="smtp").created
    assert RawMail.objects.count() == 2


def test_mail_that_waited_is_left_for_a_person(lived_in: None, tmp_path: Path) -> None:
    export(tmp_path / "out", secrets=False, progress=quietly)
    emptied()
    import_house(tmp_path / "out", keep_queue=False, progress=quietly)
    waited = OutgoingMail.objects.get()
    assert waited.state == OutgoingMail.State.UNKNOWN
    assert "may have left" in waited.error
    assert waited.settled_at <= timezone.now()


def test_a_house_in_which_somebody_lives_takes_no_export(lived_in: None, tmp_path: Path) -> None:
    export(tmp_path / "out", secrets=False, progress=quietly)
    with pytest.raises(MoveError, match="in this house already"):
        import_house(tmp_path / "out", keep_queue=False, progress=quietly)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("mail.jsonl", b'"record":"mail.mailbox"', b'"record":"staff.agent"', "does not belong there"),
        ("staff.jsonl", b'"role"', b'"rank"', "cannot be read"),
        ("staff.jsonl", b"\n", b"\n{", "no JSON"),
        ("house.json", b'"format": 1', b'"format": 9', "has the format 9"),
        ("house.json", b'"staff.agent": 1', b'"staff.agent": 2', "fewer or more"),
        ("house.json", b'"signature"', b'"a_new_field"', "does not know 'a_new_field'"),
    ],
)
def test_a_damaged_export_changes_nothing(
    lived_in: None, tmp_path: Path, name: str, old: bytes, new: bytes, said: str
) -> None:
    export(tmp_path / "out", secrets=False, progress=quietly)
    emptied()
    file = tmp_path / "out" / name
    assert old in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(old, new, 1))
    with pytest.raises(MoveError, match=said):
        import_house(tmp_path / "out", keep_queue=False, progress=quietly)
    assert not any(kind.model._base_manager.exists() for kind in KINDS)


def test_a_file_with_other_bytes_than_its_name_says_is_told(lived_in: None, tmp_path: Path) -> None:
    export(tmp_path / "out", secrets=False, progress=quietly)
    emptied()
    digest = hashlib.sha256(RAW).hexdigest()
    (tmp_path / "out" / "files" / digest[:2] / digest).write_bytes(RAW + b" ")
    with pytest.raises(MoveError, match="is damaged"):
        import_house(tmp_path / "out", keep_queue=False, progress=quietly)
    assert not RawMail.objects.exists()


def test_nothing_is_written_over_and_nothing_half_is_left(lived_in: None, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(MoveError, match="is there already"):
        export(tmp_path / "out", secrets=False, progress=quietly)
    with pytest.raises(MoveError, match="cannot be written"):
        export(Path("/proc/out.zip"), secrets=False, progress=quietly)


def test_without_secrets_none_is_in_it(lived_in: None, tmp_path: Path) -> None:
    export(tmp_path / "out.zip", secrets=False, progress=quietly)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert "api.jsonl" not in archive.namelist()
        agents = [json.loads(line) for line in archive.read("staff.jsonl").splitlines()]
    assert all("password" not in agent for agent in agents)
    assert Agent.objects.get().password not in json.dumps(agents)
