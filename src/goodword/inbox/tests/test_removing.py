"""A conversation deleted for good is gone in every part, and nothing brings it back."""

from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.waiting import until, waiting_for_locks

from goodword.coaching import actions as coaching
from goodword.coaching.models import Dispute, Override, Remark
from goodword.events.models import Event
from goodword.inbox import actions
from goodword.inbox.errors import Merged, NotPossible, PromisesHold
from goodword.inbox.models import Attachment, Conversation, Draft, Message
from goodword.mail import actions as mail
from goodword.mail import outbox
from goodword.mail.intake import turn_waiting
from goodword.mail.models import Blob, Delivery, Mailbox, OutgoingMail, RawMail, Tombstone
from goodword.promises import actions as promises
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.access import NotAllowed

from .test_intake import answer_to, receive, written

pytestmark = pytest.mark.django_db
REFUND = NewPromise(
    what="refund the lamp", quote="We refund the lamp.", due_at=None, whole_day=False, due_text=""
)


def with_file(letter: EmailMessage, data: bytes = b"a picture of a lamp") -> EmailMessage:
    letter.add_attachment(data, maintype="image", subtype="png", filename="lamp.png")
    return letter


def deliver(raw: bytes, **how) -> mail.Accepted:
    accepted = mail.accept(raw=raw, source="test", nudged=False, **how)
    turn_waiting()
    return accepted


def answered(agent, **how) -> tuple[Message, Message]:
    """A customer's message with a file, and our reply."""
    first = receive(with_file(written()))
    return first, actions.reply(
        conversation=first.conversation, agent=agent, markdown="Which lamp is it?", **how
    )


def test_nothing_of_it_stays(mailbox, lead, owner):
    first, _reply = answered(owner)
    place = first.conversation
    actions.note(conversation=place, agent=owner, markdown="@olga look at this")
    actions.save_draft(conversation=place, agent=owner, kind="reply", markdown="Hm", text="Hm", revision=1)
    done = actions.remove(conversation=place, by=lead, reason="Asked to be forgotten")
    assert done
    assert (done.messages, done.files, done.mails, done.promises) == (3, 1, 2, 0)
    for model in (Conversation, Message, Draft, Attachment, RawMail, OutgoingMail, Blob):
        assert not model.objects.exists(), model
    assert Delivery.objects.get().outcome == Delivery.Outcome.REMOVED


def test_one_event_says_who_and_why_and_repeats_no_word_of_it(mailbox, lead, owner):
    place = answered(owner)[0].conversation
    actions.remove(conversation=place, by=lead, reason="  Asked to\nbe forgotten ")
    event = Event.objects.get(conversation_id=place.pk)
    assert (event.kind, event.agent_id, event.mailbox_id) == ("conversation.removed", lead.pk, mailbox.pk)
    assert event.data == {
        "reason": "Asked to be forgotten",
        "messages": 2,
        "files": 1,
        "mails": 2,
        "promises": {},
    }


def test_delivering_everything_again_brings_nothing_back(mailbox, lead, owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    _first, reply = answered(owner)
    second = receive(answer_to(reply, text="The green one."))
    everything = [bytes(row.raw) for row in RawMail.objects.all()]
    own = bytes(reply.outgoing.raw)
    actions.remove(conversation=second.conversation, by=lead)
    for raw in [*everything, own, *everything]:
        again = deliver(raw, envelope_to=["care@desk.example"])
        assert (again.mail, again.outcome) == (None, Delivery.Outcome.REMOVED)
    assert not Conversation.objects.exists()
    assert not RawMail.objects.exists()


def test_our_replies_do_not_come_back_from_the_sent_folder_of_any_mailbox(mailbox, lead, owner):
    Mailbox.objects.create(address="sales@desk.example", name="Sales")
    _first, reply = answered(owner)
    own = bytes(reply.outgoing.raw)
    actions.remove(conversation=reply.conversation, by=lead)
    assert deliver(own, envelope_to=["sales@desk.example"]).outcome == Delivery.Outcome.REMOVED
    assert not RawMail.objects.exists()


def test_copies_that_were_only_recorded_go_with_it(mailbox, lead, owner):
    _first, reply = answered(owner)
    deliver(bytes(reply.outgoing.raw))
    assert RawMail.objects.filter(message=None).count() == 1
    actions.remove(conversation=reply.conversation, by=lead)
    assert not RawMail.objects.exists()


def test_the_same_mail_in_another_mailbox_stays(mailbox, lead):
    sales = Mailbox.objects.create(address="sales@desk.example", name="Sales")
    raw = bytes(with_file(written()))
    deliver(raw, envelope_to=["care@desk.example", "sales@desk.example"])
    actions.remove(conversation=Conversation.objects.get(mailbox=mailbox), by=lead)
    assert Conversation.objects.get().mailbox == sales
    assert Blob.objects.count() == 1
    again = deliver(raw, envelope_to=["care@desk.example", "sales@desk.example"])
    assert [(row.mailbox, again.outcome) for row in again.mails] == [(sales, Delivery.Outcome.REPEATED)]


def test_a_mail_that_refers_to_it_opens_a_new_conversation(mailbox, lead, owner):
    _first, reply = answered(owner)
    place = reply.conversation
    actions.remove(conversation=place, by=lead)
    later = receive(answer_to(reply, text="Are you still there?"))
    assert later.conversation.pk != place.pk
    assert later.conversation.may_belong_to is None


def test_a_reply_that_waits_to_be_sent_is_withdrawn(mailbox, lead, owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    _first, reply = answered(owner)
    actions.remove(conversation=reply.conversation, by=lead)
    OutgoingMail.objects.update(not_before=timezone.now())
    assert outbox.send_due() == 0


def test_while_a_reply_is_on_its_way_it_is_not_deleted(mailbox, lead, owner):
    _first, reply = answered(owner)
    OutgoingMail.objects.update(state=OutgoingMail.State.SENDING)
    with pytest.raises(NotPossible, match="on its way at this moment"):
        actions.remove(conversation=reply.conversation, by=lead)
    assert Message.objects.count() == 2
    assert not Tombstone.objects.exists()


def test_an_open_promise_must_be_settled_first(mailbox, lead, owner):
    _first, reply = answered(owner, promises=[REFUND])
    with pytest.raises(PromisesHold, match="One promise made here is still open"):
        actions.remove(conversation=reply.conversation, by=lead)
    promises.keep(promise=Promise.objects.get(), agent=owner)
    done = actions.remove(conversation=reply.conversation, by=lead)
    assert done
    assert done.promises == 1
    assert not Promise.objects.exists()
    assert Event.objects.get(kind="conversation.removed").data["promises"] == {"kept": 1}
    assert not Event.objects.filter(kind__startswith="promise.").exists()


def test_what_the_coach_and_the_team_said_of_its_drafts_goes_with_it(mailbox, lead, owner):
    place = receive(written()).conversation
    finding = {"rule": "calm-down", "severity": "warn", "quote": "Calm down", "practice": "E2"}
    coaching.note_remarks(agent=owner, conversation_id=place.pk, team_id=None, findings=[finding])
    coaching.dispute(agent=owner, rule="calm-down", quote="Calm down", conversation_id=place.pk)
    coaching.override(
        agent=owner, rule="card", quote="4111", reason="She asked for it", conversation_id=place.pk
    )
    coaching.dispute(agent=owner, rule="calm-down", quote="Elsewhere")
    actions.remove(conversation=place, by=lead)
    assert not Remark.objects.exists()
    assert not Override.objects.exists()
    assert Dispute.objects.get().quote == "Elsewhere"


def test_what_was_merged_into_it_goes_with_it(mailbox, lead, owner, conversation, other):
    actions.merge(source=other, target=conversation, agent=owner)
    other.refresh_from_db()
    with pytest.raises(Merged):
        actions.remove(conversation=other, by=lead)
    actions.remove(conversation=conversation, by=lead)
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()


def test_a_file_that_another_conversation_uses_stays(mailbox, lead):
    first = receive(with_file(written()))
    other = receive(with_file(written(text="Another matter.")))
    actions.remove(conversation=first.conversation, by=lead)
    assert Attachment.objects.get().message == other
    assert bytes(Blob.objects.get().data) == b"a picture of a lamp"


def test_twice_is_harmless(mailbox, lead, administrator):
    place = receive(written()).conversation
    assert actions.remove(conversation=place, by=lead)
    assert actions.remove(conversation=place, by=administrator) is None
    assert Event.objects.filter(kind="conversation.removed").count() == 1


@pytest.mark.parametrize("who", ["owner", "team_mate", "stranger"])
def test_only_leads_and_administrators_may(mailbox, team, conversation, who, request):
    with pytest.raises(NotAllowed):
        actions.remove(conversation=conversation, by=request.getfixturevalue(who))
    assert Conversation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_delivers_it_while_it_is_deleted_brings_nothing_back(mailbox, lead):
    letter = with_file(written())
    place = receive(letter).conversation
    together = Barrier(5)

    def deliver_again(_number: int) -> None:
        together.wait(20)
        try:
            for _time in range(20):
                mail.accept(raw=bytes(letter), source="test", nudged=False)
                turn_waiting()
        finally:
            connection.close()

    def delete(_number: int) -> None:
        together.wait(20)
        try:
            actions.remove(conversation=place, by=lead)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        work = [threads.submit(deliver_again, number) for number in range(4)]
        work.append(threads.submit(delete, 0))
        for one in work:
            one.result(60)
    assert not RawMail.objects.exists()
    assert not Message.objects.exists()
    assert not Delivery.objects.exclude(outcome=Delivery.Outcome.REMOVED).filter(raw_mail=None).exists()


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_comes_while_it_is_deleted_is_not_lost(mailbox, lead):
    first = receive(written())
    answer = mail.accept(raw=bytes(answer_to(first)), source="test", nudged=False)
    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        actions.remove(conversation=first.conversation, by=lead)
        turned = threads.submit(closing, turn_waiting)
        until(waiting_for_locks)
    assert turned.result(30).messages == 1
    answer.mails[0].refresh_from_db()
    assert answer.mails[0].state == RawMail.State.DONE
    assert Message.objects.get().conversation.pk != first.conversation_id


def closing(work):
    """The result of `work`, done in a thread of its own."""
    try:
        return work()
    finally:
        connection.close()
