"""Words that come by a customer's page, and what the house writes by itself."""

import pytest

from goodword.events.models import Event
from goodword.inbox import actions
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, Message
from goodword.mail.models import OutgoingMail


@pytest.fixture
def place(mailbox, team, customer):
    return actions.open_conversation(
        customer=customer, subject="My kettle", text="It leaks. What can you do?", mailbox=mailbox
    )


def test_words_from_a_page_stand_in_the_conversation_and_the_customer_waits(place, owner):
    actions.reply(conversation=place, agent=owner, markdown="We are looking into it.")
    said = actions.hear(conversation=place, text="Does the repair cost anything?")
    place.refresh_from_db()
    assert said.kind == Message.Kind.CUSTOMER
    assert said.sender_address == "carla@example.org"
    assert place.waiting_since == said.at
    assert place.preview == "Does the repair cost anything?"
    assert Event.objects.filter(kind="message.received", data__message=said.pk).exists()


def test_words_from_a_page_open_a_closed_conversation_again(place, owner):
    actions.close(conversation=place, agent=owner)
    actions.hear(conversation=place, text="It leaks again.")
    place.refresh_from_db()
    assert place.state == Conversation.State.OPEN


def test_words_to_a_merged_conversation_go_where_it_went(place, owner, customer, mailbox):
    other = actions.open_conversation(customer=customer, subject="Kettle", text="Me again.", mailbox=mailbox)
    actions.merge(source=place, target=other, agent=owner)
    place.refresh_from_db()
    assert actions.hear(conversation=place, text="And one more thing.").conversation_id == other.pk


def test_no_words_are_refused_in_a_sentence(place):
    with pytest.raises(NotPossible, match="nothing in it"):
        actions.hear(conversation=place, text=" \x00 ")


def test_a_confirmation_goes_out_and_the_customer_still_waits(place):
    waiting = place.waiting_since
    written = actions.confirm(conversation=place, markdown="We have it.")
    place.refresh_from_db()
    assert place.waiting_since == waiting
    assert place.preview == "It leaks. What can you do?"
    mail = OutgoingMail.objects.get(message=written)
    body = bytes(mail.raw).decode()
    assert "We have it." in body
    assert "It leaks" not in body
