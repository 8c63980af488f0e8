"""Phone calls stand on the same timeline as mail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.events.models import Event
from goodword.events.timeline import sentences
from goodword.inbox import actions, queries
from goodword.inbox.actions import NewCall
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Call, Conversation, Message
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import Agent

pytestmark = pytest.mark.django_db


def called(**more):
    return NewCall(**{"direction": "outgoing", "said": "She has **no** receipt.", "minutes": 4} | more)


def test_a_call_stands_in_the_thread_with_its_promises_and_next_step(conversation, owner):
    tomorrow = timezone.now() + timedelta(days=1)
    refund = NewPromise(what="Refund", quote="", due_at=tomorrow, whole_day=True, due_text="", kind="money")
    message = actions.log_call(
        conversation=conversation,
        agent=owner,
        call=called(next_step="Call again", next_due=tomorrow),
        promises=[refund],
    )
    (*_rest, last) = queries.thread(owner, conversation)
    assert last.message == message
    assert (last.message.call.minutes, last.message.text) == (4, "She has no receipt.")
    made = [(one.what, one.kind, one.source, one.owner) for one in Promise.objects.order_by("id")]
    assert made == [("Refund", "money", "call", owner), ("Call again", "call", "call", owner)]
    assert {one.what for one in last.promises} == {"Refund", "Call again"}
    events = Event.objects.filter(kind="call.logged")
    names = dict(Agent.objects.values_list("pk", "name"))
    assert [line.text for line in sentences(events, names)] == ["Olga Owner called the customer (4 minutes)"]


def test_a_call_that_was_answered_is_an_answer(conversation, owner):
    actions.log_call(conversation=conversation, agent=owner, call=called(answered=False, said=""))
    conversation.refresh_from_db()
    assert conversation.waiting_since is not None
    actions.log_call(conversation=conversation, agent=owner, call=called())
    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert conversation.preview == "She has no receipt."


def test_a_call_nobody_took_makes_the_customer_wait_and_opens_what_was_closed(conversation, owner):
    actions.close(conversation=conversation, agent=owner)
    actions.log_call(
        conversation=conversation, agent=None, call=called(direction="incoming", answered=False, said="")
    )
    conversation.refresh_from_db()
    assert (conversation.state, conversation.waiting_since is None) == ("open", False)
    assert Message.objects.get(kind="call").text == "Nobody picked up."


def test_the_tone_is_how_the_customer_feels(conversation, owner):
    actions.log_call(conversation=conversation, agent=owner, call=called(tone="angry"))
    conversation.refresh_from_db()
    assert (conversation.feeling, conversation.feeling_strength) == ("angry", 3)
    actions.log_call(conversation=conversation, agent=owner, call=called(tone="content"))
    conversation.refresh_from_db()
    assert conversation.feeling == "pleased"


def test_search_finds_what_was_said_on_a_call(conversation, owner):
    actions.log_call(conversation=conversation, agent=owner, call=called(said="About the porcelain owl."))
    found = queries.search(owner, "porcelain")
    assert [row.row.conversation for row in found.rows] == [conversation]


def test_a_call_may_open_a_conversation_of_whoever_wrote_it_down(customer, mailbox, team, owner):
    message = actions.open_by_call(
        customer=customer,
        agent=owner,
        subject="A wish for a lamp",
        call=called(direction="incoming"),
        mailbox=mailbox,
    )
    place = Conversation.objects.get()
    assert (place.channel, place.assignee, place.subject, place.waiting_since) == (
        "phone",
        owner,
        "A wish for a lamp",
        None,
    )
    reply = actions.reply(conversation=place, agent=owner, markdown="As promised on the phone.")
    assert reply.to == [{"name": "Carla Customer", "email": "carla@example.org"}]
    assert message.conversation == place


def test_the_telephone_system_may_tell_of_a_call_twice(conversation, customer, owner):
    for _ in range(2):
        actions.log_call(conversation=conversation, agent=None, call=called(reference="pbx-17"))
    actions.open_by_call(customer=customer, agent=None, subject="x", call=called(reference="pbx-17"))
    assert Call.objects.count() == 1
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"direction": "sideways"}, "who called"),
        ({"said": " "}, "Nothing is written down"),
        ({"minutes": 9999}, "cannot be meant"),
        ({"tone": "purple"}, "is no tone"),
        ({"next_due": timezone.now()}, "nothing says what"),
        ({"at": timezone.now() + timedelta(days=1)}, "lies in the future"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(conversation, owner, wrong, sentence):
    with pytest.raises(NotPossible, match=sentence):
        actions.log_call(conversation=conversation, agent=owner, call=called(**wrong))
    assert not Call.objects.exists()
