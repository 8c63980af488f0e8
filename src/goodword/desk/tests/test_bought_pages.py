"""A purchase or subscription that no shop tells of is typed in, put right, and taken away."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from goodword.customers import actions
from goodword.customers.facts import PurchaseFacts, SubscriptionFacts, Who
from goodword.customers.models import Customer, Purchase, Subscription
from goodword.events.models import Event
from goodword.events.timeline import sentences
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent

from .conftest import LogIn

KETTLE = {
    "product": "Kettle",
    "order_number": "O-1",
    "sku": "K9",
    "quantity": "2",
    "amount": "39.90",
    "currency": "eur",
    "bought_on": "2026-05-03",
    "delivered_on": "2026-05-05",
    "warranty_until": "2028-05-03",
}
PLAN = {
    "plan": "Filters each month",
    "state": "active",
    "started_on": "2026-05-03",
    "renews_on": "2026-12-03",
}


def told(owner: Agent) -> list[str]:
    events = Event.objects.filter(kind__startswith="customer.").order_by("id")
    bought = [event for event in events if "purchase" in event.kind or "subscription" in event.kind]
    return [line.text for line in sentences(bought, {owner.pk: owner.name})]


def test_a_purchase_is_typed_in_once_put_right_and_taken_away(
    browser: Client, customer: Customer, owner: Agent
) -> None:
    at = f"/customers/{customer.pk}/purchases/new/"
    assert browser.get(at).status_code == 200
    for _twice in range(2):
        assert browser.post(at, KETTLE).status_code == 303
    made = Purchase.objects.get()
    assert (made.customer, made.quantity, made.amount, made.currency) == (
        customer,
        2,
        Decimal("39.90"),
        "EUR",
    )
    assert (made.bought_at.date(), made.warranty_until) == (date(2026, 5, 3), date(2028, 5, 3))
    page = browser.get(f"/customers/{customer.pk}/").content.decode()
    assert f"/customers/purchases/{made.pk}/" in page
    shown = browser.get(f"/customers/purchases/{made.pk}/").content.decode()
    assert 'value="2026-05-03"' in shown
    browser.post(f"/customers/purchases/{made.pk}/", KETTLE | {"product": "Blue kettle"})
    made.refresh_from_db()
    assert made.product == "Blue kettle"
    for _twice in range(2):
        browser.post(f"/customers/purchases/{made.pk}/remove/")
    assert not Purchase.objects.exists()
    assert told(owner) == [
        "Bought Kettle on 3 May 2026, order O-1.",
        "Olga Owner changed the purchase of Blue kettle.",
        "Olga Owner took away the purchase of Blue kettle on 3 May 2026.",
    ]


def test_a_subscription_is_typed_in_put_right_and_taken_away(
    browser: Client, customer: Customer, owner: Agent
) -> None:
    for _twice in range(2):
        assert browser.post(f"/customers/{customer.pk}/subscriptions/new/", PLAN).status_code == 303
    made = Subscription.objects.get()
    assert (made.plan, made.renews_on, made.amount, made.currency) == (
        "Filters each month", date(2026, 12, 3), None, "",
    )  # fmt: skip
    at = f"/customers/subscriptions/{made.pk}/"
    assert "Filters each month" in browser.get(at).content.decode()
    browser.post(at, PLAN | {"state": "ended", "ended_on": "2026-11-01"})
    made.refresh_from_db()
    assert (made.state, made.ended_on) == ("ended", date(2026, 11, 1))
    browser.post(f"{at}remove/")
    assert not Subscription.objects.exists()
    assert told(owner)[-1] == "Olga Owner took away the subscription to Filters each month."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"product": ""}, "This field is required"),
        ({"quantity": "0"}, "more than nothing"),
        ({"delivered_on": "2026-05-01"}, "cannot be delivered before it was bought"),
        ({"currency": "E1"}, "is no currency"),
        ({"bought_on": (timezone.now() + timedelta(days=2)).date().isoformat()}, "still to come"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    browser: Client, customer: Customer, changes: dict[str, str], said: str
) -> None:
    answer = browser.post(f"/customers/{customer.pk}/purchases/new/", KETTLE | changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Purchase.objects.exists()


def test_what_a_shop_tells_of_is_changed_there(browser: Client, customer: Customer) -> None:
    facts = PurchaseFacts(external_id="7", product="Kettle", bought_at=datetime(2026, 5, 3, tzinfo=UTC))
    made = actions.put_purchase(source="shop", who=Who(customer_id=customer.pk), facts=facts).row
    page = browser.get(f"/customers/{customer.pk}/").content.decode()
    assert f"/customers/purchases/{made.pk}/" not in page
    answer = browser.post(f"/customers/purchases/{made.pk}/", KETTLE)
    assert answer.status_code == 422
    assert "This comes from shop" in answer.content.decode()
    browser.post(f"/customers/purchases/{made.pk}/remove/")
    assert Purchase.objects.get().product == "Kettle"


def test_a_stranger_sees_no_purchase_of_theirs(
    log_in: LogIn, stranger: Agent, browser: Client, conversation: Conversation, customer: Customer
) -> None:
    browser.post(f"/customers/{customer.pk}/purchases/new/", KETTLE)
    browser.post(f"/customers/{customer.pk}/subscriptions/new/", PLAN)
    away = log_in(stranger)
    made, runs = Purchase.objects.get(), Subscription.objects.get()
    for address in (f"purchases/{made.pk}/", f"subscriptions/{runs.pk}/", f"{customer.pk}/purchases/new/"):
        assert away.get(f"/customers/{address}").status_code == 404
    for address in (f"purchases/{made.pk}/remove/", f"subscriptions/{runs.pk}/remove/"):
        assert away.post(f"/customers/{address}").status_code == 404
    assert Purchase.objects.count() == Subscription.objects.count() == 1


def test_nothing_is_written_about_somebody_who_was_erased(customer: Customer, owner: Agent) -> None:
    facts = SubscriptionFacts(external_id="", plan="Filters")
    Customer.objects.filter(pk=customer.pk).update(erased_at=timezone.now())
    with pytest.raises(actions.CustomerError, match="was erased"):
        actions.keep_subscription(customer=customer, facts=facts, agent=owner)
    assert not Subscription.objects.exists()
