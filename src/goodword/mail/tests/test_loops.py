"""Two machines that answer by themselves stop at once, also when both are ours."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from goodword.mail import outbox, registry
from goodword.mail.actions import queue
from goodword.mail.addressing import automatic_answer, message_id
from goodword.mail.composing import Letter
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, OutgoingMail, RawMail
from goodword.mail.parsing import Address, ParsedMail

pytestmark = pytest.mark.django_db(transaction=True)

Lane = OutgoingMail.Lane
ROUNDS = 8


def letter(sender: str, to: Address, **more: Any) -> Letter:
    return Letter(
        message_id=message_id(domain=sender.partition("@")[2]),
        sender=Address("", sender),
        to=[to],
        subject="We have your mail",
        text="You hear from us soon.",
        at=timezone.now(),
        **more,
    )


@pytest.fixture
def houses(listening: Callable[..., int], settings: Any) -> Iterator[list[ParsedMail]]:
    """Two houses that send to each other by SMTP; both answer every mail by a machine, where they may."""
    for address in ("care@one.example", "help@two.example"):
        Mailbox.objects.create(address=address, name="")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", listening()
    seen: list[ParsedMail] = []

    def answers(raw: RawMail, parsed: ParsedMail) -> None:
        seen.append(parsed)
        own = raw.mailbox.address
        to = automatic_answer(parsed, house=[own])
        if to is not None:
            queue(letter=letter(own, to, automatic=True), purpose=OutgoingMail.Purpose.NOTICE)

    others, registry.intake._entries = registry.intake._entries, []
    registry.register_intake(answers)
    yield seen
    registry.intake._entries = others


def go_on() -> int:
    """Let both houses work until nothing moves any more; gives the number of rounds it took."""
    for number in range(ROUNDS):
        if not outbox.send_due() + turn_waiting().messages:
            return number
    return ROUNDS


def test_two_houses_that_answer_each_other_stop_after_two_mails(houses: list[ParsedMail]) -> None:
    queue(letter=letter("care@one.example", Address("", "help@two.example")))  # a person's
    assert go_on() < ROUNDS
    assert [mail.from_.email for mail in houses if mail.from_] == ["care@one.example", "help@two.example"]
    assert OutgoingMail.objects.count() == 2


def test_a_machine_that_begins_gets_no_answer_at_all(houses: list[ParsedMail]) -> None:
    queue(letter=letter("care@one.example", Address("", "help@two.example"), automatic=True))
    assert go_on() < ROUNDS
    assert OutgoingMail.objects.count() == len(houses) == 1


def test_a_notice_from_house_to_house_ends_there(houses: list[ParsedMail]) -> None:
    queue(letter=letter("care@one.example", Address("", "help@two.example")), lane=Lane.BULK, topic="news")
    assert go_on() < ROUNDS
    assert OutgoingMail.objects.count() == len(houses) == 1
