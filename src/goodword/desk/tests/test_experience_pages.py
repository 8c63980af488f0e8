"""What stands beside a customer who had a bad time, and what to do about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goodword.complaints.actions import open_complaint
from goodword.customers import balance
from goodword.customers.models import MomentWeight, Purchase
from goodword.customers.next_action import next_action
from goodword.inbox import actions as inbox
from goodword.promises import actions as promises
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(customer, mailbox, team):
    return inbox.open_conversation(
        customer=customer, subject="A lamp", text="The lamp broke.", mailbox=mailbox
    )


def promised(place, agent) -> Promise:
    told = NewPromise(what="a new lamp", quote="", due_at=None, whole_day=False, due_text="")
    return inbox.add_promise(conversation=place, agent=agent, promise=told)


def test_a_broken_promise_is_seen_beside_the_conversation_until_made_good(
    client: Client, owner, place
) -> None:
    client.force_login(owner)
    promises.break_(promise=promised(place, owner), agent=owner)
    balance.take_up()
    shown = client.get(reverse("conversation", args=[place.pk])).content.decode()
    assert "to be made good since" in shown
    assert (
        "Ask whether all is well now"
        in client.get(reverse("customer", args=[place.customer_id])).content.decode()
    )
    page = client.get(reverse("customer_experience", args=[place.customer_id])).content.decode()
    assert "A promise was broken" in page
    assert reverse("conversation", args=[place.pk]) in page
    for _number in range(12):
        promises.keep(promise=promised(place, owner), agent=owner)
    balance.take_up()
    assert (
        "to be made good since" not in client.get(reverse("conversation", args=[place.pk])).content.decode()
    )


def test_what_is_owed_comes_before_everything_else(owner, customer, place) -> None:
    today = timezone.localdate()
    Purchase.objects.create(
        customer=customer, product="Kettle", bought_at=timezone.now(), source="shop", external_id="1",
        warranty_until=today + timedelta(days=10),
    )  # fmt: skip
    assert "Kettle" in next_action(customer, owner).what
    promise = promised(place, owner)
    promises.renegotiate(promise=promise, agent=owner, due_at=timezone.now() - timedelta(hours=1))
    assert "Own up to the late promise" in next_action(customer, owner).what
    promises.keep(promise=promise, agent=owner)
    made = open_complaint(conversation=place, agent=owner, what_happened="The lamp broke.")
    assert made.number in next_action(customer, owner).what


def test_whoever_is_not_content_is_offered_nothing(owner, customer) -> None:
    customer.since = timezone.now() - timedelta(days=366)
    customer.save()
    assert "Thank them" in next_action(customer, owner).what
    customer.recovering_since = timezone.now()
    assert "all is well" in next_action(customer, owner).what


def test_a_stranger_does_not_hear_of_promises_they_may_not_see(owner, stranger, customer, place) -> None:
    promise = promised(place, owner)
    promises.renegotiate(promise=promise, agent=owner, due_at=timezone.now() - timedelta(hours=1))
    assert next_action(customer, stranger) is None


def test_a_stranger_cannot_open_the_page(client: Client, stranger, place) -> None:
    client.force_login(stranger)
    assert client.get(reverse("customer_experience", args=[place.customer_id])).status_code == 404


def test_a_lead_sets_what_moments_weigh(client: Client, lead, owner) -> None:
    client.force_login(lead)
    given = balance.weights() | {"gesture": 6}
    assert client.post(reverse("experience"), given).status_code == 303
    assert MomentWeight.objects.get().weight == 6
    assert client.post(reverse("experience"), given | {"gesture": -1}).status_code == 422
    client.force_login(owner)
    assert client.get(reverse("experience")).status_code == 403
