"""A report is believed when it comes to the signed address its mail left under; others only claim."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from goodword.mail import outbox
from goodword.mail.actions import accept, queue
from goodword.mail.addressing import mailbox_address
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, OutgoingMail, RawMail, Suppression
from goodword.mail.parsing import Address, ParsedMail

from .conftest import Outside
from .test_sending import BOUNCE, letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("taken_in")]

State = OutgoingMail.State


def sent(**more: object) -> OutgoingMail:
    mail = queue(letter=letter(**more))
    outbox.send_due()
    mail.refresh_from_db()
    assert mail.state == State.SENT
    return mail


def report(text: str, *, to: str) -> None:
    accept(raw=text.encode(), source="smtp", envelope_to=[to])
    turn_waiting()


def test_each_mail_leaves_under_a_signed_address_of_its_own(mailbox: Mailbox, outside: Outside) -> None:
    assert sent().signed_sender
    sent(message_id="<reply-2@desk.example>")
    assert len(set(outside.senders)) == 2
    assert {mailbox_address(sender) for sender in outside.senders} == {mailbox.address}


def test_a_report_to_it_marks_the_reply_and_stops_notices(mailbox: Mailbox, outside: Outside) -> None:
    mail = sent()
    report(BOUNCE, to=outside.senders[0])
    mail.refresh_from_db()
    assert mail.state == State.FAILED
    assert Suppression.objects.get().address == "carla@example.org"


def test_a_report_to_it_need_not_name_the_mail(mailbox: Mailbox, outside: Outside) -> None:
    mail = sent()
    report(BOUNCE.replace("Message-ID: <reply-1@desk.example>", "Subject: Hello"), to=outside.senders[0])
    mail.refresh_from_db()
    assert mail.state == State.FAILED


@pytest.mark.parametrize("to", ["plain", "of another mail", "made up"])
def test_a_report_by_whoever_knows_the_message_id_changes_nothing(
    mailbox: Mailbox, outside: Outside, to: str
) -> None:
    mail = sent()
    other = sent(message_id="<reply-2@desk.example>")
    own, others = outside.senders
    last = "a" if own.partition("@")[0][-1] != "a" else "b"
    made_up = f"{own.partition('@')[0][:-1]}{last}@desk.example"
    report(BOUNCE, to={"plain": mailbox.address, "of another mail": others, "made up": made_up}[to])
    mail.refresh_from_db()
    assert mail.state == State.SENT
    if to == "of another mail":
        # It can be had by whoever got the other one, and says something of that alone.
        other.refresh_from_db()
        assert (mail.error, other.state) == ("", State.FAILED)
    else:
        assert mail.error.startswith(
            "A report says that this mail was not delivered to carla@example.org; it did not come by the way "
            "that proves it"
        )
        assert not Suppression.objects.exists()


@pytest.mark.parametrize("bare", [False, True], ids=["with a code", "without one"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_allows_the_plain_sender_only_gets_it_and_the_mail_once(
    mailbox: Mailbox, outside: Outside, step: str, bare: bool
) -> None:
    outside.bare = bare
    outside.says_so_at, outside.only_sender = step, mailbox.address
    mails = [sent(message_id=f"<reply-{number}@desk.example>") for number in (1, 2)]
    assert outside.senders == [mailbox.address, mailbox.address]
    assert [mail.signed_sender for mail in mails] == [False, False]
    report(BOUNCE, to=mailbox.address)
    mails[0].refresh_from_db()
    # It cannot come to a signed address, and is about somebody the mail went to: it counts, and no more.
    assert mails[0].state == State.FAILED
    assert not Suppression.objects.exists()


def test_what_is_refused_for_itself_is_not_tried_under_another_sender(
    mailbox: Mailbox, outside: Outside
) -> None:
    outside.answer = "554 Message content rejected"
    mail = queue(letter=letter())
    outbox.send_due()
    mail.refresh_from_db()
    assert (mail.state, len(outside.asked)) == (State.FAILED, 1)


def test_whoever_has_no_mailbox_there_has_none_under_either_sender(
    mailbox: Mailbox, outside: Outside
) -> None:
    outside.refused = {"carla@example.org": "550 no such user"}
    mail = queue(letter=letter())
    outbox.send_due()
    mail.refresh_from_db()
    assert (mail.state, outside.asked[1:]) == (State.FAILED, [mailbox.address])
    assert mail.error.endswith("The mail server said: 550 no such user.")


def test_a_connection_that_ends_before_the_second_try_makes_the_mail_wait(
    mailbox: Mailbox, outside: Outside
) -> None:
    outside.wants_no_data = True
    mail = queue(letter=letter())
    outbox.send_due()
    mail.refresh_from_db()
    assert (outside.asked[1:], mail.state) == ([mailbox.address], State.QUEUED)


def test_after_an_hour_a_server_is_asked_again_whether_it_allows_a_signed_sender(
    mailbox: Mailbox, outside: Outside
) -> None:
    outside.says_so_at, outside.only_sender = "MAIL", mailbox.address
    sent()
    outside.says_so_at = ""
    assert not sent(message_id="<reply-2@desk.example>").signed_sender
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert sent(message_id="<reply-3@desk.example>").signed_sender


def test_what_such_a_report_says_of_others_is_a_claim(mailbox: Mailbox, outside: Outside) -> None:
    outside.says_so_at, outside.only_sender = "MAIL", mailbox.address
    mail = sent()
    report(BOUNCE.replace("carla@", "ben@"), to=mailbox.address)
    mail.refresh_from_db()
    assert (mail.state, mail.error[:13]) == (State.SENT, "A report says")


def test_such_a_claim_stands_beside_what_was_known_and_stands_there_once(
    mailbox: Mailbox, outside: Outside
) -> None:
    outside.refused = {"ben@example.org": "550 no such user"}
    mail = sent(cc=[Address("", "ben@example.org")])
    for again in (BOUNCE, BOUNCE.replace("no such user", "nobody here")):
        report(again, to=mailbox.address)
    mail.refresh_from_db()
    assert mail.error.startswith("ben@example.org did not get it.")
    assert mail.error.count("A report says") == 1


def test_a_report_that_proves_it_outdoes_a_claim(mailbox: Mailbox, outside: Outside) -> None:
    mail = sent()
    report(BOUNCE, to=mailbox.address)
    report(BOUNCE.replace("b--", "b--\n"), to=outside.senders[0])
    mail.refresh_from_db()
    assert (mail.state, mail.error[:13]) == (State.FAILED, "It came back:")


def test_mail_of_no_mailbox_of_ours_leaves_under_its_plain_address(outside: Outside) -> None:
    assert not sent().signed_sender
    assert outside.senders == ["care@desk.example"]


def test_a_report_comes_to_the_mailbox_it_is_about(
    mailbox: Mailbox, outside: Outside, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    sent()
    report(BOUNCE, to=outside.senders[0])
    assert [raw.mailbox for raw, _parsed in taken_in] == [mailbox]
