"""However many workers there are, each mail is handled by one of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from goodword.mail import outbox, registry
from goodword.mail.actions import accept, queue
from goodword.mail.composing import Letter
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, OutgoingMail, RawMail
from goodword.mail.parsing import Address, ParsedMail

from .conftest import Outside, mail_file

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4


def at_once(work: Callable[[], object]) -> None:
    """Do the same work in several threads that begin together."""
    together = Barrier(WORKERS)

    def one(_number: int) -> None:
        together.wait(20)
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(one, range(WORKERS)))


def numbered(number: int) -> bytes:
    return mail_file("plain").replace(b"<plain@", b"<%d@" % number)


def test_each_mail_becomes_one_message(mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]) -> None:
    for number in range(24):
        accept(raw=numbered(number), source="smtp")
    at_once(turn_waiting)
    assert sorted(mail.pk for mail, _parsed in taken_in) == sorted(
        RawMail.objects.values_list("pk", flat=True)
    )
    assert not RawMail.objects.exclude(state=RawMail.State.DONE).exists()


def test_one_mail_delivered_by_all_at_once_is_one_row(mailbox: Mailbox) -> None:
    at_once(lambda: accept(raw=numbered(1), source="smtp"))
    assert RawMail.objects.count() == 1


def test_each_reply_leaves_once(outside: Outside) -> None:
    for number in range(12):
        queue(
            letter=Letter(
                message_id=f"<{number}@desk.example>",
                sender=Address("Olga", "care@desk.example"),
                to=[Address("", "carla@example.org")],
                subject="Re: Hello",
                text="Here.",
                at=timezone.now(),
            )
        )
    at_once(outbox.send_due)
    assert len(outside.received) == len(set(outside.received)) == 12
    assert not OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT).exists()


def test_a_deadlock_or_a_lost_connection_postpones_one_mail_only(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    def too_slow(mail: RawMail, parsed: ParsedMail) -> None:
        if parsed.message_id == "<1@example.org>":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 1")
                cursor.execute("SELECT pg_sleep(10)")

    registry.register_intake(too_slow)
    for number in (1, 2):
        accept(raw=numbered(number), source="smtp")
    turned = turn_waiting()
    assert (turned.messages, len(turned.postponed)) == (1, 1)
    assert RawMail.objects.get(state=RawMail.State.WAITING).attempts == 2
    turn_waiting()
    assert "The database refused this mail 3 times." in RawMail.objects.get(identity__startswith="<1@").reason
