"""Erasing goes on whatever is killed, and no worker does what another did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.customers import actions, erasing
from goodword.customers.models import Customer, Erasure
from goodword.events.models import Event
from goodword.inbox import actions as inbox
from goodword.inbox.models import Conversation
from tests.waiting import until
from tests.workers import working

from .marks import found

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "zyxmark"
CONVERSATIONS = 90
KILLS = 6


def person_with(conversations: int) -> Customer:
    """Somebody who wrote often."""
    person = actions.customer_of(address=f"{MARK}@{MARK}.example", name=MARK)
    for number in range(conversations):
        place = inbox.open_conversation(
            customer=person, subject=f"{MARK} {number}", text=f"{MARK} asks {number}"
        )
        inbox.note(conversation=place, agent=None, markdown=f"{MARK} again")
    return person


def test_killed_in_the_middle_it_is_done_once_and_whole(administrator, customer) -> None:
    person = person_with(CONVERSATIONS)
    inbox.open_conversation(customer=customer, subject="Mine", text="A sofa.")
    erasure = actions.erase(customer=person, by=administrator, number=str(person.pk))

    def left() -> int:
        return Conversation.objects.filter(customer=person).count()

    with working(erasing.work_off, count=3) as workers:
        for kill in range(KILLS):
            until(lambda most=CONVERSATIONS - 10 * kill: left() < most, what="the next piece")
            workers.kill_one()
        until(lambda: not Erasure.objects.filter(finished_at=None).exists(), what="the end of it")
    erasure.refresh_from_db()
    assert found(MARK) == {}
    assert erasure.counts["inbox.conversation"] == CONVERSATIONS
    assert erasure.counts["inbox.message"] == 2 * CONVERSATIONS
    assert Event.objects.filter(kind="customer.erased").count() == 1
    assert Conversation.objects.get().customer == customer


def test_a_mail_that_was_being_sorted_meanwhile_is_somebody_new_and_not_lost(administrator) -> None:
    person = person_with(1)
    later = timezone.now() + timedelta(minutes=1)
    place = inbox.open_conversation(customer=person, subject="Late", text="Hello again.", at=later)
    erasure = actions.erase(customer=person, by=administrator, number=str(person.pk))
    place.messages.update(sender_address="late@example.org", sender_name="Late")
    actions.finish(erasure)
    place.refresh_from_db()
    assert place.customer_id != person.pk
    assert place.customer.addresses.get().address == "late@example.org"
    assert place.messages.get().text == "Hello again."


def test_erasing_twice_is_one_erasure(administrator) -> None:
    person = person_with(1)
    first = actions.erase(customer=person, by=administrator, number=str(person.pk))
    assert actions.erase(customer=person, by=administrator, number="") == first
    actions.finish(first)
    assert actions.erase(customer=person, by=administrator, number="") == first
    assert not erasing.carry_out(first.pk)
    assert Event.objects.filter(kind="customer.erased").count() == 1


def test_nobody_is_joined_with_who_was_erased(administrator, customer) -> None:
    person = person_with(1)
    actions.erase(customer=person, by=administrator, number=str(person.pk))
    for gone, kept in ((person, customer), (customer, person)):
        with pytest.raises(actions.CustomerError, match="gone meanwhile"):
            actions.join(gone=gone, kept=kept, agent=administrator)
