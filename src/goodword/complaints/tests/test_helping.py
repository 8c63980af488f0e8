"""Calling for help in a hard conversation."""

import pytest

from goodword.complaints import actions
from goodword.complaints.models import CallForHelp
from goodword.events.models import Event
from goodword.inbox import actions as inbox
from goodword.inbox.models import Conversation, Mention
from goodword.staff.access import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(place, owner):
    """The agent called for help."""
    return actions.call_for_help(conversation=place, agent=owner, words="He shouts.")


def test_calling_twice_is_one_call(call, place, owner):
    again = actions.call_for_help(conversation=place, agent=owner, words="He threatens, too.")
    assert again == call
    assert CallForHelp.objects.get().words == "He shouts.\nHe threatens, too."
    assert Event.objects.filter(kind="help.called").count() == 1


def test_a_lead_joins_and_the_conversation_stays_the_agents(call, place, owner, lead):
    place.assignee = owner
    place.save()
    actions.join(call=call, lead=lead)
    actions.join(call=call, lead=lead)
    found = CallForHelp.objects.get()
    assert (found.answer, found.answered_by) == ("joined", lead)
    assert Mention.objects.get().agent == owner
    assert Conversation.objects.get().assignee == owner


def test_a_lead_takes_over_and_thanks_for_the_call(call, place, owner, lead):
    actions.take_over(call=call, lead=lead)
    assert Conversation.objects.get().assignee == lead
    assert "Good that you called" in Mention.objects.get(agent=owner).message.text


def test_an_agent_does_not_answer_calls_but_can_say_that_it_goes(call, owner, team_mate):
    with pytest.raises(NotAllowed):
        actions.join(call=call, lead=team_mate)
    actions.manage(call=call, agent=owner)
    assert CallForHelp.objects.get().answer == "managed"


def test_strangers_cannot_call_here(place, stranger):
    with pytest.raises(Conversation.DoesNotExist):
        actions.call_for_help(conversation=place, agent=stranger)


def test_a_call_is_answered_where_its_conversation_went(call, place, owner, lead, mailbox):
    other = inbox.open_conversation(
        customer=place.customer, subject="And now?", text="Well?", mailbox=mailbox
    )
    inbox.merge(source=place, target=other, agent=owner)
    actions.take_over(call=call, lead=lead)
    other.refresh_from_db()
    assert (CallForHelp.objects.get().answer, other.assignee) == ("took_over", lead)
