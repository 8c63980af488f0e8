"""Answering: what one click does, and what never happens twice."""

import pytest

from goodword.coaching.models import Override
from goodword.events.models import Event
from goodword.inbox import actions, queries
from goodword.inbox.errors import ConversationMoved, NotPossible, PromisesOpen
from goodword.inbox.models import Conversation, Draft, Message
from goodword.mail.models import OutgoingMail
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise

pytestmark = pytest.mark.django_db

REFUND = NewPromise(
    what="Refund the lamp", quote="I will refund it by Friday.", due_at=None, whole_day=False, due_text=""
)


def test_a_reply_becomes_a_message_a_mail_a_promise_and_events_at_once(conversation, owner):
    actions.save_draft(conversation=conversation, agent=owner, kind="reply", markdown="half")
    message = actions.reply(
        conversation=conversation, agent=owner, markdown="So **sorry**, Carla.", revision=1, promises=[REFUND]
    )
    outgoing = message.outgoing
    raw = bytes(outgoing.raw).decode()
    assert outgoing.recipients == ["carla@example.org"]
    assert "Subject: Re: A lamp" in raw
    assert "care+c" in raw
    assert "<strong>sorry</strong>" in raw
    assert "> The lamp broke." in raw
    assert "Auto-Submitted" not in raw
    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert conversation.assignee == owner
    assert conversation.preview == "So sorry, Carla."
    assert not Draft.objects.exists()
    assert Promise.objects.get().place.message == message
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"reply.queued", "promise.made", "conversation.assigned"} <= kinds


def test_a_second_click_sends_no_second_mail(conversation, owner):
    first = actions.reply(conversation=conversation, agent=owner, markdown="Sorry.", revision=1)
    second = actions.reply(conversation=conversation, agent=owner, markdown="Sorry.", revision=1)
    assert first == second
    assert OutgoingMail.objects.count() == 1


def test_a_reply_stops_when_a_colleague_answered_meanwhile_and_both_texts_stay(
    conversation, owner, team_mate
):
    actions.reply(conversation=conversation, agent=team_mate, markdown="From Tariq.", revision=1)
    with pytest.raises(ConversationMoved) as moved:
        actions.reply(conversation=conversation, agent=owner, markdown="From Olga.", revision=1)
    assert [message.markdown for message in moved.value.messages] == ["From Tariq."]
    assert Draft.objects.get(agent=owner).markdown == "From Olga."
    assert Message.objects.filter(kind="reply").count() == 1
    actions.reply(conversation=conversation, agent=owner, markdown="From Olga.", revision=2)
    assert Message.objects.filter(kind="reply").count() == 2


def test_undo_puts_the_text_back_and_takes_everything_else_away(conversation, owner):
    since = conversation.waiting_since
    message = actions.reply(
        conversation=conversation,
        agent=owner,
        markdown="Sorry.",
        promises=[REFUND],
        close=True,
        leave_promises=True,
    )
    draft = actions.undo_reply(message=message, agent=owner)
    conversation.refresh_from_db()
    assert draft.markdown == "Sorry."
    assert conversation.state == Conversation.State.OPEN
    assert conversation.waiting_since == since
    assert conversation.message_count == 1
    assert Promise.objects.get().state == Promise.State.WITHDRAWN
    assert OutgoingMail.objects.get().state == OutgoingMail.State.WITHDRAWN
    assert actions.undo_reply(message=message, agent=owner) == draft


def test_a_reply_on_its_way_cannot_be_taken_back(conversation, owner):
    message = actions.reply(conversation=conversation, agent=owner, markdown="Sorry.")
    OutgoingMail.objects.update(state=OutgoingMail.State.SENDING)
    with pytest.raises(NotPossible, match="on its way"):
        actions.undo_reply(message=message, agent=owner)
    assert Message.objects.filter(kind="reply").exists()


def test_closing_with_an_open_promise_asks(conversation, owner):
    actions.add_promise(conversation=conversation, agent=owner, promise=REFUND)
    with pytest.raises(PromisesOpen):
        actions.close(conversation=conversation, agent=owner)
    with pytest.raises(PromisesOpen):
        actions.reply(conversation=conversation, agent=owner, markdown="Bye", close=True)
    assert not Message.objects.filter(kind="reply").exists()
    assert actions.close(conversation=conversation, agent=owner, leave_promises=True).state == "closed"


def test_the_thread_shows_what_was_written_and_how_far_it_came(
    conversation, owner, django_assert_num_queries
):
    actions.reply(conversation=conversation, agent=owner, markdown="Sorry.", promises=[REFUND])
    with django_assert_num_queries(4):
        thread = queries.thread(owner, conversation)
    assert [shown.message.kind for shown in thread] == ["customer", "reply"]
    assert thread.messages[1].delivery == "queued"
    assert thread.messages[1].can_undo
    assert thread.messages[1].promises[0].what == "Refund the lamp"


def test_a_long_thread_is_read_piece_by_piece_from_the_newest(conversation, owner):
    notes = [
        actions.note(conversation=conversation, agent=owner, markdown=str(number)) for number in range(4)
    ]
    newest = queries.thread(owner, conversation, limit=2)
    assert [shown.message for shown in newest] == notes[2:]
    earlier = queries.thread(owner, conversation, limit=2, before=newest.earlier)
    assert [shown.message for shown in earlier] == notes[:2]
    first = queries.thread(owner, conversation, limit=2, before=earlier.earlier)
    assert [shown.message.kind for shown in first] == ["customer"]
    assert first.earlier is None


def test_a_reply_without_any_mailbox_or_address_says_what_to_do(customer, owner):
    place = actions.open_conversation(customer=customer, subject="A call", text="She called.")
    with pytest.raises(NotPossible, match="no mailbox to answer from"):
        actions.reply(conversation=place, agent=owner, markdown="Sorry.")
    assert Draft.objects.count() == 0


def test_what_an_agent_overrode_and_why_is_kept_with_the_reply(conversation, owner):
    override = actions.NewOverride(
        rule="absolute-promise", quote="guaranteed", reason="The contract says so."
    )
    actions.reply(conversation=conversation, agent=owner, markdown="It is guaranteed.", overrides=[override])
    assert Override.objects.get().reason == "The contract says so."
