"""What leaves is a mail every program reads, threads rightly, and nobody can slip a field into."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.mail.composing import (
    File,
    Letter,
    Unsendable,
    compose,
    recipients,
    reply_subject,
    shown_references,
)
from goodword.mail.parsing import Address, parse

PNG = b"\x89PNG\r\n\x1a\n\x00\xff"
AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


def letter(**more: object) -> Letter:
    values: dict[str, object] = {
        "message_id": "<reply-1@desk.example>",
        "sender": Address("Olga Owner", "care@desk.example"),
        "to": [Address("Carla Customer", "carla@example.org")],
        "subject": "Re: Hello",
        "text": "Dear Carla\n",
        "at": AT,
    }
    return Letter(**(values | more))  # type: ignore[arg-type]


def read(made: Letter) -> EmailMessage:
    return message_from_bytes(compose(made), policy=policy.default)  # type: ignore[return-value]


def test_a_reply_stands_in_its_thread() -> None:
    made = read(
        letter(
            in_reply_to="<b@example.org>",
            references=["<a@example.org>", "<b@example.org>"],
            reply_to=Address("Care", "care+c7.abcdefghabcdefgh@desk.example"),
        )
    )
    assert made["Message-ID"] == "<reply-1@desk.example>"
    assert made["In-Reply-To"] == "<b@example.org>"
    assert made["References"].split() == ["<a@example.org>", "<b@example.org>"]
    assert made["Reply-To"] == "Care <care+c7.abcdefghabcdefgh@desk.example>"
    assert made["Date"] == "Sat, 21 Nov 2026 10:00:00 +0000"


def test_only_automatic_mail_says_it_is_automatic() -> None:
    assert read(letter())["Auto-Submitted"] is None
    assert read(letter(automatic=True))["Auto-Submitted"] == "auto-generated"


def test_long_message_ids_are_left_as_they_are() -> None:
    long = f"<{'x' * 200}@example.org>"
    made = compose(letter(message_id=long, in_reply_to=long, references=[long, long.replace("x", "y")]))
    assert made.count(long.encode()) == 3
    assert b"=?" not in made


def test_the_chain_is_written_whole_as_long_as_a_field_may_be() -> None:
    chain = [f"<{number}@example.org>" for number in range(200)]
    assert shown_references([*chain, "not one", "<two words@x>"]) == chain
    made = compose(letter(references=chain))
    assert made.split(b"References:")[1].split(b"MIME")[0].count(b"@example.org>") == 200


def test_a_chain_that_is_too_long_keeps_its_beginning_and_its_end() -> None:
    chain = [f"<{number}.{'x' * 60}@example.org>" for number in range(2_000)]
    shown = shown_references(chain)
    assert shown == [chain[0], *chain[1 - len(shown) :]]
    assert len(shown) > 150
    assert len(compose(letter(references=chain)).split(b"References:")[1].split(b"MIME")[0]) < 16_500


def test_text_and_html_and_pictures_and_files_arrive_whole() -> None:
    made = letter(
        text="Grüße\n.\nFrom Olga\n" + "x" * 2000,
        html="<p>Grüße <img src='cid:cup@desk.example'></p>",
        files=[
            File("cup.png", "image/png", PNG, content_id="cup@desk.example"),
            File("Rechnung für Carla.pdf", "application/pdf", b"%PDF-\x00\xff"),
            File("list.txt", "text/plain; charset=utf-8", b"one\ntwo\r\nthree\x80"),
            File("old.eml", "message/rfc822", b"From: a@example.org\n\nHi\r\n"),
            File("odd", "no media type", b"odd"),
        ],
    )
    mail = parse(compose(made))
    assert mail.text.rstrip("\n") == made.text
    assert mail.html is not None
    assert "cid:cup@desk.example" in mail.html
    assert {part.filename: part.data for part in mail.attachments} == {
        file.filename: file.data for file in made.files
    }
    picture = mail.attachments[0]
    assert (picture.content_id, picture.inline, picture.content_type) == (
        "cup@desk.example",
        True,
        "image/png",
    )


def test_every_line_is_short_enough_for_the_network() -> None:
    made = letter(
        to=[Address("Ann " * 10, f"ann{number}@example.org") for number in range(200)],
        subject="Grüße " * 100,
        text="word " * 5_000,
        html=f"<p>{'word ' * 5_000}</p>",
        references=[f"<{'z' * 300}{number}@example.org>" for number in range(60)],
        files=[File("ü" * 150 + ".bin", "application/octet-stream", b"\x00" * 5_000)],
    )
    raw = compose(made)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.isascii()
    assert len(parse(raw).to) == 200


@settings(deadline=None)
@given(name=st.text(max_size=80), subject=st.text(max_size=200), text=st.text(max_size=200))
def test_nobody_can_slip_a_field_in(name: str, subject: str, text: str) -> None:
    made = letter(
        to=[Address(f"{name}\r\nBcc: thief@example.org", "carla@example.org")],
        subject=f"{subject}\r\nBcc: thief@example.org",
        text=text,
        files=[File(f"{name}\r\nBcc: thief@example.org", "text/plain", b"x", content_id=None)],
    )
    arrived = read(made)
    assert arrived["Bcc"] is None
    assert len(arrived.get_all("To", [])) == 1
    assert [person.email for person in parse(compose(made)).to] == ["carla@example.org"]


@pytest.mark.parametrize(
    "name", ['Olga "O" Owner', "Owner, Olga", "Ölga, Öwner", "日本語の名前" * 12, "=?utf-8?q?x?="]
)
def test_names_arrive_as_they_were_written(name: str) -> None:
    assert parse(compose(letter(sender=Address(name, "care@desk.example")))).from_ == Address(
        name.replace('"', '"'), "care@desk.example"
    )


@pytest.mark.parametrize(
    "address", ["", "carla", "carla@", "a b@example.org", "a@example.org\r\nBcc: x@y.org", "ü@x.org"]
)
def test_an_address_that_cannot_be_written_to_is_said(address: str) -> None:
    with pytest.raises(Unsendable, match="is no address a mail can be sent to; correct it"):
        compose(letter(to=[Address("", address)]))


def test_a_mail_to_nobody_is_said() -> None:
    with pytest.raises(Unsendable, match="The mail has no recipient"):
        compose(letter(to=[]))


def test_a_domain_in_its_own_script_is_written_for_the_network() -> None:
    assert read(letter(to=[Address("", "carla@bücher.example")]))["To"] == "carla@xn--bcher-kva.example"


def test_each_recipient_is_named_once() -> None:
    made = letter(cc=[Address("", "CARLA@example.org"), Address("", "ben@example.org")])
    assert recipients(made) == ["CARLA@example.org", "ben@example.org"]


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        ("Hello", "Re: Hello"),
        ("Re: Hello", "Re: Hello"),
        ("RE: re[2]: Re : Hello", "Re: Hello"),
        ("Regarding tea", "Re: Regarding tea"),
        ("", "Re: your message"),
        ("Two\r\nlines", "Re: Two lines"),
    ],
)
def test_a_subject_is_answered_once(subject: str, wanted: str) -> None:
    assert reply_subject(subject) == wanted
