"""Mails that are turned into messages together come out as if each had come alone."""

from email.message import EmailMessage

import pytest
from django.db import connection

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.inbox.models import Attachment, Conversation, Message, Participant
from goodword.mail import actions as mail
from goodword.mail import intake, registry
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Blob, RawMail

pytestmark = pytest.mark.django_db


def take_in(number, *, sender="carla@example.org", answers=None, to="care@desk.example", file=b"", text=""):
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = to
    letter["Subject"] = f"Mail {number}"
    letter["Message-ID"] = f"<{number}@example.org>"
    if answers is not None:
        letter["References"] = " ".join(f"<{one}@example.org>" for one in answers)
    letter.set_content(text or f"This is mail {number}.")
    if file:
        letter.add_attachment(file, maintype="image", subtype="png", filename="lamp.png")
    return mail.accept(raw=bytes(letter), source="test", nudged=False).mail


def said(number):
    return Message.objects.get(header_id=f"<{number}@example.org>")


def test_an_answer_to_a_mail_of_the_same_batch_joins_it(mailbox):
    take_in(1)
    take_in(2, answers=[1])
    take_in(3, sender="stranger@example.net", answers=[1, 2])
    take_in(4, answers=[1, 2])
    assert turn_waiting().messages == 4
    place = said(1).conversation
    assert {said(2).conversation, said(4).conversation} == {place}
    assert said(3).conversation.may_belong_to == place
    assert (place.message_count, place.revision, place.preview) == (3, 3, "This is mail 4.")
    assert [said(number).revision for number in (1, 2, 4)] == [1, 2, 3]
    kinds = Event.objects.filter(conversation_id=place.pk).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["conversation.opened", *["message.received"] * 3]


def test_everybody_is_one_customer_and_each_file_is_stored_once(mailbox):
    for number in range(5):
        take_in(number, sender=f"Carla <{'Carla' if number % 2 else 'carla'}@example.org>", file=b"the same")
    turn_waiting()
    assert Customer.objects.get().conversations.count() == 5
    assert Blob.objects.count() == 1
    assert Attachment.objects.count() == 5
    assert Participant.objects.filter(address="carla@example.org").count() == 5
    assert Event.objects.filter(kind="customer.added").count() == 1


def test_one_that_fails_takes_nothing_from_its_neighbours(mailbox, monkeypatch):
    def fails(raw, parsed):
        if parsed.message_id == "<2@example.org>":
            Customer.objects.create(name="Half")
            raise KeyError("surprise")

    handlers = [*registry.intake._entries, fails]
    monkeypatch.setattr(registry.intake, "_entries", handlers)
    for number in range(5):
        take_in(number, sender=f"customer{number}@example.org")
    turned = turn_waiting()
    assert (turned.messages, turned.need_person) == (4, 1)
    assert Message.objects.count() == Conversation.objects.count() == Customer.objects.count() == 4
    assert Event.objects.filter(kind="message.received").count() == 4
    assert RawMail.objects.get(state=RawMail.State.NEEDS_PERSON).identity.startswith("<2@")


def test_one_that_cannot_be_read_needs_a_person_and_the_others_go_on(mailbox):
    take_in(1)
    mail.accept(raw=b"Subject: from nobody\r\n\r\nHi\r\n", source="test", nudged=False)
    take_in(2)
    turned = turn_waiting()
    assert (turned.messages, turned.need_person) == (2, 1)
    assert RawMail.objects.get(state=RawMail.State.NEEDS_PERSON).attempts == 1


def test_more_than_one_batch_is_turned_in_the_order_it_came(mailbox, monkeypatch):
    monkeypatch.setattr(intake, "AT_ONCE", 4)
    for number in range(11):
        take_in(number, sender=f"customer{number}@example.org")
    assert turn_waiting(limit=10).messages == 10
    assert turn_waiting().messages == 1
    numbers = Message.objects.order_by("id").values_list("header_id", flat=True)
    assert list(numbers) == [f"<{number}@example.org>" for number in range(11)]


def test_a_batch_asks_the_database_far_less_than_each_mail_alone(mailbox):
    def questions(numbers):
        for number in numbers:
            take_in(number, sender=f"customer{number}@example.org")
        asked = []

        def note(execute, sql, params, many, context):
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            turn_waiting()
        return len(asked)

    few = questions(range(2))
    assert questions(range(10, 30)) <= few + 6
