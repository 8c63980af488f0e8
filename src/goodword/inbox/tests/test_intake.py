"""Mail in: each one a message, in the right conversation, once."""

import hashlib
from email.message import EmailMessage
from email.mime.text import MIMEText

import pytest
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.inbox import actions, intake
from goodword.inbox.models import Attachment, Conversation, Message
from goodword.mail import actions as mail
from goodword.mail.intake import turn_waiting
from goodword.mail.models import OutgoingMail, RawMail
from goodword.mail.parsing import parse
from goodword.mail.telling import tell

pytestmark = pytest.mark.django_db


def written(sender="Carla Customer <carla@example.org>", text="My lamp broke.", **fields):
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = fields.pop("to", "care@desk.example")
    letter["Subject"] = fields.pop("subject", "A lamp")
    letter["Message-ID"] = fields.pop("id", f"<{hashlib.sha256(text.encode()).hexdigest()[:20]}@example.org>")
    for name, value in fields.items():
        letter[name.replace("_", "-")] = value
    letter.set_content(text)
    return letter


def receive(letter, **how):
    accepted = mail.accept(raw=bytes(letter), source="test", nudged=False, **how)
    turn_waiting()
    row = RawMail.objects.get(pk=accepted.mail.pk)
    assert row.state == RawMail.State.DONE, row.reason
    return Message.objects.filter(raw_mail=row).first()


def answer_to(message, text="Thank you, and now?", **fields):
    return written(text=text, In_Reply_To=message.header_id, **fields)


def test_a_first_mail_opens_a_conversation_that_waits_for_us(mailbox):
    message = receive(written())
    conversation = message.conversation
    assert conversation.customer.name == "Carla Customer"
    assert conversation.mailbox == mailbox
    assert conversation.subject == "A lamp"
    assert conversation.state == "open"
    assert conversation.waiting_since == message.at
    assert conversation.preview == "My lamp broke."
    assert message.reading["language"]
    kinds = Event.objects.filter(conversation_id=conversation.pk).values_list("kind", flat=True)
    assert list(kinds.order_by("id")) == ["conversation.opened", "message.received"]


def test_the_same_mail_twice_is_one_message(mailbox):
    message = receive(written())
    receive(written())
    intake.turn_into_message(message.raw_mail, parse(bytes(message.raw_mail.raw)))
    assert Message.objects.count() == 1
    assert Conversation.objects.get().revision == 1


def test_an_answer_to_a_known_mail_by_somebody_who_takes_part_joins_the_conversation(mailbox):
    first = receive(written())
    second = receive(answer_to(first, subject="Something else"))
    assert second.conversation == first.conversation
    assert second.conversation.revision == 2


def test_the_same_subject_alone_joins_nothing(mailbox):
    first = receive(written())
    second = receive(written(text="Again", subject="Re: A lamp"))
    assert second.conversation != first.conversation


def test_a_stranger_who_refers_to_a_conversation_opens_another_that_points_to_it(mailbox):
    first = receive(written())
    second = receive(answer_to(first, sender="Eve <eve@elsewhere.example>"))
    assert second.conversation != first.conversation
    assert second.conversation.may_belong_to == first.conversation


def test_the_signed_reply_address_leads_back_whoever_writes_to_it(mailbox, owner):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.")
    back = parse(bytes(reply.outgoing.raw)).reply_to[0].email
    second = receive(written(sender="Eve <eve@elsewhere.example>", text="For Carla", to=back))
    assert second.conversation == first.conversation
    forged = back.replace("+c", "+c1")
    assert receive(written(text="forged", to=forged)).conversation != first.conversation


def test_a_customers_mail_opens_a_closed_conversation_and_wakes_a_snoozed_one(mailbox, owner):
    first = receive(written())
    actions.close(conversation=first.conversation, agent=owner)
    second = receive(answer_to(first))
    conversation = second.conversation
    assert conversation.state == "open"
    assert conversation.closures.get().reopened_at
    assert conversation.waiting_since == second.at
    tomorrow = timezone.now() + timezone.timedelta(days=1)
    actions.snooze(conversation=conversation, agent=owner, until=tomorrow)
    third = receive(answer_to(first, text="Hello?"))
    assert third.conversation.state == "open"
    assert third.conversation.snoozed_until is None


def test_an_absence_note_is_recorded_and_nothing_more(mailbox, owner):
    first = receive(written())
    actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.", close=True)
    away = receive(answer_to(first, text="I am away.", Auto_Submitted="auto-replied"))
    assert away.kind == Message.Kind.AUTOMATIC
    assert away.conversation == first.conversation
    assert away.conversation.state == "closed"
    assert away.conversation.waiting_since is None


def is_recorded_and_nothing_more(message, first):
    place = Conversation.objects.get(pk=first.conversation_id)
    assert (message.kind, message.conversation) == (Message.Kind.AUTOMATIC, place)
    assert (place.state, place.waiting_since, place.message_count) == ("closed", None, 3)
    assert not Event.objects.filter(kind="conversation.reopened").exists()


def closed(owner):
    first = receive(written())
    actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.", close=True)
    return first


def test_a_read_receipt_is_recorded_and_nothing_more(mailbox, owner):
    first = closed(owner)
    letter = answer_to(first, text="It was read.", subject="Read: A lamp")
    report = MIMEText("Disposition: manual-action/MDN-sent-manually; displayed\n", "plain")
    report.replace_header("Content-Type", "message/disposition-notification")
    letter.make_mixed()
    letter.replace_header("Content-Type", "multipart/report; report-type=disposition-notification")
    letter.attach(report)
    is_recorded_and_nothing_more(receive(letter), first)


def test_what_came_with_an_empty_sender_is_recorded_and_nothing_more(mailbox, owner):
    first = closed(owner)
    letter = answer_to(first, X_Auto_Response_Suppress="All")
    is_recorded_and_nothing_more(receive(letter, envelope_from="<>"), first)


DIGEST = {"List_Id": "Talk <talk.lists.example>", "List_Unsubscribe": "<mailto:off@lists.example>"}


def test_a_mailing_list_is_recorded_and_nothing_more(mailbox, owner):
    first = closed(owner)
    letter = answer_to(first, sender="ann@lists.example", text="This week.", **DIGEST)
    message = receive(letter)
    assert (message.kind, message.conversation.state) == (Message.Kind.AUTOMATIC, "closed")
    assert message.conversation != first.conversation
    assert Conversation.objects.get(pk=first.conversation_id).state == "closed"


def test_a_mailing_list_that_writes_first_waits_for_nobody(mailbox):
    message = receive(written(text="This week on the list.", Precedence="bulk", **DIGEST))
    assert message.kind == Message.Kind.AUTOMATIC
    assert (message.conversation.state, message.conversation.waiting_since) == ("closed", None)


@pytest.mark.parametrize(
    "fields",
    [
        {"List_Id": "<care.desk.example>", "List_Post": "<mailto:care@desk.example>"},
        {"List_Id": "Support <support.desk.example>", "Mailing_list": "list support@desk.example"},
        {"List_Post": "<https://groups.example/support>, <mailto:support@desk.example>"},
        {"sender": "care@desk.example", "Reply_To": "carla@example.org", **DIGEST},
        {"Feedback_ID": "1.eu-west-1.x:AmazonSES"},
    ],
    ids=[
        "the mailbox itself",
        "a list of our domain",
        "where it takes mail",
        "our own form",
        "no list at all",
    ],
)
def test_who_writes_by_a_list_of_our_own_waits_for_us(fields, mailbox):
    message = receive(written(to="support@desk.example", **fields))
    assert message.kind == Message.Kind.CUSTOMER
    assert message.sender_address == "carla@example.org"
    assert message.conversation.waiting_since == message.at


def test_a_list_that_only_sounds_like_ours_is_a_list(mailbox):
    message = receive(written(List_Id="<talk.notdesk.example>", List_Post="<mailto:x@desk.example.net>"))
    assert message.kind == Message.Kind.AUTOMATIC


def test_a_bounce_stands_with_the_reply_it_is_about_and_the_customer_waits_on(mailbox, owner):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.", close=True)
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT)
    bounce = receive(bounced(reply))
    conversation = Conversation.objects.get(pk=first.conversation_id)
    assert bounce.kind == Message.Kind.BOUNCE
    assert bounce.conversation == conversation
    assert conversation.send_failed
    assert conversation.state == "open"
    assert conversation.waiting_since == first.at


def bounced(reply):
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: care@desk.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "Message-ID: <b1@mx.example.org>\r\nReturn-Path: <>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        "Final-Recipient: rfc822; carla@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n"
        "--x\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {reply.header_id}\r\nSubject: Re\r\n\r\nhi\r\n--x--\r\n"
    ).encode()


def test_a_bounce_that_names_no_mail_finds_its_reply_by_our_signed_address(mailbox, owner):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.", close=True)
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT)
    address = bytes(reply.outgoing.raw).decode().partition("Reply-To: ")[2].splitlines()[0]
    report = (
        "Return-Path: <>\r\nFrom: mailer-daemon@mx.example.org\r\nTo: care@desk.example\r\n"
        "Subject: failure notice\r\n\r\nHi.\r\n<carla@example.org>:\r\nSorry, no mailbox here.\r\n\r\n"
    )
    bounce = receive(f"{report}Reply-To: {address}\r\n".encode())
    reply.refresh_from_db()
    assert (bounce.kind, bounce.conversation) == (Message.Kind.BOUNCE, first.conversation)
    assert reply.outgoing.state == OutgoingMail.State.FAILED
    conversation = Conversation.objects.get(pk=first.conversation_id)
    assert (conversation.send_failed, conversation.state) == (True, "open")
    about_another = report.replace("carla@", "ben@") + f"Reply-To: {address}\r\n"
    assert receive(about_another.encode()).conversation != first.conversation


def test_our_own_mail_coming_back_adds_nothing(mailbox, owner):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.")
    assert receive(bytes(reply.outgoing.raw)) is None
    assert Message.objects.count() == 2
    assert receive(written(text="Not yours", id=reply.header_id)).kind == Message.Kind.CUSTOMER


def test_a_form_of_our_own_site_is_a_mail_of_whoever_filled_it_in(mailbox):
    message = receive(written(sender="care@desk.example", Reply_To="Carla <carla@example.org>"))
    assert message.kind == Message.Kind.CUSTOMER
    assert message.conversation.customer.addresses.get().address == "carla@example.org"


def test_files_arrive_as_they_left_and_are_stored_once(mailbox):
    data = bytes(range(256)) * 10
    for text in ("one", "two"):
        letter = written(text=text)
        letter.add_attachment(data, maintype="application", subtype="pdf", filename="a.pdf")
        receive(letter)
    files = Attachment.objects.select_related("blob")
    assert [bytes(file.blob.data) for file in files] == [data, data]
    assert len({file.blob_id for file in files}) == 1


def test_imported_mail_keeps_its_date_and_wakes_nobody(mailbox):
    message = receive(written(Date="Mon, 02 Feb 2026 10:00:00 +0000"), silent=True)
    sent = receive(
        written(
            sender="care@desk.example", to="carla@example.org", text="Sorry.", In_Reply_To=message.header_id
        ),
        silent=True,
    )
    conversation = sent.conversation
    assert message.at.isoformat() == "2026-02-02T10:00:00+00:00"
    assert conversation == message.conversation
    assert sent.kind == Message.Kind.REPLY
    assert conversation.state == "closed"
    assert conversation.waiting_since is None
    assert not Event.objects.filter(conversation_id=conversation.pk).exists()
    assert Customer.objects.get().addresses.get().address == "carla@example.org"


def test_a_mail_to_a_merged_conversation_goes_where_it_went(mailbox, owner):
    first = receive(written())
    other = receive(written(text="The same lamp"))
    actions.merge(source=first.conversation, target=other.conversation, agent=owner)
    assert receive(answer_to(first)).conversation == other.conversation


def test_a_reply_that_fails_brings_a_snoozed_conversation_back(mailbox, owner):
    first = receive(written())
    actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.")
    tomorrow = timezone.now() + timezone.timedelta(days=1)
    actions.snooze(conversation=first.conversation, agent=owner, until=tomorrow)
    OutgoingMail.objects.update(state=OutgoingMail.State.UNKNOWN)
    tell(OutgoingMail.objects.get())
    conversation = Conversation.objects.get()
    assert conversation.state == "open"
    assert conversation.waiting_since == first.at


def test_a_failed_reply_is_no_answer_and_a_retry_is(mailbox, owner):
    first = receive(written())
    reply = actions.reply(conversation=first.conversation, agent=owner, markdown="Sorry.", undo_seconds=0)
    OutgoingMail.objects.update(state=OutgoingMail.State.FAILED)
    tell(OutgoingMail.objects.get())
    conversation = Conversation.objects.get()
    assert conversation.send_failed
    assert conversation.waiting_since == first.at
    actions.retry_reply(message=reply, agent=owner)
    conversation.refresh_from_db()
    assert not conversation.send_failed
    assert conversation.waiting_since is None
    assert OutgoingMail.objects.get().state == OutgoingMail.State.QUEUED
