"""Every mail people really send is read, down to its last byte, and nothing a mail contains stops the
desk.
"""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodword.mail.parsing import Address, ParsedMail, Unreadable, parse
from goodword.mail.parsing.addresses import addresses

from .conftest import MAILS, mail_file

PNG = b"\x89PNG\r\n\x1a\n"


def read(name: str) -> ParsedMail:
    return parse(mail_file(name))


def with_field(line: bytes) -> ParsedMail:
    return parse(b"From: carla@example.org\r\n" + line + b"\r\nSubject: Field\r\n\r\nHi\r\n")


def test_an_ordinary_answer_is_read() -> None:
    mail = read("plain")
    assert mail.message_id == "<plain@example.org>"
    assert mail.from_ == Address("Customer, Carla", "Carla@example.org")
    assert [person.email for person in mail.to] == ["care@desk.example"]
    assert [person.email for person in mail.cc] == ["ben@example.org", "care@desk.example"]
    assert mail.reply_to == (Address("Carla at work", "carla@work.example"),)
    assert mail.thread_ids == ("<reply-1@desk.example>", "<first@example.org>")
    assert mail.date is not None
    assert mail.date.astimezone(UTC) == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert mail.reply_text == "Hello,\n\nmy parcel 4711 has not come.\n\nCarla"
    assert "It left yesterday." in mail.quoted_text
    assert [(claim.server, claim.results[2].result) for claim in mail.verdicts.claims] == [
        ("mx.desk.example", "fail")
    ]
    assert (mail.auto, mail.attachments, mail.html) == (None, (), None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("unknown_charset", "Grüße, 5 €"),
        ("latin_called_ascii", "Grüße"),
        ("japanese", "荷物が届きません。"),
        ("missing_boundary", "There is no boundary here."),
        ("only_words", "Just words, and no field at all.\n\nSecond paragraph."),
    ],
)
def test_words_are_read_whatever_the_mail_says_of_them(name: str, text: str) -> None:
    assert parse(mail_file(name), envelope_from="carla@example.org").text.strip() == text


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("japanese", "荷物が届きません"),
        ("raw_bytes_in_fields", "Grüße"),
        ("cut_encoded_words", "Preis: 5 € für Ä"),
        ("slips_in_the_fields", "Slips"),
    ],
)
def test_subjects_are_read_however_they_are_written(name: str, subject: str) -> None:
    assert read(name).subject == subject


def test_a_subject_cannot_smuggle_in_a_field() -> None:
    assert read("injected_subject").subject == "Hello Bcc: thief@example.org"


def test_raw_bytes_in_a_name_are_read() -> None:
    assert read("raw_bytes_in_fields").from_ == Address("Jürgen Müller", "juergen@example.org")


def test_a_message_id_with_brackets_and_blanks_is_one_word() -> None:
    assert read("bracketed_message_id").message_id == "<[onetwo@example.org]>"


def test_a_message_id_written_as_encoded_words_is_read() -> None:
    mail = with_field(b"In-Reply-To: =?utf-8?q?=3C4711=2E" + b"a" * 60 + b"=40desk=2Eexample=3E?=")
    assert mail.in_reply_to == (f"<4711.{'a' * 60}@desk.example>",)


def test_an_address_with_a_comment_and_a_blank_inside_is_read() -> None:
    found = addresses("John Doe <jdoe@machine(comment). example>")
    assert found == (Address("John Doe", "jdoe@machine.example"),)


def test_a_field_after_a_slip_still_counts() -> None:
    mail = read("slips_in_the_fields")
    assert (mail.from_, mail.message_id) == (Address("", "carla@example.org"), "<slips@example.org>")


def test_a_date_that_cannot_be_is_no_date() -> None:
    assert read("impossible_date").date is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no_sender", "The mail names no sender"),
        ("only_words", "The mail names no sender"),
        ("sender_without_address", "says it is from 'Carla Customer', which is no address"),
    ],
)
def test_a_mail_nobody_can_be_answered_for_says_why(name: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(name)


def test_the_sender_named_on_delivery_stands_in() -> None:
    assert parse(mail_file("no_sender"), envelope_from="carla@example.org").from_ == Address(
        "", "carla@example.org"
    )


def test_nothing_at_all_is_no_mail() -> None:
    with pytest.raises(Unreadable, match="The mail is empty"):
        parse(b" \r\n\r\n")


def test_pictures_and_files_of_an_html_mail_are_found() -> None:
    mail = read("html_with_pictures")
    picture, invoice = mail.attachments
    assert (picture.filename, picture.content_id, picture.inline) == ("cup.png", "cup@example.org", True)
    assert picture.data.startswith(PNG)
    assert (invoice.filename, invoice.content_type) == ("Rechnung für Carla.pdf", "application/pdf")
    assert invoice.data == b"%PDF-1.4\n%\xc3\xa4\xc3\xbc\xc3\xb6\xc3\x9f\n"
    assert mail.text.split() == ["The", "cup", "broke:"]


def test_an_invitation_is_kept_beside_the_words() -> None:
    mail = read("invitation")
    assert mail.text.strip() == "Shall we meet?"
    assert mail.html == "<p>Shall we <i>meet</i>?</p>"
    assert [(part.content_type, part.filename) for part in mail.attachments] == [
        ("text/calendar", "part.ics")
    ]


def test_an_enclosed_mail_is_kept_as_the_bytes_it_is() -> None:
    mail = read("enclosed_mail")
    (enclosed,) = mail.attachments
    assert enclosed.filename == "The old_mail.eml"
    whole = mail_file("enclosed_mail")
    assert enclosed.data == whole[whole.index(b"From: old@") : whole.index(b"\r\n--b--")]
    assert mail.text.strip() == "See below."


def test_words_before_and_after_a_picture_are_one_body() -> None:
    mail = read("words_around_a_picture")
    assert mail.text.split() == ["Before", "the", "picture.", "After", "the", "picture."]
    assert [part.filename for part in mail.attachments] == ["IMG 1.png"]


def test_soft_line_ends_are_taken_out() -> None:
    mail = read("flowed")
    assert mail.text.startswith("This line goes on and on.\n\n> A quote that goes on.")
    assert mail.signature.strip() == "--\nCarla"


def test_html_speaks_where_the_plain_form_is_empty() -> None:
    mail = read("empty_plain_form")
    assert mail.text.startswith("Here is the answer.")
    assert mail.reply_html is not None
    assert "Was it?" not in mail.reply_html
    assert "Was it?" in (mail.quoted_html or "")


def test_uuencoded_files_are_decoded() -> None:
    (notes,) = read("uuencoded").attachments
    assert (notes.filename, notes.data) == ("notes.txt", b"Some notes\nof mine\n")


def test_a_mail_that_is_only_a_file_has_it_as_attachment() -> None:
    mail = read("file_only")
    assert (mail.text, [part.filename for part in mail.attachments]) == ("", ["invoice.pdf"])


def test_a_filename_cannot_leave_its_folder_or_turn_round() -> None:
    (file,) = read("unsafe_filename").attachments
    assert "/" not in file.filename
    assert "\u202e" not in file.filename
    assert file.data == b"<script>alert(1)</script>"


@pytest.mark.parametrize("name", sorted(file.stem for file in MAILS.glob("*.eml")))
def test_line_ends_make_no_difference(name: str) -> None:
    raw = mail_file(name)
    lone = parse(raw.replace(b"\r\n", b"\n"), envelope_from="fallback@example.org")
    network = parse(raw, envelope_from="fallback@example.org")
    assert (lone.subject, lone.text, lone.auto) == (network.subject, network.text, network.auto)
    assert [part.filename for part in lone.attachments] == [part.filename for part in network.attachments]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("Ann <ann@example.org>", [("Ann", "ann@example.org")]),
        ("ann@example.org (Ann Other)", [("Ann Other", "ann@example.org")]),
        (
            '"Other, Ann" <ann@example.org>, ben@example.org',
            [("Other, Ann", "ann@example.org"), ("", "ben@example.org")],
        ),
        ("Team: ann@example.org, ben@example.org;", [("", "ann@example.org"), ("", "ben@example.org")]),
        ("Undisclosed recipients:;", []),
        ("Foo Bar", []),
        ("Foo Bar ann@example.org", [("Foo Bar", "ann@example.org")]),
        ('"carla@example.org" <evil@example.net>', [("carla@example.org", "evil@example.net")]),
        ("'Ann' <mailto:ann@example.org>", [("Ann", "ann@example.org")]),
        ("=?utf-8?q?J=C3=BCrgen?= <j@example.org>", [("Jürgen", "j@example.org")]),
        ("Pete(A nice \\) chap) <pete(his account)@silly.test>", [("Pete", "pete@silly.test")]),
        ("ann@EXAMPLE.org; ann@example.org", [("", "ann@example.org")]),
        ("<ann@example.org\r\nBcc: x@example.org>", []),
        ("a@b@c.example", []),
    ],
)
def test_addresses_are_read_as_people_meant_them(written: str, wanted: list[tuple[str, str]]) -> None:
    assert [(person.name, person.email) for person in addresses(written)] == wanted


@pytest.mark.parametrize(
    "line",
    [
        b"To: " + b"(" * 60_000,
        b"To: " + b", ".join(b"p%d@example.org" % number for number in range(5_000)),
        b"References: " + b" ".join(b"<%d@example.org>" % number for number in range(5_000)),
        b"Message-ID: <" + b"x" * 60_000 + b"@example.org>",
        b"Content-Type: multipart/mixed; boundary=" + b'"' * 5_000,
        b"Content-Type: text/plain; charset=\xff\xfe\x00utf-8",
        b"Content-Type: text/plain; charset=unicode_escape",
        b"Content-Disposition: attachment; filename*=x'y'%zz%; filename*0*=q",
        b"Content-Transfer-Encoding: base64; nonsense",
        b"X-Long: " + b"=?utf-8?q?a?= " * 20_000,
    ],
)
def test_no_field_stops_a_mail(line: bytes) -> None:
    mail = with_field(line)
    assert mail.from_ == Address("", "carla@example.org")
    assert len(mail.to) <= 1000
    assert len(mail.references) <= 100


def test_a_mail_nested_without_end_says_so() -> None:
    raw = b"From: carla@example.org\r\n"
    for depth in range(3_000):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth)
    with pytest.raises(Unreadable, match="nests its parts too deeply"):
        parse(raw + b"\r\nHi\r\n")


def test_a_mail_of_very_many_parts_says_so() -> None:
    part = b"--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n"
    raw = (
        b"From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + part * 3_000
        + b"--b--\r\n"
    )
    with pytest.raises(Unreadable, match="3000 parts"):
        parse(raw)


PIECES = st.sampled_from(
    rb"""From: a@example.org\r\n|From:|Subject: =?utf-8?b?|Content-Type: multipart/mixed; boundary=b\r\n
|Content-Type: text/html\r\n|Content-Type: message/rfc822\r\n|\r\n|\r\n--b\r\n|--b--|\xff\xfe
|Content-Transfer-Encoding: base64\r\n|Content-Transfer-Encoding: uuencode\r\n|begin 644 x\r\n#86%A\r\n
|<div><blockquote>On 3 May 2026 x@y.de wrote:<br>|> quoted\r\n|-- \r\n|=?x?q?=ff?=|(|"|<""".replace(
        b"\n", b""
    )
    .decode("unicode_escape")
    .encode("latin-1")
    .split(b"|")
)


@settings(deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=40)), max_size=30).map(b"".join))
def test_no_bytes_at_all_raise_anything_but_a_reason(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        mail = parse(raw, envelope_from="fallback@example.org")
        for text in (
            mail.subject,
            mail.text,
            mail.html or "",
            mail.reply_text,
            mail.quoted_text,
            mail.signature,
        ):
            assert "\x00" not in text
            text.encode("utf-8")
