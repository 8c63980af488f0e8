"""Mail is signed by DKIM where a key is set, and anybody can verify it by the record to publish."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.utils import timezone

from goodword.kit.config import ConfigError, load
from goodword.mail import outbox, signing
from goodword.mail.actions import queue, send_again
from goodword.mail.composing import Letter
from goodword.mail.models import OutgoingMail
from goodword.mail.parsing import Address
from goodword.ops.commands import check

from .conftest import Outside

State = OutgoingMail.State
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def write(key: Private, path: Path) -> Path:
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def set_up(settings: Any, tmp_path: Path) -> Callable[[str | Path], None]:
    """Sign with the key in this file."""

    def do(path: str | Path) -> None:
        settings.CONFIG = replace(
            settings.CONFIG, dkim_domain="desk.example", dkim_selector="s1", dkim_key=str(path)
        )

    return do


def letter(**more: Any) -> Letter:
    values: dict[str, Any] = {
        "message_id": "<signed@desk.example>",
        "sender": Address("Zoë Owner", "care@desk.example"),
        "to": [Address("", "carla@example.org")],
        "subject": "Grüße " * 30,
        "text": "Zeilen mit Leerraum  \n\n.\nFrom here\n\n\n",
        "html": "<p>Grüße</p>",
        "at": timezone.now(),
    }
    return Letter(**(values | more))


def verified(raw: bytes) -> bool:
    """What the library's own verifier says, given the record that `goodword check` prints."""
    name, text = signing.dns_record()
    records = {f"{name}.".encode(): text.encode()}
    return bool(dkim.verify(raw, dnsfunc=lambda asked, timeout=5: records.get(asked)))


@pytest.mark.django_db
def test_what_leaves_is_signed_and_verifies(
    outside: Outside, key: rsa.RSAPrivateKey, set_up: Callable[[str | Path], None], tmp_path: Path
) -> None:
    set_up(write(key, tmp_path / "key.pem"))
    queue(letter=letter())
    outbox.send_due()
    sent = outside.received[0]
    assert sent.startswith(b"DKIM-Signature: ")
    assert sent.endswith(bytes(OutgoingMail.objects.get().raw))
    assert verified(sent)
    assert not verified(sent.replace(b"From here", b"From there"))
    assert not verified(sent.replace(b"carla@example.org", b"ben@example.org"))


@pytest.mark.django_db
def test_the_way_to_unsubscribe_is_signed_too(
    outside: Outside, key: rsa.RSAPrivateKey, set_up: Callable[[str | Path], None], tmp_path: Path
) -> None:
    set_up(write(key, tmp_path / "key.pem"))
    queue(letter=letter(), lane=OutgoingMail.Lane.BULK, topic="news")
    outbox.send_due()
    sent = outside.received[0]
    assert verified(sent)
    assert not verified(sent.replace(b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"))


@pytest.mark.django_db
def test_nobody_can_add_a_field_to_a_signed_mail(
    outside: Outside, key: rsa.RSAPrivateKey, set_up: Callable[[str | Path], None], tmp_path: Path
) -> None:
    set_up(write(key, tmp_path / "key.pem"))
    queue(letter=letter())
    outbox.send_due()
    sent = outside.received[0]
    assert verified(sent)
    assert not verified(b"Reply-To: thief@example.org\r\n" + sent)


@pytest.mark.django_db
def test_without_its_key_mail_waits_rather_than_leaving_unsigned(
    outside: Outside, key: rsa.RSAPrivateKey, set_up: Callable[[str | Path], None], tmp_path: Path
) -> None:
    set_up(tmp_path / "gone.pem")
    mail = queue(letter=letter())
    outbox.send_due()
    mail.refresh_from_db()
    assert (mail.state, outside.received) == (State.QUEUED, [])
    assert "gone.pem' cannot be read" in mail.error
    set_up(write(key, tmp_path / "key.pem"))
    OutgoingMail.objects.update(state=State.FAILED)
    assert send_again(mail=mail)
    outbox.send_due()
    assert len(outside.received) == 1


@pytest.mark.django_db
def test_without_a_domain_mail_leaves_as_it_is(outside: Outside) -> None:
    queue(letter=letter())
    outbox.send_due()
    assert b"DKIM-Signature" not in outside.received[0]


def test_check_prints_the_record_to_publish(
    key: rsa.RSAPrivateKey, set_up: Callable[[str | Path], None], tmp_path: Path
) -> None:
    set_up(write(key, tmp_path / "key.pem"))
    remark = check._signing()
    assert remark.well
    assert 's1._domainkey.desk.example. IN TXT "v=DKIM1; k=rsa; p=MIIB' in remark.text


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: "", "GOODWORD_DKIM_KEY is not set"),
        (lambda path: path / "none.pem", "cannot be read"),
        (lambda path: _text(path), "holds no private key"),
        (lambda path: write(ec.generate_private_key(ec.SECP256R1()), path / "ec.pem"), "no RSA key of 1024"),
    ],
    ids=["no file named", "no such file", "no key in it", "another kind of key"],
)
def test_check_says_what_is_wrong_with_the_key(
    make: Callable[[Path], str | Path], said: str, set_up: Callable[[str | Path], None], tmp_path: Path
) -> None:
    set_up(make(tmp_path))
    remark = check._signing()
    assert not remark.well
    assert said in remark.text


def _text(path: Path) -> Path:
    file = path / "text.pem"
    file.write_text("no key")
    return file


@pytest.mark.parametrize("name", ["Example.ORG", "mail._example.org", ""])
def test_a_domain_is_taken_as_it_is_written(name: str) -> None:
    assert load({"GOODWORD_DKIM_DOMAIN": name}).dkim_domain == name.lower()


@pytest.mark.parametrize("name", ["exa mple.org", "https://example.org", "a@example.org"])
def test_what_is_no_domain_is_said(name: str) -> None:
    with pytest.raises(ConfigError, match=r"GOODWORD_DKIM_DOMAIN is .* must be a name"):
        load({"GOODWORD_DKIM_DOMAIN": name})
