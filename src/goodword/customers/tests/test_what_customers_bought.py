"""Purchases and subscriptions from other systems: taken in twice, they stand once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from goodword.customers import actions, queries
from goodword.customers.facts import CustomerFacts, PurchaseFacts, SubscriptionFacts, Who
from goodword.customers.models import Customer, CustomerReference, Purchase, Subscription
from goodword.events.models import Event
from goodword.events.timeline import sentences

MAY = datetime(2026, 5, 3, 10, 0, tzinfo=UTC)


def kettle(**changes: object) -> PurchaseFacts:
    facts = {"external_id": "77", "product": "Kettle", "bought_at": MAY, "order_number": "O-1"}
    return PurchaseFacts(**{**facts, **changes})  # type: ignore[arg-type]


def test_the_same_purchase_twice_is_one_and_news_of_it_change_it(customer: Customer) -> None:
    who = Who(email="CARLA@example.org")
    outcomes = [
        actions.put_purchase(source="shop", who=who, facts=facts).outcome
        for facts in (kettle(), kettle(), kettle(amount=Decimal("39.9")), kettle(amount=Decimal("39.90")))
    ]
    assert outcomes == ["new", "same", "changed", "same"]
    purchase = Purchase.objects.get()
    assert (purchase.customer, purchase.amount) == (customer, Decimal("39.90"))
    told = sentences(Event.objects.filter(kind__startswith="customer.purchase").order_by("id"), {})
    assert [line.text for line in told] == [
        "Bought Kettle on 3 May 2026, order O-1.",
        "The purchase of Kettle was changed by shop.",
    ]


def test_the_same_number_of_two_systems_is_two_purchases(customer: Customer) -> None:
    for source in ("shop", "market"):
        actions.put_purchase(source=source, who=Who(email="carla@example.org"), facts=kettle())
    assert Purchase.objects.count() == 2


def test_somebody_new_becomes_a_customer_and_is_known_by_number_from_then_on(db: None) -> None:
    who = Who(email="nora@example.org", name="Nora New", number="C-5")
    put = actions.put_purchase(source="shop", who=who, facts=kettle())
    assert (put.customer_is_new, put.row.customer.name) == (True, "Nora New")
    moved = Who(email="nora@elsewhere.example", number="C-5")
    again = actions.put_purchase(source="shop", who=moved, facts=kettle(external_id="78"))
    assert (again.customer_is_new, again.row.customer) == (False, put.row.customer)
    assert queries.profile(put.row.customer).addresses == ("nora@example.org", "nora@elsewhere.example")
    assert str(CustomerReference.objects.get()) == "shop C-5"


@pytest.mark.parametrize(
    ("who", "changes", "sentence"),
    [
        (Who(), {}, "does not say whose it is"),
        (Who(number="9"), {}, "Nobody is known by the number '9'"),
        (Who(email="carla"), {}, "'carla' is not a mail address"),
        (Who(customer_id=999999), {}, "There is no customer 999999"),
        (Who(email="a@example.org"), {"product": " "}, "'product' is empty"),
        (Who(email="a@example.org"), {"quantity": Decimal(0)}, "more than nothing"),
        (Who(email="a@example.org"), {"amount": Decimal("1e12")}, "too large"),
        (Who(email="a@example.org"), {"currency": "€"}, "three letters"),
        (Who(email="a@example.org"), {"delivered_at": MAY - timedelta(days=1)}, "before it was bought"),
        (Who(email="a@example.org"), {"product": "x" * 301}, "301 characters; 300 are kept"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    db: None, who: Who, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(actions.CustomerError, match=sentence):
        actions.put_purchase(source="shop", who=who, facts=kettle(**changes))
    assert not Customer.objects.exists()
    assert not Purchase.objects.exists()


def test_a_subscription_follows_its_system(customer: Customer) -> None:
    who = Who(customer_id=customer.pk)
    for state in ("trial", "active", "active", "ended"):
        facts = SubscriptionFacts(external_id="s1", plan="Plus", state=state)
        actions.put_subscription(source="billing", who=who, facts=facts)
    assert Subscription.objects.get().state == "ended"
    told = sentences(Event.objects.filter(kind__startswith="customer.subscription").order_by("id"), {})
    assert [line.text for line in told] == [
        "Subscribed to Plus.",
        "The subscription to Plus is now: Running.",
        "The subscription to Plus is now: Ended.",
    ]
    odd = SubscriptionFacts(external_id="s1", plan="Plus", state="odd")
    with pytest.raises(actions.CustomerError, match="'odd' is no state of a subscription"):
        actions.put_subscription(source="billing", who=who, facts=odd)


def test_the_warranty_says_how_many_days_are_left(customer: Customer) -> None:
    facts = kettle(warranty_until=date(2026, 5, 15))
    row = actions.put_purchase(source="shop", who=Who(customer_id=customer.pk), facts=facts).row
    states = [queries.warranty(row, today=date(2026, 5, day)) for day in (3, 15, 16)]
    assert [(one.days_left, one.runs) for one in states if one] == [(12, True), (0, True), (-1, False)]


def test_a_customer_is_said_to_be_so_and_what_is_not_said_stays(customer: Customer) -> None:
    who = Who(email="carla@example.org", number="C-1")
    facts = CustomerFacts(tier="gold", phone="+49 30 1234567", organisation="Work Ltd")
    outcomes = [
        actions.put_customer(source="shop", who=who, facts=one).outcome
        for one in (facts, facts, CustomerFacts(tier=""))
    ]
    assert outcomes == ["changed", "same", "changed"]
    customer.refresh_from_db()
    assert (customer.name, customer.tier, str(customer.organisation)) == ("Carla Customer", "", "Work Ltd")
    with pytest.raises(actions.CustomerError, match="no channel"):
        actions.put_customer(
            source="shop", who=Who(email="new@example.org"), facts=CustomerFacts(preferred_channel="owl")
        )
    assert not Customer.objects.exclude(pk=customer.pk).exists()
