"""A conversation with a complaint that was merged into another, and conversations hidden from an agent."""

import pytest

from goodword.complaints import access, actions, queries
from goodword.complaints.errors import OpenAlready
from goodword.inbox import actions as inbox
from goodword.mail.models import Mailbox
from goodword.staff.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(mailbox, customer):
    """A later conversation of the same customer."""
    return inbox.open_conversation(customer=customer, subject="And now?", text="Any news?", mailbox=mailbox)


@pytest.fixture
def hidden(customer, stranger):
    """A conversation of a mailbox that only the lead and another team may see."""
    box = Mailbox.objects.create(name="Legal", address="legal@shop.example")
    Team.objects.get(name="Elsewhere").mailboxes.add(box)
    return inbox.open_conversation(
        customer=customer, subject="A secret matter", text="For your lawyers only.", mailbox=box
    )


def test_the_conversation_that_another_went_into_shows_its_complaint(place, other, complaint, owner):
    actions.find_fault(complaint=complaint, agent=owner, fault="ours")
    merge = inbox.merge(source=place, target=other, agent=owner)
    assert [one.number for one in queries.beside(other, []).complaints] == [complaint.number]
    assert list(access.of_conversation(owner, other)) == [complaint]
    assert queries.fault_of(other) == "ours"
    inbox.undo_merge(merge=merge, agent=owner)
    assert not queries.beside(other, []).complaints
    assert not access.of_conversation(owner, other)


def test_no_second_complaint_is_opened_where_the_first_one_went(place, other, complaint, owner, mailbox):
    last = inbox.open_conversation(
        customer=place.customer, subject="Still waiting", text="Hello?", mailbox=mailbox
    )
    inbox.merge(source=place, target=other, agent=owner)
    inbox.merge(source=other, target=last, agent=owner)
    with pytest.raises(OpenAlready):
        actions.open_complaint(conversation=last, agent=owner, what_happened="It leaks, too.")


def test_the_case_tells_what_happens_where_it_went(place, other, complaint, owner):
    inbox.merge(source=place, target=other, agent=owner)
    inbox.note(conversation=other, agent=owner, markdown="Looked at it.")
    case = queries.case(owner, complaint.pk)
    assert case.place == other
    assert not case.further
    assert any(line.conversation_id == other.pk for line in case.timeline)


def test_the_case_tells_nothing_of_a_conversation_hidden_from_the_agent(complaint, hidden, owner, lead):
    actions.link(complaint=complaint, conversation=hidden, agent=lead)
    inbox.note(conversation=hidden, agent=lead, markdown="We settle.")
    case = queries.case(owner, complaint.pk)
    assert not case.further
    assert all(line.conversation_id != hidden.pk for line in case.timeline)
    assert queries.case(lead, complaint.pk).further == [hidden]


def test_a_case_that_went_into_a_hidden_conversation_shows_none_of_it(place, complaint, hidden, owner, lead):
    inbox.merge(source=place, target=hidden, agent=lead)
    assert queries.case(owner, complaint.pk).place == place
    assert queries.case(lead, complaint.pk).place == hidden


def test_a_conversation_names_no_complaint_hidden_from_the_agent(place, hidden, owner, lead):
    secret = actions.open_complaint(conversation=hidden, agent=lead, what_happened="They broke the law.")
    actions.link(complaint=secret, conversation=place, agent=lead)
    assert not queries.beside(place, [], agent=owner).complaints
    assert queries.beside(place, [], agent=lead).complaints
