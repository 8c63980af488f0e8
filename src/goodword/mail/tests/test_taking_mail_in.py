"""A mail that was accepted is kept for good, once, and becomes a message whatever else goes wrong."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from goodword.events.models import Event
from goodword.mail import registry
from goodword.mail.actions import Unusable, accept, retry, set_aside
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Mailbox, RawMail
from goodword.mail.parsing import ParsedMail, Unreadable
from goodword.mail.queries import needing_person

pytestmark = pytest.mark.django_db

MAIL = b"From: Carla <carla@example.org>\r\nTo: care@desk.example\r\nMessage-ID: <one@example.org>\r\n"
MAIL += b"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nSubject: Hello\r\n\r\nWhere is my parcel?\r\n"


def test_a_mail_is_kept_byte_for_byte(mailbox: Mailbox) -> None:
    accepted = accept(
        raw=MAIL, source="smtp", envelope_from="carla@example.org", envelope_to=["care@desk.example"]
    )
    kept = RawMail.objects.get()
    assert accepted.created
    assert bytes(kept.raw) == MAIL
    assert (kept.mailbox, kept.size, kept.state) == (mailbox, len(MAIL), RawMail.State.WAITING)


def test_the_same_mail_delivered_twice_is_one_row(mailbox: Mailbox) -> None:
    first = accept(raw=MAIL, source="smtp", envelope_to=["care@desk.example"])
    second = accept(
        raw=b"Received: by another road\r\n" + MAIL, source="smtp", envelope_to=["care@desk.example"]
    )
    assert (second.created, second.mail.pk) == (False, first.mail.pk)


def test_two_mails_with_one_message_id_are_both_kept(mailbox: Mailbox) -> None:
    accept(raw=MAIL, source="smtp")
    other = MAIL.replace(b"10:00:00", b"11:00:00").replace(b"parcel", b"refund")
    assert accept(raw=other, source="smtp").created


def test_a_mail_without_message_id_is_known_by_its_bytes(mailbox: Mailbox) -> None:
    bare = MAIL.replace(b"Message-ID: <one@example.org>\r\n", b"")
    assert accept(raw=bare, source="pipe").created
    assert not accept(raw=bare, source="pipe").created
    assert accept(raw=bare + b"more\r\n", source="pipe").created


def test_the_mailbox_is_the_one_written_to(mailbox: Mailbox) -> None:
    sales = Mailbox.objects.create(address="sales@desk.example", name="Sales")
    accepted = accept(raw=MAIL, source="smtp", envelope_to=["Sales+c9.abcdefgh@DESK.example"])
    assert accepted.mails[0].mailbox == sales


def test_a_pipe_without_recipients_goes_by_the_fields_of_the_mail(mailbox: Mailbox) -> None:
    Mailbox.objects.create(address="sales@desk.example", name="Sales")
    forwarded = b"Delivered-To: sales@desk.example\r\n" + MAIL
    assert accept(raw=forwarded, source="pipe").mails[0].mailbox.address == "sales@desk.example"


def test_an_empty_house_gets_a_mailbox_for_its_first_mail() -> None:
    accepted = accept(raw=MAIL, source="smtp", envelope_to=["hello@new.example"])
    assert accepted.mail.mailbox.address == "hello@new.example"


def test_an_empty_mail_is_refused_with_a_sentence(mailbox: Mailbox) -> None:
    with pytest.raises(Unusable, match="The mail is empty"):
        accept(raw=b"\r\n \r\n", source="pipe")
    assert not RawMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_mails_are_one_waiting_job(mailbox: Mailbox) -> None:
    for number in range(3):
        accept(raw=MAIL.replace(b"one@", b"%d@" % number), source="smtp")
    assert ProcrastinateJob.objects.filter(task_name="mail.turn_into_messages").count() == 1


def test_a_mail_is_handed_on_with_what_was_read_in_it(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    accept(raw=MAIL, source="smtp", silent=True)
    turned = turn_waiting()
    mail, parsed = taken_in[0]
    assert (turned.messages, turned.need_person) == (1, 0)
    assert (parsed.subject, parsed.reply_text, mail.silent) == ("Hello", "Where is my parcel?", True)
    assert RawMail.objects.get().state == RawMail.State.DONE


def test_a_mail_that_cannot_be_read_stops_no_other(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    accept(raw=b"Subject: from nobody\r\n\r\nHi\r\n", source="pipe")
    accept(raw=MAIL, source="smtp")
    turned = turn_waiting()
    assert (turned.messages, turned.need_person) == (1, 1)
    assert [mail.reason for mail in needing_person()] == [
        "The mail names no sender, so it cannot be answered or put with a customer."
    ]
    assert Event.objects.filter(kind="mail.needs_person", mailbox_id=mailbox.pk).count() == 1


def test_a_handler_that_fails_leaves_nothing_half_done(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    def fails(mail: RawMail, parsed: ParsedMail) -> None:
        Mailbox.objects.create(address="half@desk.example")
        raise KeyError("surprise")

    registry.register_intake(fails)
    accept(raw=MAIL, source="smtp")
    turn_waiting()
    mail = RawMail.objects.get()
    assert mail.state == RawMail.State.NEEDS_PERSON
    assert "Goodword stumbled over this mail (KeyError)" in mail.reason
    assert not Mailbox.objects.filter(address="half@desk.example").exists()


def test_a_handler_may_ask_for_a_person(mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]) -> None:
    def asks(mail: RawMail, parsed: ParsedMail) -> None:
        raise Unreadable("It reports about a mail that is not ours.")

    registry.register_intake(asks)
    accept(raw=MAIL, source="smtp")
    turn_waiting()
    assert RawMail.objects.get().reason == "It reports about a mail that is not ours."


def test_mail_waits_while_no_room_makes_messages(mailbox: Mailbox) -> None:
    others, registry.intake._entries = registry.intake._entries, []
    accept(raw=MAIL, source="smtp")
    assert turn_waiting().messages == 0
    registry.intake._entries = others
    assert RawMail.objects.get().state == RawMail.State.WAITING


def test_a_mail_that_needed_a_person_can_be_tried_again(
    mailbox: Mailbox, taken_in: list[tuple[RawMail, ParsedMail]]
) -> None:
    mail = accept(raw=MAIL, source="smtp").mails[0]
    RawMail.objects.update(state=RawMail.State.NEEDS_PERSON, reason="Once it could not be read.")
    assert retry(mails=[mail]) == 1
    turn_waiting()
    mail.refresh_from_db()
    assert (mail.state, mail.reason, len(taken_in)) == (RawMail.State.DONE, "", 1)


def test_a_mail_set_aside_leaves_the_list_and_is_kept(mailbox: Mailbox) -> None:
    mail = accept(raw=MAIL, source="smtp").mails[0]
    assert not set_aside(mail=mail)
    RawMail.objects.update(state=RawMail.State.NEEDS_PERSON, reason="Nobody wrote it.")
    assert set_aside(mail=mail)
    assert not needing_person().exists()
    assert RawMail.objects.get().state == RawMail.State.SET_ASIDE


def test_an_agent_sees_only_their_mailboxes_mail(mailbox: Mailbox) -> None:
    accept(raw=MAIL, source="smtp")
    RawMail.objects.update(state=RawMail.State.NEEDS_PERSON)
    assert needing_person(mailbox_ids=[mailbox.pk]).count() == 1
    assert needing_person(mailbox_ids=[]).count() == 0
