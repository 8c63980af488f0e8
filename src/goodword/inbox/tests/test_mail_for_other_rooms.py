"""Mail to signed addresses that are no conversation's goes to the room that reads them."""

from email.message import EmailMessage

import pytest

from goodword.customers.models import Customer
from goodword.inbox import registry
from goodword.inbox.actions.sending import reply_key
from goodword.inbox.models import Message
from goodword.mail import actions as mail
from goodword.mail.addressing import read_signed, signed_address
from goodword.mail.intake import turn_waiting
from goodword.mail.models import RawMail
from goodword.mail.parsing import Unreadable

pytestmark = pytest.mark.django_db

TAKEN = "It answers a question of a colleague."


@pytest.fixture
def questions(monkeypatch):
    """A room that reads addresses of the kind q; the numbers that it was given."""
    given = []

    def handler(address, raw, parsed):
        number = read_signed(address, kind="q", key=reply_key())
        if number is None:
            return None
        if number == 13:
            raise Unreadable("The question is gone.")
        given.append((number, raw.pk, parsed.text.strip()))
        return TAKEN

    monkeypatch.setattr(registry.addressed, "_entries", [lambda address, raw, parsed: None, handler])
    return given


def accept(to, *, sender="olga@desk.example", **how):
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = to
    letter["Message-ID"] = f"<answer-of-{sender}>"
    letter.set_content("Tomorrow at ten.")
    return mail.accept(raw=bytes(letter), source="test", nudged=False, **how)


def receive(to, **how):
    accepted = accept(to, **how)
    turn_waiting()
    return RawMail.objects.get(pk=accepted.mail.pk)


def written_to(kind, number):
    return signed_address(kind, number, mailbox="care@desk.example", key=reply_key())


@pytest.mark.parametrize("way", ["field", "envelope"])
def test_the_room_takes_its_mail_and_says_why_there_is_no_message(mailbox, questions, way):
    signed = written_to("q", 7)
    if way == "field":
        row = receive(f"Care <{signed.upper()}>")
    else:
        row = receive("care@desk.example", envelope_to=[signed])
    assert (row.state, row.reason) == (RawMail.State.DONE, TAKEN)
    assert questions == [(7, row.pk, "Tomorrow at ten.")]
    assert not Message.objects.exists()


@pytest.mark.parametrize("to", ["care@desk.example", "forged", "other"])
def test_what_no_room_takes_becomes_a_message(mailbox, questions, to):
    signed = written_to("q", 7)
    address = {"forged": signed.replace("+q7.", "+q8."), "other": written_to("z", 7)}.get(to, to)
    row = receive(address)
    assert questions == []
    assert Message.objects.get().raw_mail == row


def test_what_the_room_cannot_read_needs_a_person(mailbox, questions):
    row = receive(written_to("q", 13))
    assert (row.state, row.reason) == (RawMail.State.NEEDS_PERSON, "The question is gone.")
    assert not Message.objects.exists()


def test_who_answers_another_room_in_a_batch_of_newcomers_is_no_customer(mailbox, questions):
    for number in range(3):
        accept("care@desk.example", sender=f"new{number}@example.org")
    accept(written_to("q", 7), sender="workshop@maker.example")
    turn_waiting()
    assert [number for number, _raw, _text in questions] == [7]
    assert Message.objects.count() == Customer.objects.count() == 3
