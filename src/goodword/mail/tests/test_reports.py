"""A report of mail that did not arrive, and a note of absence, are known in whatever way they are written."""

import tomllib
from pathlib import Path

import pytest

from goodword.mail.parsing import AutoKind, parse

BOUNCES = tomllib.loads((Path(__file__).parent / "data" / "bounces.toml").read_text(encoding="utf-8"))[
    "bounce"
]
ANSWER = (
    "From: Carla <carla@example.org>\nIn-Reply-To: <reply-1@desk.example>\nSubject: {subject}\n\n{text}\n"
)


@pytest.mark.parametrize("form", BOUNCES, ids=[form["id"] for form in BOUNCES])
def test_a_report_says_which_mail_did_not_reach_whom(form: dict[str, str]) -> None:
    mail = parse(form["mail"].lstrip("\n").replace("\n", "\r\n").encode())
    assert mail.auto is AutoKind.BOUNCE
    assert mail.bounced is not None
    assert mail.bounced.addresses == ("lost@customer.example",)
    assert mail.bounced.original_message_id == "<reply-1@desk.example>"


def test_a_report_that_names_no_mail_may_hold_our_signed_address() -> None:
    address = "care+c2k.abcdefgh234567ab@desk.example"
    raw = "Return-Path: <>\nFrom: mailer-daemon@x.example\nSubject: failure notice\n\n<a@b.example>:\nno\n\n"
    mail = parse(f"{raw}Reply-To: {address}\n".encode())
    assert mail.bounced is not None
    assert (mail.bounced.original_message_id, mail.bounced.reply_addresses) == (None, (address,))


@pytest.mark.parametrize(
    "subject",
    [
        "Automatische Antwort: Ihre Lampe",
        "Réponse automatique : Une lampe",
        "Respuesta automática: Una lámpara",
        "Automatisch antwoord: Een lamp",
        "Autosvar: En lampe",
        "Automatická odpověď: Lampa",
        "Automatikus válasz: Lámpa",
        "Otomatik yanıt: Lamba",
        "Αυτόματη απάντηση: Λάμπα",
        "Автоответ: Лампа",
        "自动答复: 台灯",
        "不在通知: ランプ",
        "자동 회신: 램프",
        "Trả lời tự động: Đèn",
        "מענה אוטומטי: מנורה",
    ],
)
def test_an_absence_is_told_by_its_subject(subject: str) -> None:
    assert parse(ANSWER.format(subject=subject, text="x").encode()).auto is AutoKind.AUTO_REPLY


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until Monday.",
        "Hello,\n\nI am currently out of the office and back on 1 December.",
        "Guten Tag,\n\nich bin derzeit nicht im Haus.\n\nCarla",
        "Bonjour,\n\nje suis actuellement en déplacement.",
        "Buongiorno,\n\nsono in ferie fino al 3 dicembre.",
        "Jestem na urlopie do piątku.",
    ],
)
def test_an_absence_without_any_sign_is_told_by_how_it_begins(text: str) -> None:
    assert parse(ANSWER.format(subject="Re: A lamp", text=text).encode()).auto is AutoKind.AUTO_REPLY


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until Monday. Can you send it then?",
        "Thank you. I am not sure that this is right.",
        "I am out of the office, so " + "please send the lamp to my neighbour. " * 25,
        "The lamp is broken. I am on vacation from Monday.",
    ],
)
def test_what_a_person_wrote_is_no_absence(text: str) -> None:
    assert parse(ANSWER.format(subject="Re: A lamp", text=text).encode()).auto is None


def test_a_first_mail_is_no_absence() -> None:
    raw = b"From: carla@example.org\nSubject: Delivery\n\nI am out of the office until Monday.\n"
    assert parse(raw).auto is None
