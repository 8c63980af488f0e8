"""Outgoing mail leaves once, its state is the truth, and what is in doubt is left to a person."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from goodword.mail import jobs, outbox, registry, sending
from goodword.mail.actions import accept, queue, send_again, withdraw
from goodword.mail.composing import Letter
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, OutgoingMail, RawMail
from goodword.mail.parsing import Address, ParsedMail

from .conftest import Outside

pytestmark = pytest.mark.django_db

State = OutgoingMail.State


def letter(**more: object) -> Letter:
    values: dict[str, object] = {
        "message_id": "<reply-1@desk.example>",
        "sender": Address("Olga Owner", "care@desk.example"),
        "to": [Address("Carla Customer", "carla@example.org")],
        "subject": "Re: Hello",
        "text": "Dear Carla\n\nIt is on its way.\n",
        "html": "<p>Dear Carla</p><p>It is on its way.</p>",
        "at": timezone.now(),
    }
    return Letter(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
def told() -> Iterator[list[str]]:
    """The states a room above is told of, in order."""
    states: list[str] = []
    others, registry.outgoing_changed._entries = registry.outgoing_changed._entries, []
    registry.register_outgoing_listener(lambda mail: states.append(str(mail.state)))
    yield states
    registry.outgoing_changed._entries = others


def test_a_queued_mail_leaves_and_everybody_is_told(outside: Outside, told: list[str]) -> None:
    queue(letter=letter())
    assert outbox.send_due() == 1
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.error, mail.attempts) == (State.SENT, "", 1)
    assert told == ["sending", "sent"]
    arrived = message_from_bytes(outside.received[0], policy=policy.default)
    assert arrived["Message-ID"] == "<reply-1@desk.example>"
    assert outside.received[0] == bytes(mail.raw)
    assert (outside.senders, outside.recipients) == (["care@desk.example"], ["carla@example.org"])


def test_everybody_who_is_addressed_gets_it(outside: Outside) -> None:
    queue(letter=letter(cc=[Address("", "ben@example.org"), Address("", "CARLA@example.org")]))
    outbox.send_due()
    assert sorted(outside.recipients) == ["CARLA@example.org", "ben@example.org"]


def test_a_mail_waits_for_its_moment_and_can_be_taken_back(outside: Outside, told: list[str]) -> None:
    mail = queue(letter=letter(), not_before=timezone.now() + timedelta(seconds=10))
    assert outbox.send_due() == 0
    assert withdraw(mail=mail)
    with time_machine.travel(timezone.now() + timedelta(seconds=11), tick=False):
        assert outbox.send_due() == 0
    assert (outside.received, told) == ([], ["withdrawn"])


def test_a_mail_that_left_cannot_be_taken_back(outside: Outside) -> None:
    mail = queue(letter=letter())
    outbox.send_due()
    assert not withdraw(mail=mail)
    assert OutgoingMail.objects.get().state == State.SENT


def test_a_mail_for_later_has_a_job_at_that_moment(outside: Outside) -> None:
    due = timezone.now() + timedelta(seconds=10)
    queue(letter=letter(), not_before=due)
    queue(letter=letter(message_id="<reply-2@desk.example>"), not_before=due)
    job = ProcrastinateJob.objects.get(task_name="mail.send_due")
    assert due <= job.scheduled_at <= due + timedelta(seconds=1)


def test_it_is_sent_once_however_many_workers_there_are(outside: Outside) -> None:
    queue(letter=letter())
    assert [outbox.send_due(), outbox.send_due()] == [1, 0]
    assert len(outside.received) == 1


def test_a_server_that_is_busy_is_tried_again_later(outside: Outside, told: list[str]) -> None:
    outside.answer = "451 come back later"
    queue(letter=letter())
    outbox.send_due()
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.error) == (
        State.QUEUED,
        "Their mail server had a passing trouble. The mail server said: 451 come back later.",
    )
    assert outbox.send_due() == 0
    outside.answer = "250 OK"
    with time_machine.travel(mail.not_before + timedelta(seconds=1), tick=False):
        outbox.send_due()
    assert (OutgoingMail.objects.get().state, OutgoingMail.objects.get().error) == (State.SENT, "")
    assert told == ["sending", "queued", "sending", "sent"]


def test_a_server_that_is_busy_for_ever_is_given_up(outside: Outside) -> None:
    outside.answer = "451 come back later"
    queue(letter=letter())
    OutgoingMail.objects.update(attempts=len(outbox.DELAYS))
    outbox.send_due()
    mail = OutgoingMail.objects.get()
    assert mail.state == State.FAILED
    assert "tried 7 times and gave up" in mail.error


def test_a_refusal_is_final_and_said_in_a_sentence(outside: Outside) -> None:
    outside.refused = {"carla@example.org": "550 no such user"}
    queue(letter=letter())
    outbox.send_due()
    mail = OutgoingMail.objects.get()
    assert mail.state == State.FAILED
    assert mail.error == (
        "carla@example.org did not get it. Their mail server refused it, most often because there is no such "
        "address. The mail server said: 550 no such user."
    )


def test_one_refused_recipient_among_others_is_named(outside: Outside) -> None:
    outside.refused = {"ben@example.org": "550 no such user"}
    queue(letter=letter(cc=[Address("", "ben@example.org")]))
    outbox.send_due()
    mail = OutgoingMail.objects.get()
    assert (mail.state, outside.recipients) == (State.SENT, ["carla@example.org"])
    assert mail.error.startswith("ben@example.org did not get it. ")
    assert mail.error.endswith(" The mail server said: 550 no such user.")


def test_a_server_that_cannot_be_reached_is_tried_again(outside: Outside, settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_PORT = 1
    queue(letter=letter())
    outbox.send_due()
    mail = OutgoingMail.objects.get()
    assert mail.state == State.QUEUED
    assert mail.error.startswith("The mail server could not be reached:")


def test_a_connection_that_breaks_while_the_mail_flows_leaves_it_unknown(outside: Outside) -> None:
    outside.hangs_up = True
    queue(letter=letter())
    outbox.send_due()
    mail = OutgoingMail.objects.get()
    assert mail.state == State.UNKNOWN
    assert "may or may not have left" in mail.error
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert (outbox.settle_lost(), outbox.send_due()) == (0, 0)


def vanish(*, handed_over: bool) -> None:
    """Have a worker claim the mail and be gone for good."""
    claimed = outbox._claim(OutgoingMail.Lane.PERSON)
    assert claimed is not None
    if handed_over:
        assert outbox._hand_over(claimed)


def test_a_worker_that_vanished_while_the_mail_flowed_leaves_it_unknown(
    outside: Outside, told: list[str]
) -> None:
    queue(letter=letter())
    vanish(handed_over=True)
    assert outbox.settle_lost() == 0
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1), tick=False):
        assert (outbox.settle_lost(), outbox.send_due()) == (1, 0)
    assert (OutgoingMail.objects.get().state, told) == (State.UNKNOWN, ["sending", "unknown"])


def test_a_worker_that_vanished_before_leaves_it_to_the_next(outside: Outside, told: list[str]) -> None:
    queue(letter=letter())
    vanish(handed_over=False)
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1), tick=False):
        assert (outbox.settle_lost(), outbox.send_due()) == (1, 1)
    assert (OutgoingMail.objects.get().state, len(outside.received)) == (State.SENT, 1)


def test_a_worker_that_slept_through_its_lease_sends_nothing(outside: Outside) -> None:
    queue(letter=letter())
    slept = outbox._claim(OutgoingMail.Lane.PERSON)
    assert slept is not None
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1), tick=False):
        outbox.settle_lost()
        outbox.send_due()
        with sending.Sender() as sender:
            outbox._send(slept, sender)
    assert (len(outside.received), OutgoingMail.objects.get().state) == (1, State.SENT)


def test_a_database_that_fails_right_before_the_mail_flows_makes_it_wait(outside: Outside) -> None:
    def fail(_signed: bool) -> bool:
        raise OperationalError("deadlock detected")

    mail = queue(letter=letter())
    with sending.Sender() as sender:
        result = sender.deliver(mail, hand_over=fail)
    assert result.outcome is sending.Outcome.LATER
    assert not outside.received


def test_a_lease_is_longer_than_everything_that_may_take_time() -> None:
    one_try = timedelta(seconds=sending.SEND_SECONDS)
    assert 2 * one_try + timedelta(seconds=60) < outbox.LEASE  # a second try, where a connection had ended


def test_a_person_may_send_again_what_failed(outside: Outside) -> None:
    outside.refused = {"carla@example.org": "550 no such user"}
    mail = queue(letter=letter())
    outbox.send_due()
    outside.refused = {}
    assert send_again(mail=mail)
    outbox.send_due()
    assert OutgoingMail.objects.get().state == State.SENT
    assert not send_again(mail=mail)


def test_a_listener_that_fails_does_not_undo_what_happened(outside: Outside, told: list[str]) -> None:
    def fails(mail: OutgoingMail) -> None:
        raise RuntimeError("surprise")

    registry.register_outgoing_listener(fails)
    queue(letter=letter())
    outbox.send_due()
    assert OutgoingMail.objects.get().state == State.SENT


def test_a_listener_that_failed_is_told_again_and_the_others_are_not(
    outside: Outside, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    troubled, heard = [True], []

    def fails_at_first(mail: OutgoingMail) -> None:
        if troubled:
            raise RuntimeError("surprise")
        heard.append(str(mail.state))

    registry.register_outgoing_listener(fails_at_first)
    queue(letter=letter())
    outbox.send_due()
    assert "RuntimeError: surprise" in caplog.text
    again = put_off()[-1]
    with pytest.raises(RuntimeError):
        jobs.tell_again(**again)
    troubled.clear()
    jobs.tell_again(**again)
    assert (heard, told) == (["sent"], ["sending", "sent"])


def put_off() -> list[dict[str, object]]:
    """What the jobs that tell a room again will be given, oldest first."""
    jobs_put_off = ProcrastinateJob.objects.filter(task_name="mail.tell_again", status="todo")
    return [job.args for job in jobs_put_off.order_by("id")]


def test_what_a_listener_heard_meanwhile_it_does_not_hear_again(outside: Outside, told: list[str]) -> None:
    heard: list[str] = []

    def misses_the_first(mail: OutgoingMail) -> None:
        heard.append(str(mail.state))
        if len(heard) == 1:
            raise RuntimeError("surprise")

    registry.register_outgoing_listener(misses_the_first)
    queue(letter=letter())
    vanish(handed_over=False)
    with time_machine.travel(timezone.now() + outbox.LEASE + timedelta(seconds=1), tick=False):
        outbox.settle_lost()
        vanish(handed_over=False)
        (missed,) = put_off()
        jobs.tell_again(**missed)
    # The mail is being sent for the second time, which the listener heard; the first time is over.
    assert heard == ["sending", "queued", "sending"]


def test_without_a_way_out_mail_is_kept_and_counts_as_sent(settings) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_BACKEND = "goodword.mail.backends.KeptMailBackend"
    queue(letter=letter())
    outbox.send_due()
    assert OutgoingMail.objects.get().state == State.SENT


def test_django_backends_get_the_parts_of_the_mail(mailoutbox) -> None:  # type: ignore[no-untyped-def]
    queue(letter=letter(reply_to=Address("", "care+c1.abcdefghabcdefgh@desk.example")))
    outbox.send_due()
    sent = mailoutbox[0]
    assert (sent.subject, sent.to) == ("Re: Hello", ["carla@example.org"])
    assert "It is on its way." in sent.body
    assert "<p>Dear Carla</p>" in sent.alternatives[0][0]
    assert sent.extra_headers["Message-ID"] == "<reply-1@desk.example>"


BOUNCE = """From: MAILER-DAEMON@outside.example
To: care@desk.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; outside.example

Final-Recipient: rfc822; carla@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: text/rfc822-headers

Message-ID: <reply-1@desk.example>
--b--
"""


def test_a_bounce_marks_the_reply_as_failed(
    mailbox: Mailbox, outside: Outside, taken_in: list[tuple[RawMail, ParsedMail]], told: list[str]
) -> None:
    queue(letter=letter())
    outbox.send_due()
    accept(raw=BOUNCE.encode(), source="smtp", envelope_from="", envelope_to=outside.senders)
    turn_waiting()
    mail = OutgoingMail.objects.get()
    assert mail.state == State.FAILED
    assert mail.error == (
        "It came back: carla@example.org did not get it. There is no such address. "
        "Their mail server said: 550 5.1.1 no such user"
    )
    assert told == ["sending", "sent", "failed"]


def test_a_bounce_of_somebody_elses_mail_changes_nothing(
    mailbox: Mailbox, outside: Outside, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    queue(letter=letter(message_id="<other@desk.example>"))
    outbox.send_due()
    accept(raw=BOUNCE.encode(), source="smtp")
    turn_waiting()
    assert OutgoingMail.objects.get().state == State.SENT
    assert len(taken_in) == 1
