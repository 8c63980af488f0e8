"""A program hands mail in by one call, and knows then that it is kept."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import override_settings

from goodword.kit import config
from goodword.mail.models import Delivery, Mailbox, RawMail

from .conftest import Program

MAIL = b"From: Carla <carla@example.org>\r\nTo: care@desk.example\r\nMessage-ID: <one@example.org>\r\n"
MAIL += b"Subject: Hello\r\n\r\nWhere is my parcel? \xff\x00\x80\r\n\n\r.\r\n"
AS_MAIL = {"Content_Type": "message/rfc822"}


@pytest.fixture
def courier(program: Callable[..., Program]) -> Program:
    """A program that may hand mail in and nothing else."""
    return program("mail")


def test_a_mail_is_kept_byte_for_byte(mailbox: Mailbox, courier: Program) -> None:
    said = courier("POST", "mail?to=care@desk.example&sender=carla@example.org", MAIL, **AS_MAIL)
    kept = RawMail.objects.get()
    assert said.status == 201
    assert said.body == {
        "outcome": "kept",
        "mails": [{"id": kept.pk, "mailbox": "care@desk.example", "state": "waiting"}],
    }
    assert bytes(kept.raw) == MAIL
    assert (kept.source, kept.envelope_from, kept.envelope_to) == (
        "api",
        "carla@example.org",
        ["care@desk.example"],
    )


def test_a_mail_in_a_form_is_kept_byte_for_byte(mailbox: Mailbox, courier: Program) -> None:
    form = b'--=X\r\nContent-Disposition: form-data; name="email"; filename="..\\\\"\r\n'
    form += b"Content-Type: message/rfc822\r\n\r\n" + MAIL + b"\r\n--=X--\r\n"
    said = courier("POST", "mail", form, Content_Type='multipart/form-data; boundary="=X"')
    assert said.status == 201
    assert bytes(RawMail.objects.get().raw) == MAIL


def test_the_same_mail_twice_is_one_mail(mailbox: Mailbox, courier: Program) -> None:
    first, second = (courier("POST", "mail", MAIL, **AS_MAIL) for _time in range(2))
    assert (first.status, second.status) == (201, 200)
    assert second.body == {"outcome": "repeated", "mails": first.body["mails"]}
    assert RawMail.objects.count() == 1


def test_only_a_token_for_mail_may_do_it(mailbox: Mailbox, program: Callable[..., Program]) -> None:
    assert program("write")("POST", "mail", MAIL, **AS_MAIL).status == 403
    assert Program(None)("POST", "mail", MAIL, **AS_MAIL).status == 401
    assert program("admin")("POST", "mail", MAIL, **AS_MAIL).status == 201
    assert program("mail")("GET", "conversations").status == 403


def test_bytes_that_are_no_mail_are_refused_and_stand_in_the_journal(
    mailbox: Mailbox, courier: Program
) -> None:
    said = courier("POST", "mail?to=care@desk.example", b" \r\n ", **AS_MAIL)
    assert (said.status, said.body["type"]) == (422, "urn:goodword:problem:no-mail")
    assert Delivery.objects.get().outcome == Delivery.Outcome.UNUSABLE


def test_a_mail_that_is_too_large_is_refused(mailbox: Mailbox, courier: Program) -> None:
    with override_settings(CONFIG=config.load({"GOODWORD_MAIL_MAX_BYTES": "1024"})):
        said = courier("POST", "mail", MAIL + b"x" * 1024, **AS_MAIL)
    assert (said.status, said.body["type"]) == (413, "urn:goodword:problem:too-large")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=X", b"--X\r\ncut off", 400),
        (
            "multipart/form-data; boundary=X",
            b'--X\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--X--',
            422,
        ),
    ],
    ids=["not mail", "cut off", "no field"],
)
def test_a_body_without_a_mail_is_refused(
    mailbox: Mailbox, courier: Program, kind: str, body: bytes, status: int
) -> None:
    assert courier("POST", "mail", body, Content_Type=kind).status == status
    assert not RawMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_the_program_is_asked_to_come_again(
    mailbox: Mailbox, courier: Program
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mail_rawmail RENAME TO away")
    try:
        said = courier("POST", "mail", MAIL, **AS_MAIL)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO mail_rawmail")
    assert (said.status, said.headers["Retry-After"]) == (503, "60")
    assert courier("POST", "mail", MAIL, **AS_MAIL).status == 201
    assert RawMail.objects.count() == 1


def test_a_misspelt_recipient_is_told_rather_than_left_out(mailbox: Mailbox, courier: Program) -> None:
    said = courier("POST", "mail?recipient=care@desk.example", MAIL, **AS_MAIL)
    assert said.status == 422
    assert "recipient" in said.body["detail"]
    assert not RawMail.objects.exists()
