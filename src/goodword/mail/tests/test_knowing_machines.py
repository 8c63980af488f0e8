"""Mails that machines write are known as such, so that no machine answers another for ever."""

import pytest

from goodword.mail.parsing import NOBODY, AutoKind, ParsedMail, parse

from .conftest import mail_file


def read(name: str) -> ParsedMail:
    return parse(mail_file(name))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bounce", AutoKind.BOUNCE),
        ("bounce_in_words", AutoKind.BOUNCE),
        ("bounce_without_address", AutoKind.BOUNCE),
        ("delay", AutoKind.RECEIPT),
        ("read_receipt", AutoKind.RECEIPT),
        ("out_of_office", AutoKind.AUTO_REPLY),
        ("out_of_office_by_subject", AutoKind.AUTO_REPLY),
        ("newsletter", AutoKind.LIST),
        ("plain", None),
        ("enclosed_mail", None),
    ],
)
def test_the_kind_of_machine_is_known(name: str, kind: AutoKind | None) -> None:
    assert read(name).auto == kind


@pytest.mark.parametrize("name", ["bounce", "out_of_office", "newsletter", "delay"])
def test_the_sign_it_was_known_by_is_a_sentence_or_the_servers_words(name: str) -> None:
    found = read(name).automatic
    assert found is not None
    assert found.reason


def test_a_report_names_whom_it_did_not_reach_and_which_mail_it_was() -> None:
    bounced = read("bounce").bounced
    assert bounced is not None
    assert bounced.addresses == ("carla@example.org",)
    assert bounced.original_message_id == "<reply-1@desk.example>"
    assert (bounced.status, bounced.diagnostic) == ("5.1.1", "550 5.1.1 no such user")


def test_a_report_in_words_is_understood() -> None:
    bounced = read("bounce_in_words").bounced
    assert bounced is not None
    assert (bounced.addresses, bounced.original_message_id) == (
        ("carla@example.org",),
        "<reply-2@desk.example>",
    )


def test_a_report_needs_no_sender() -> None:
    mail = read("bounce_without_address")
    assert mail.from_ is None
    assert mail.bounced is not None
    assert mail.bounced.addresses == ("carla@example.org",)


def test_a_person_who_forwards_a_report_is_a_person() -> None:
    raw = mail_file("plain").replace(b"Where is my parcel?", b"Fwd: Undelivered Mail Returned to Sender")
    assert parse(raw).auto is None


def test_the_parts_of_a_report_are_kept() -> None:
    assert [part.content_type for part in read("bounce").attachments] == [
        "message/delivery-status",
        "message/rfc822",
    ]


def test_a_customer_who_writes_about_an_undeliverable_parcel_is_a_person() -> None:
    raw = (
        mail_file("plain")
        .replace(b"Where is my parcel?", b"Undeliverable parcel")
        .replace(b"Carla", b"me@x.org")
    )
    assert parse(raw).auto is None


def test_a_report_that_names_the_address_only_in_words_is_understood() -> None:
    raw = b"From: MAILER-DAEMON <>\r\nTo: care@desk.example\r\nSubject: Mail delivery failed\r\n\r\n"
    raw += (
        b"There was an error delivering your mail to <carla@example.org>.\r\n\r\nFrom: care@desk.example\r\n"
    )
    bounced = parse(raw).bounced
    assert bounced is not None
    assert bounced.addresses == ("carla@example.org",)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (b"From: Carla <carla@example.org>\r\n", None),
        (b"From: forms@example.org\r\nReply-To: carla@example.org\r\n", None),
        (b"From: no-reply@example.org\r\nX-Forwarded-For: a@example.org care@desk.example\r\n", None),
        (b"From: no-reply@example.org\r\n", AutoKind.AUTO_REPLY),
        (b"From: Carla <carla@example.org>\r\nPrecedence: bulk\r\n", AutoKind.AUTO_REPLY),
        (b"From: Mail <mail@isp.example>\r\nSubject: Mail delivery failed\r\n", AutoKind.BOUNCE),
    ],
)
def test_an_empty_sender_alone_closes_no_mail_of_a_person(fields: bytes, kind: AutoKind | None) -> None:
    raw = fields + b"To: care@desk.example\r\n\r\nThe lamp that I was sent does not shine.\r\n"
    assert parse(raw, envelope_from=NOBODY).auto == kind
