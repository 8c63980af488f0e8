"""Replies never wait behind mail to many, and no domain's mail servers are pressed."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from goodword.mail import outbox, pacing
from goodword.mail.actions import queue
from goodword.mail.composing import Letter, Unsendable
from goodword.mail.models import DomainPace, OutgoingMail
from goodword.mail.outbox import BULK_SENDERS
from goodword.mail.parsing import Address
from goodword.ops.server import JOBS_AT_ONCE

from .conftest import Loop, Outside

pytestmark = pytest.mark.django_db

State, Lane = OutgoingMail.State, OutgoingMail.Lane


def letter(name: str, *to: str) -> Letter:
    return Letter(
        message_id=f"<{name.replace(' ', '-')}@desk.example>",
        sender=Address("Care", "care@desk.example"),
        to=[Address("", address) for address in to or ("carla@example.org",)],
        subject=name,
        text="Here.",
        at=timezone.now(),
    )


def notice(name: str, to: str = "carla@example.org") -> OutgoingMail:
    return queue(letter=letter(name, to), lane=Lane.BULK, topic="news")


def subjects(raws: list[bytes]) -> list[str]:
    lines = [line for raw in raws for line in raw.decode().splitlines() if line.startswith("Subject: ")]
    return [line.removeprefix("Subject: ") for line in lines]


def state(mail: OutgoingMail) -> str:
    return OutgoingMail.objects.values_list("state", flat=True).get(pk=mail.pk)


@contextmanager
def later(**by: float) -> Iterator[None]:
    with time_machine.travel(timezone.now() + timedelta(**by), tick=False):
        yield


@pytest.fixture
def pace(settings: Any) -> Callable[[int], None]:
    """Set how many notices a minute a domain gets."""

    def set_to(number: int) -> None:
        settings.CONFIG = replace(settings.CONFIG, mail_per_minute=number)

    return set_to


def test_a_reply_goes_before_notices_that_have_waited_longer(outside: Outside) -> None:
    for number in range(5):
        notice(f"notice {number}")
    queue(letter=letter("reply"))
    outbox.send_due()
    assert subjects(outside.received) == ["reply", *(f"notice {number}" for number in range(5))]


def test_a_reply_queued_while_notices_flow_is_the_next_to_leave(outside: Outside) -> None:
    for number in range(5):
        notice(f"notice {number}")
    replies = [letter("reply")]

    def comes_with_the_second() -> bool:
        if outside.received and replies:
            queue(letter=replies.pop())
        return False

    outbox.send_due(stop=comes_with_the_second)
    assert subjects(outside.received)[:3] == ["notice 0", "reply", "notice 1"]


@pytest.mark.django_db(transaction=True)
def test_notices_never_hold_all_senders(outside: Outside, loop: Loop) -> None:
    gate, taken = asyncio.Event(), outside.handle_DATA

    async def held(server: Any, session: Any, envelope: Any) -> str:
        if b"Subject: notice" in envelope.original_content:
            await gate.wait()
        return await taken(server, session, envelope)

    outside.handle_DATA = held  # type: ignore[method-assign]
    for number in range(10):
        notice(f"notice {number}", f"someone@{number}.example")
    with ThreadPoolExecutor(JOBS_AT_ONCE) as senders:
        busy = [senders.submit(one_sender) for _number in range(JOBS_AT_ONCE)]
        # Those that find no place among the senders of notices end, while the others are held.
        free = [one.result() for one in islice(as_completed(busy, timeout=60), JOBS_AT_ONCE - BULK_SENDERS)]
        assert free == [0] * (JOBS_AT_ONCE - BULK_SENDERS)
        queue(letter=letter("reply"))
        assert senders.submit(one_sender).result(60) == 1
        assert subjects(outside.received) == ["reply"]
        assert OutgoingMail.objects.filter(lane=Lane.BULK, state=State.SENDING).count() == BULK_SENDERS
        loop.loop.call_soon_threadsafe(gate.set)
    assert len(outside.received) == 11


def one_sender() -> int:
    """Send what is due in a thread of its own."""
    try:
        return outbox.send_due()
    finally:
        connection.close()


def test_many_mails_go_over_one_connection_and_each_is_settled_by_itself(outside: Outside) -> None:
    sessions: set[int] = set()
    taken = outside.handle_DATA

    async def counted(server: Any, session: Any, envelope: Any) -> str:
        sessions.add(session.peer[1])
        return (
            "554 5.7.1 spam"
            if b"Subject: notice 1" in envelope.original_content
            else await taken(server, session, envelope)
        )

    outside.handle_DATA = counted  # type: ignore[method-assign]
    mails = [notice(f"notice {number}") for number in range(3)]
    outbox.send_due()
    assert [state(mail) for mail in mails] == [State.SENT, State.FAILED, State.SENT]
    assert len(sessions) == 2  # the refusal ended one


def test_a_connection_that_the_server_had_enough_of_is_opened_anew(outside: Outside) -> None:
    async def one_each(server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if getattr(session, "had_one", False):
            return "421 4.7.0 one mail for each connection"
        session.had_one = True
        envelope.mail_from = address
        return "250 OK"

    outside.handle_MAIL = one_each  # type: ignore[attr-defined]
    mails = [notice(f"notice {number}") for number in range(3)]
    outbox.send_due()
    assert [state(mail) for mail in mails] == [State.SENT] * 3
    assert subjects(outside.received) == ["notice 0", "notice 1", "notice 2"]
    assert not DomainPace.objects.filter(refusals__gt=0).exists()


def test_a_domain_that_says_later_is_left_alone_and_others_go_on(outside: Outside) -> None:
    outside.refused = {"carla@busy.example": "451 4.7.1 come back later"}
    held = [notice("held 1", "carla@busy.example"), notice("held 2", "ben@busy.example")]
    free = [notice("free", "dora@example.org")]
    person = queue(
        letter=letter("reply", "ben@busy.example"), not_before=timezone.now() + timedelta(seconds=1)
    )
    outbox.send_due()
    assert [state(mail) for mail in held + free] == [State.QUEUED, State.QUEUED, State.SENT]
    with later(seconds=30):
        outbox.send_due()
        assert state(person) == State.QUEUED
    outside.refused = {}
    with later(minutes=2):
        outbox.send_due()
    assert {state(mail) for mail in [*held, person]} == {State.SENT}
    assert subjects(outside.received)[:2] == ["free", "reply"]
    assert DomainPace.objects.get(domain="busy.example").held_until is None


def test_a_domain_that_keeps_saying_later_is_left_alone_longer_each_time(outside: Outside) -> None:
    outside.refused = {"carla@busy.example": "421 4.3.2 too busy"}
    notice("notice", "carla@busy.example")
    holds = []
    now = timezone.now()
    for _time in range(4):
        with time_machine.travel(now, tick=False):
            OutgoingMail.objects.update(not_before=now)
            outbox.send_due()
        until = DomainPace.objects.get(domain="busy.example").held_until
        assert until is not None
        holds.append((until - now) // timedelta(minutes=1))
        now = until + timedelta(seconds=1)
    assert holds == [1, 2, 5, 10]


def test_one_full_mailbox_says_nothing_of_its_domain(outside: Outside) -> None:
    outside.refused = {"carla@example.org": "452 4.2.2 over quota"}
    full, other = notice("full", "carla@example.org"), notice("other", "ben@example.org")
    outbox.send_due()
    assert [state(mail) for mail in (full, other)] == [State.QUEUED, State.SENT]
    full.refresh_from_db()
    assert full.error.startswith("carla@example.org did not get it. Their mailbox is full.")


def test_notices_keep_to_the_pace_of_a_domain_and_replies_do_not(
    outside: Outside, pace: Callable[[int], None]
) -> None:
    pace(60)
    for number in range(20):
        notice(f"notice {number}")
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False) as clock:
        outbox.send_due()
        first = len(outside.received)
        assert 6 <= first <= 8  # what a domain may take at once: a tenth of a minute
        opens = outbox.bulk_opens_at()
        assert opens is not None
        queue(letter=letter("reply"))
        assert outbox.send_due() == 1
        clock.move_to(opens + timedelta(milliseconds=1))
        assert outbox.send_due() == 1
        clock.shift(timedelta(minutes=1))
        outbox.send_due()
    assert len(outside.received) == first + 1 + 1 + 7
    assert subjects(outside.received)[first] == "reply"


def test_other_domains_do_not_wait_for_one_that_is_full(
    outside: Outside, pace: Callable[[int], None]
) -> None:
    pace(10)
    for number in range(10):
        notice(f"notice {number}")
    other = notice("other", "someone@elsewhere.example")
    outbox.send_due()
    assert state(other) == State.SENT
    assert OutgoingMail.objects.filter(state=State.QUEUED).exists()


def test_a_domain_that_is_left_alone_does_not_hide_when_another_opens(
    outside: Outside, pace: Callable[[int], None]
) -> None:
    pace(60)
    for number in range(20):
        notice(f"notice {number}")
    with time_machine.travel(timezone.now() + timedelta(seconds=1), tick=False):
        outbox.send_due()
        opens = outbox.bulk_opens_at()
        pacing.count("busy.example")
        held = pacing.hold("busy.example", "It is busy.")
        DomainPace.objects.filter(domain="busy.example").update(next_at=timezone.now() - timedelta(hours=1))
        assert opens is not None
        assert opens < held
        assert outbox.bulk_opens_at() == opens


def test_while_the_way_out_is_closed_notices_are_not_even_tried(outside: Outside, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    mails = [notice(f"notice {number}") for number in range(3)]
    assert outbox.send_due() == 1
    assert outbox.send_due() == 0
    assert sum(mail.attempts for mail in OutgoingMail.objects.all()) == 1
    reply = queue(letter=letter("reply"))
    settings.EMAIL_PORT = port
    outbox.send_due()
    assert state(reply) == State.SENT  # a person's mail is tried, and finds the way open again
    with later(minutes=2):
        outbox.send_due()
    assert {state(mail) for mail in mails} == {State.SENT}


def test_a_mail_waits_for_all_its_recipients_and_leaves_once(outside: Outside) -> None:
    outside.refused = {"ben@example.org": "450 4.2.0 greylisted"}
    mail = queue(letter=letter("reply", "carla@example.org", "ben@example.org"))
    outbox.send_due()
    assert (state(mail), outside.received) == (State.QUEUED, [])
    outside.refused = {}
    with later(minutes=2):
        outbox.send_due()
    assert (state(mail), len(outside.received)) == (State.SENT, 1)
    assert sorted(outside.recipients) == ["ben@example.org", "carla@example.org"]


def test_a_recipient_who_never_answers_does_not_keep_the_mail_from_the_others(outside: Outside) -> None:
    outside.refused = {"ben@example.org": "450 4.2.0 come again"}
    mail = queue(letter=letter("reply", "carla@example.org", "ben@example.org"))
    OutgoingMail.objects.update(attempts=3)
    outbox.send_due()
    mail.refresh_from_db()
    assert (mail.state, outside.recipients) == (State.SENT, ["carla@example.org"])
    assert mail.error.startswith("ben@example.org did not get it.")


def test_a_notice_is_for_one_address(outside: Outside) -> None:
    with pytest.raises(Unsendable, match="A notice goes to one address, and this one to 2"):
        queue(letter=letter("notice", "a@example.org", "b@example.org"), lane=Lane.BULK, topic="news")


def test_a_domain_is_read_from_the_address() -> None:
    assert pacing.domain_of("Carla@Example.ORG") == "example.org"
