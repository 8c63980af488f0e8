"""Opening a complaint from a conversation."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from goodword.complaints import access, actions
from goodword.complaints.errors import ComplaintError, OpenAlready
from goodword.complaints.models import Complaint, Procedure
from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.inbox import actions as inbox
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation
from goodword.promises import actions as promises
from goodword.promises.models import Promise

pytestmark = pytest.mark.django_db


def test_a_complaint_has_a_number_of_the_year_and_what_was_said(complaint, owner, place):
    year = timezone.localdate().year
    assert complaint.number == f"C-{year}-0001"
    assert (complaint.owner, complaint.team.name, complaint.stage) == (owner, "Care", "received")
    assert complaint.order_number == "KET-4711"
    event = Event.objects.get(kind="complaint.opened")
    assert (event.conversation_id, event.data["number"]) == (place.pk, complaint.number)


def test_opening_promises_the_next_step_by_the_clock_of_the_stage(complaint, place):
    promise = Promise.objects.get()
    record = complaint.stage_records.get()
    assert record.promise == promise
    assert (promise.due_at, promise.owner) == (record.due_at, complaint.owner)
    assert complaint.number in promise.what
    assert promise.place.conversation == place


def test_the_case_gets_a_checklist_of_its_kind(complaint):
    assert complaint.check_items.count() > 2


def test_the_same_said_twice_is_one_complaint(complaint, place, owner):
    again = actions.open_complaint(
        conversation=place, agent=owner, what_happened=complaint.what_happened, kind="faulty"
    )
    assert again == complaint
    with pytest.raises(OpenAlready, match=complaint.number):
        actions.open_complaint(conversation=place, agent=owner, what_happened="Something else.")


def test_it_must_say_what_happened_and_be_of_a_kind_there_is(place, owner):
    with pytest.raises(ComplaintError, match="what happened"):
        actions.open_complaint(conversation=place, agent=owner, what_happened="  ")
    with pytest.raises(ComplaintError, match="'moon' is no kind"):
        actions.open_complaint(conversation=place, agent=owner, what_happened="It broke.", kind="moon")
    assert not Complaint.objects.exists()


def test_a_stranger_neither_sees_nor_opens_one(complaint, place, stranger, lead):
    assert access.get_complaint(lead, complaint.pk) == complaint
    with pytest.raises(Complaint.DoesNotExist):
        access.get_complaint(stranger, complaint.pk)
    with pytest.raises(Conversation.DoesNotExist):
        actions.open_complaint(conversation=place, agent=stranger, what_happened="It broke.")


def test_a_team_with_a_procedure_of_its_own_uses_it(place, owner, team):
    finance = Procedure.objects.create(name="Ours", team=team, final_response_days=56)
    finance.stages.create(key="received", order=0, name="In")
    made = actions.open_complaint(conversation=place, agent=owner, what_happened="It broke.")
    assert made.procedure == finance
    assert (made.final_due_at - made.opened_at).days == 56


def test_a_further_conversation_of_the_same_customer_can_be_linked(complaint, mailbox, owner):
    more = inbox.open_conversation(
        customer=complaint.customer, subject="And now?", text="Any news?", mailbox=mailbox
    )
    actions.link(complaint=complaint, conversation=more, agent=owner)
    actions.link(complaint=complaint, conversation=more, agent=owner)
    assert list(access.of_conversation(owner, more)) == [complaint]
    other = inbox.open_conversation(
        customer=Customer.objects.create(name="Otto Other"), subject="Hi", text="Hi", mailbox=mailbox
    )
    with pytest.raises(ComplaintError, match="Otto Other"):
        actions.link(complaint=complaint, conversation=other, agent=owner)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_twenty_numbers_without_a_gap(owner, mailbox, team, customer):
    places = [
        inbox.open_conversation(customer=customer, subject=f"No. {n}", text="It broke.", mailbox=mailbox)
        for n in range(20)
    ]

    def open_one(place):
        try:
            with transaction.atomic():
                made = actions.open_complaint(conversation=place, agent=owner, what_happened="It broke.")
                if place == places[7]:
                    raise ComplaintError("The power failed just then.")
                return made.number
        except ComplaintError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(open_one, places))
    year = timezone.localdate().year
    assert sorted(filter(None, numbers)) == [f"C-{year}-{n:04d}" for n in range(1, 20)]
    assert Procedure.objects.filter(is_default=True).count() == 1


def test_a_conversation_with_a_complaint_is_not_deleted(complaint, place, lead):
    for promise in Promise.objects.all():
        promises.withdraw(promise=promise, agent=lead)
    with pytest.raises(NotPossible, match=complaint.number):
        inbox.remove(conversation=place, by=lead)
    assert Conversation.objects.filter(pk=place.pk).exists()
