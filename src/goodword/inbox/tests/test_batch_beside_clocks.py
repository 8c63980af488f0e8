"""Mails taken in together while a worker looks at all clocks: neither stops the other."""

from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

import pytest
from django.db import connection, transaction
from tests.waiting import waiting_for_locks

from goodword.inbox.clocks.following import refit
from goodword.inbox.models import Conversation, Message
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting

pytestmark = pytest.mark.django_db(transaction=True)


def take_in(number, *, answers=()):
    letter = EmailMessage()
    letter["From"] = f"customer{number % 10}@example.org"
    letter["To"] = "care@desk.example"
    letter["Subject"] = f"Mail {number}"
    letter["Message-ID"] = f"<{number}@example.org>"
    if answers:
        letter["References"] = " ".join(f"<{one}@example.org>" for one in answers)
    letter.set_content(f"This is mail {number}.")
    mail.accept(raw=bytes(letter), source="test", nudged=False)


def begun(pool, verb, place):
    """The verb, begun and waiting as the `place`th in line."""

    def run():
        try:
            return verb()
        finally:
            connection.close()

    started = pool.submit(run)
    while waiting_for_locks() < place and not started.done():
        pass
    return started


def test_a_batch_and_the_clocks_take_conversations_in_one_order(mailbox, caplog):
    take_in(1)
    take_in(2)
    turn_waiting()
    first, second = Conversation.objects.order_by("pk")
    take_in(12, answers=[2])
    take_in(11, answers=[1])

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Conversation.objects.select_for_update().get(pk=first.pk)
            looked = begun(pool, refit, 1)
            turned = begun(pool, turn_waiting, 2)
        assert looked.result() == 0
        assert turned.result().messages == 2

    for place in (first, second):
        assert Message.objects.filter(conversation=place).count() == 2
    assert "tried alone" not in caplog.text
