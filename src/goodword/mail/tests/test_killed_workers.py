"""A worker may be killed at any point: no mail leaves twice by itself, and none is forgotten."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.waiting import until

from goodword.mail import outbox
from goodword.mail.actions import queue
from goodword.mail.composing import Letter
from goodword.mail.models import OutgoingMail
from goodword.mail.parsing import Address

from .conftest import Outside

pytestmark = pytest.mark.django_db(transaction=True)

State = OutgoingMail.State
PATIENCE = 60


@pytest.fixture
def worker(outside: Outside, settings: Any) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Starts a real worker that sends through the mail server outside; gives its process once it is ready."""
    started: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        environ = os.environ | {
            "GOODWORD_DATA": str(settings.DATA),
            "GOODWORD_EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
            "TEST_DATABASE": connection.settings_dict["NAME"],
        }
        script = Path(__file__).with_name("one_worker.py")
        process = subprocess.Popen(
            [sys.executable, str(script)], env=environ, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=PATIENCE)


def queued() -> OutgoingMail:
    return queue(
        letter=Letter(
            message_id="<reply-1@desk.example>",
            sender=Address("Olga", "care@desk.example"),
            to=[Address("", "carla@example.org")],
            subject="Re: Hello",
            text="Here.",
            at=timezone.now(),
        )
    )


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait(PATIENCE)


def lease_ends(mail: OutgoingMail) -> None:
    """Time passes until whoever had the mail has no right to it any more; then the house looks after it."""
    OutgoingMail.objects.filter(pk=mail.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    outbox.settle_lost()
    outbox.send_due()
    mail.refresh_from_db()


def state_of(mail: OutgoingMail) -> str:
    return OutgoingMail.objects.values_list("state", flat=True).get(pk=mail.pk)


def test_killed_before_the_mail_flowed_it_is_sent_again_once(
    outside: Outside, worker: Callable[[], "subprocess.Popen[str]"]
) -> None:
    taken = outside.handle_RCPT

    async def kills(server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        outside.handle_RCPT = taken  # type: ignore[method-assign]
        process.kill()
        return await taken(server, session, envelope, address, options)

    outside.handle_RCPT = kills  # type: ignore[method-assign]
    process = worker()
    mail = queued()
    process.wait(PATIENCE)
    mail.refresh_from_db()
    assert (mail.state, mail.handed_at, outside.received) == (State.SENDING, None, [])
    lease_ends(mail)
    assert (mail.state, mail.attempts, len(outside.received)) == (State.SENT, 2, 1)
    lease_ends(mail)
    assert len(outside.received) == 1
    assert b"Message-ID: <reply-1@desk.example>" in outside.received[0]


def test_killed_after_the_last_dot_without_an_answer_a_person_decides(
    outside: Outside, worker: Callable[[], "subprocess.Popen[str]"]
) -> None:
    taken = outside.handle_DATA

    async def kills(server: Any, session: Any, envelope: Any) -> str:
        answer = await taken(server, session, envelope)
        process.kill()
        return answer

    outside.handle_DATA = kills  # type: ignore[method-assign]
    process = worker()
    mail = queued()
    process.wait(PATIENCE)
    assert state_of(mail) == State.SENDING
    lease_ends(mail)
    assert (mail.state, len(outside.received)) == (State.UNKNOWN, 1)
    lease_ends(mail)
    assert (mail.state, len(outside.received)) == (State.UNKNOWN, 1)
    assert "may or may not have left" in mail.error


def test_killed_after_the_answer_and_before_the_commit_a_person_decides(
    outside: Outside, worker: Callable[[], "subprocess.Popen[str]"]
) -> None:
    given, taken = Event(), outside.handle_DATA
    locked = Event()

    async def answers(server: Any, session: Any, envelope: Any) -> str:
        answer = await taken(server, session, envelope)
        given.set()
        while not locked.is_set():
            await asyncio.sleep(0.01)
        return answer

    outside.handle_DATA = answers  # type: ignore[method-assign]
    process = worker()
    mail = queued()
    assert given.wait(PATIENCE)
    with transaction.atomic():
        OutgoingMail.objects.select_for_update().get(pk=mail.pk)
        locked.set()
        until(somebody_waits)  # the worker has its answer and wants to write it down
        kill(process)
    assert state_of(mail) == State.SENDING
    lease_ends(mail)
    assert (mail.state, len(outside.received)) == (State.UNKNOWN, 1)


def somebody_waits() -> bool:
    """Whether another connection waits for a lock that this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])
