"""Somebody stays while mail comes in, and no mail is left behind by whoever leaves."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.waiting import until

from goodword.mail import attending
from goodword.mail.actions import accept
from goodword.mail.jobs import call_for_mail_left_alone
from goodword.mail.models import Mailbox, RawMail
from goodword.mail.parsing import ParsedMail

from .conftest import mail_file

pytestmark = pytest.mark.django_db(transaction=True)

Handed = list[tuple[RawMail, ParsedMail]]


@pytest.fixture(autouse=True)
def nobody_called(transactional_db: None) -> None:
    """No job waits that another test left."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'mail.turn_into_messages'")


def take_in(number: int) -> None:
    accept(raw=mail_file("plain").replace(b"<plain@", b"<%d@" % number), source="smtp")


def jobs() -> int:
    return ProcrastinateJob.objects.filter(task_name="mail.turn_into_messages").count()


def never() -> bool:
    return False


def unexpected() -> None:
    raise AssertionError("Nobody is needed.")


def beside(work: Callable[[], object]) -> threading.Thread:
    """Do this in another thread, with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_who_stays_turns_the_mail_that_comes_and_nobody_is_called(
    mailbox: Mailbox, taken_in: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attending, "STAY_SECONDS", 30)
    leave = threading.Event()
    staying = beside(lambda: attending.attend(stop=leave.is_set, call=unexpected))
    until(attending.attended)
    for number in range(3):
        take_in(number)
        until(lambda number=number: len(taken_in) == number + 1)  # type: ignore[misc]
    assert jobs() == 0
    leave.set()
    staying.join(30)
    assert not attending.attended()
    take_in(3)
    assert (jobs(), len(taken_in)) == (1, 3)


def test_who_stays_goes_when_it_is_quiet(mailbox: Mailbox, taken_in: Handed) -> None:
    take_in(1)
    attending.attend(stop=never, call=unexpected)
    assert len(taken_in) == 1
    assert not attending.attended()


def test_whoever_comes_second_helps_and_goes(
    mailbox: Mailbox, taken_in: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attending, "STAY_SECONDS", 30)
    leave = threading.Event()
    staying = beside(lambda: attending.attend(stop=leave.is_set, call=unexpected))
    until(attending.attended)
    attending.attend(stop=never, call=unexpected)
    assert attending.attended()
    leave.set()
    staying.join(30)


def test_a_mail_that_comes_while_one_leaves_is_not_left_behind(
    mailbox: Mailbox, taken_in: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after the last look, when whoever looks for somebody still finds him there."""
    monkeypatch.setattr(attending, "_stay", lambda stop, call: seen.append(len(seen)) or late())
    seen: list[int] = []

    def late() -> None:
        if len(seen) == 1:
            beside(lambda: take_in(1)).join(30)
        else:
            attending.intake.turn_waiting()

    attending.attend(stop=never, call=unexpected)
    assert (jobs(), len(taken_in)) == (0, 1)


def test_who_has_to_go_calls_another_for_what_is_left(mailbox: Mailbox, taken_in: Handed) -> None:
    called: list[bool] = []
    take_in(1)
    attending.attend(stop=lambda: True, call=lambda: called.append(True))
    assert (called, taken_in) == ([True], [])


def test_where_too_much_waits_another_one_is_called(
    mailbox: Mailbox, taken_in: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attending, "MANY", 3)
    called: list[bool] = []
    for number in range(5):
        take_in(number)
    attending.attend(stop=never, call=lambda: called.append(True))
    assert (called, len(taken_in)) == ([True], 5)


def test_another_one_is_called_also_for_what_comes_in_the_meantime(
    mailbox: Mailbox, taken_in: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attending, "MANY", 3)
    monkeypatch.setattr(attending, "ROUND", 1)
    called: list[int] = []
    coming = list(range(1, 6))

    def more_comes() -> bool:
        while taken_in and coming:
            take_in(coming.pop())
        return False

    take_in(0)
    attending.attend(stop=more_comes, call=lambda: called.append(len(taken_in)))
    assert (called, len(taken_in)) == ([1], 6)


def test_mail_whose_stayer_was_killed_is_noticed_by_the_other_workers(
    mailbox: Mailbox, taken_in: Handed
) -> None:
    killed = threading.Event()
    backends: list[int] = []

    def stay_until_killed() -> None:
        with attending._place():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backends.extend(cursor.fetchone())
            killed.wait(30)

    staying = beside(stay_until_killed)
    until(lambda: backends)
    take_in(1)
    call_for_mail_left_alone()
    assert jobs() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", backends)
    killed.set()
    staying.join(30)
    until(attending.left_alone, patience=10)
    call_for_mail_left_alone()
    call_for_mail_left_alone()
    assert jobs() == 1


def test_mail_that_waits_for_its_next_try_calls_nobody_sooner(mailbox: Mailbox, taken_in: Handed) -> None:
    take_in(1)
    RawMail.objects.update(attempts=1)
    assert not attending.left_alone()
