"""The listener says 250 only for what is committed, and tells every sender the truth."""

import smtplib
import socket
from collections.abc import Callable

import pytest
from django.db import connection

from goodword.mail import listener
from goodword.mail.actions import forget
from goodword.mail.models import Mailbox, RawMail
from goodword.mail.parsing import NOBODY, parse

pytestmark = pytest.mark.django_db(transaction=True)

MAIL = b"From: Carla <carla@example.org>\r\nTo: care@desk.example\r\nMessage-ID: <one@example.org>\r\n"
MAIL += b"Subject: Hello\r\n\r\nWhere is my parcel?\r\n.\r\nA dot stood alone above.\r\n"


def send(
    port: int, raw: bytes, *to: str, client: type[smtplib.SMTP] = smtplib.SMTP
) -> dict[str, tuple[int, bytes]]:
    with client("127.0.0.1", port, timeout=20, local_hostname="client.example") as smtp:
        return smtp.sendmail("carla@example.org", to or ("care@desk.example",), raw)


def test_a_mail_sent_by_smtp_is_kept_byte_for_byte(mailbox: Mailbox, listening: Callable[..., int]) -> None:
    send(listening(), MAIL)
    kept = RawMail.objects.get()
    assert (bytes(kept.raw), kept.source) == (MAIL, "smtp")
    assert (kept.envelope_from, kept.envelope_to) == ("carla@example.org", ["care@desk.example"])


def test_the_empty_sender_is_told_from_an_unknown_one(
    mailbox: Mailbox, listening: Callable[..., int]
) -> None:
    with smtplib.SMTP("127.0.0.1", listening(), timeout=20, local_hostname="client.example") as smtp:
        smtp.sendmail("", ["care@desk.example"], MAIL)
    kept = RawMail.objects.get()
    assert kept.envelope_from == NOBODY
    assert parse(bytes(kept.raw), envelope_from=kept.envelope_from).headers["return-path"] == NOBODY
    assert "return-path" not in parse(bytes(kept.raw)).headers


def test_a_mail_sent_by_lmtp_is_answered_for_each_recipient(
    mailbox: Mailbox, listening: Callable[..., int]
) -> None:
    with smtplib.LMTP("127.0.0.1", listening(lmtp=True), timeout=20, local_hostname="client.example") as lmtp:
        lmtp.ehlo()
        assert lmtp.mail("carla@example.org")[0] == 250
        assert lmtp.rcpt("care@desk.example")[0] == 250
        assert lmtp.rcpt("care+more@desk.example")[0] == 250
        lmtp.putcmd("data")
        assert lmtp.getreply()[0] == 354
        lmtp.send(MAIL.replace(b"\r\n.\r\n", b"\r\n..\r\n") + b".\r\n")
        assert [lmtp.getreply()[0], lmtp.getreply()[0]] == [250, 250]
    assert RawMail.objects.get().source == "lmtp"


def test_what_was_deleted_for_good_is_taken_with_250_and_dropped(
    mailbox: Mailbox, listening: Callable[..., int]
) -> None:
    port = listening()
    send(port, MAIL)
    forget(raw_mails=[RawMail.objects.get().pk], outgoing=[])
    with smtplib.SMTP("127.0.0.1", port, timeout=20, local_hostname="client.example") as smtp:
        smtp.ehlo()
        smtp.mail("carla@example.org")
        smtp.rcpt("care@desk.example")
        assert smtp.data(MAIL)[0] == 250
    assert not RawMail.objects.exists()


def test_mail_for_others_is_refused(mailbox: Mailbox, listening: Callable[..., int]) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(listening(), MAIL, "somebody@elsewhere.example")
    assert refused.value.recipients["somebody@elsewhere.example"][0] == 550
    assert not RawMail.objects.exists()


def test_one_wrong_recipient_does_not_keep_the_others_from_it(
    mailbox: Mailbox, listening: Callable[..., int]
) -> None:
    refused = send(listening(), MAIL, "care@desk.example", "x@elsewhere.example")
    assert list(refused) == ["x@elsewhere.example"]
    assert RawMail.objects.get().envelope_to == ["care@desk.example"]


def test_a_signed_reply_address_is_ours(mailbox: Mailbox, listening: Callable[..., int]) -> None:
    send(listening(), MAIL, "care+c2k.abcdefghabcdefgh@desk.example")
    assert RawMail.objects.get().mailbox == mailbox


def test_before_the_first_mailbox_every_mail_is_welcome(listening: Callable[..., int]) -> None:
    send(listening(), MAIL, "hello@new.example")
    assert RawMail.objects.get().mailbox.address == "hello@new.example"


def test_while_the_database_is_away_the_sender_is_asked_to_come_again(
    mailbox: Mailbox, listening: Callable[..., int]
) -> None:
    port = listening()
    with smtplib.SMTP("127.0.0.1", port, timeout=20, local_hostname="client.example") as smtp:
        smtp.ehlo()
        smtp.mail("carla@example.org")
        smtp.rcpt("care@desk.example")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE mail_rawmail RENAME TO mail_rawmail_away")
        try:
            code, _text = smtp.data(MAIL)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE mail_rawmail_away RENAME TO mail_rawmail")
        assert code == 451
    send(port, MAIL)
    assert RawMail.objects.count() == 1


def test_a_mail_that_is_too_large_is_refused_for_good(
    mailbox: Mailbox, listening: Callable[..., int], settings, monkeypatch
) -> None:
    port = listening()
    big = MAIL + b"x" * 70 + b"\r\n"
    big += (b"y" * 76 + b"\r\n") * (settings.CONFIG.mail_max_bytes // 78 + 10)
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        send(port, big)
    assert refused.value.smtp_code == 552
    assert not RawMail.objects.exists()


def test_very_long_lines_and_bare_bytes_are_taken(mailbox: Mailbox, listening: Callable[..., int]) -> None:
    long = MAIL + b"z" * 50_000 + b"\r\n\x00\xff\xfe\r\n"
    send(listening(), long)
    assert bytes(RawMail.objects.get().raw) == long


def test_an_empty_mail_is_refused(mailbox: Mailbox, listening: Callable[..., int]) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(listening(), b"\r\n\r\n")
    assert refused.value.smtp_code == 554


def test_a_mail_that_goes_in_circles_is_stopped(mailbox: Mailbox, listening: Callable[..., int]) -> None:
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(listening(), b"Received: by a host\r\n" * 101 + MAIL)
    assert refused.value.smtp_code == 554


def test_a_sender_who_leaves_in_the_middle_leaves_nothing(
    mailbox: Mailbox, listening: Callable[..., int]
) -> None:
    port = listening()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
        raw.sendall(
            b"EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<care@desk.example>\r\nDATA\r\nSubject: half\r\n"
        )
    send(port, MAIL)
    assert RawMail.objects.count() == 1


def test_one_stranger_cannot_take_all_connections(
    mailbox: Mailbox, listening: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "CONNECTIONS", 1)
    port = listening()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as first:
        assert first.recv(100).startswith(b"220")
        with socket.create_connection(("127.0.0.1", port), timeout=20) as second:
            assert second.recv(100) in {b""} or second.recv(100) == b""
