"""Programs say what customers bought: the same again is harmless, and one bad row takes nothing in."""

from typing import Any

import pytest

from goodword.customers.models import Customer, CustomField, Purchase, Subscription
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent

from .conftest import Program

KETTLE = {
    "source": "shop",
    "external_id": "77",
    "customer": {"email": "carla@example.org"},
    "product": "Kettle",
    "bought_at": "2026-05-03T10:00:00+02:00",
    "order_number": "O-1",
    "amount": 39.9,
    "currency": "EUR",
    "warranty_until": "2028-05-03",
}


def test_a_purchase_is_written_down_once_and_changed_by_the_same_number(
    house: Program, customer: Customer
) -> None:
    made = [house("PUT", "purchases", KETTLE) for _ in range(2)]
    assert [said.status for said in made] == [201, 200]
    later = house("PUT", "purchases", KETTLE | {"delivered_at": "2026-05-05T12:00:00Z", "quantity": 2})
    assert (later.status, later.body["quantity"], later.body["amount"]) == (200, 2.0, 39.9)
    assert Purchase.objects.get().customer == customer
    bought = house("GET", f"customers/{customer.pk}/purchases").body
    assert [row["warranty_until"] for row in bought["purchases"]] == ["2028-05-03"]


def test_a_subscription_follows_its_system(house: Program, customer: Customer) -> None:
    said = {"source": "billing", "external_id": "s1", "customer": {"id": customer.pk}, "plan": "Plus"}
    statuses = [
        house("PUT", "subscriptions", said | {"state": state}).status
        for state in ("trial", "active", "ended")
    ]
    assert (statuses, Subscription.objects.get().state) == ([201, 200, 200], "ended")


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"customer": {}}, 409, "does not say whose it is"),
        ({"customer": {"number": "9"}}, 409, "Nobody is known by the number '9'"),
        ({"bought_at": "yesterday"}, 422, "ust be a date and a time"),
        ({"amount": "many"}, 422, "amount"),
        ({"currency": "€"}, 422, "currency"),
        ({"delivered_at": "2026-05-01T12:00:00Z"}, 409, "cannot be delivered before it was bought"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_what_does_not_fit_is_refused(
    house: Program, change: dict[str, Any], status: int, sentence: str
) -> None:
    said = house("PUT", "purchases", KETTLE | change)
    assert (said.status, sentence in said.body["detail"]) == (status, True), said.body
    assert not Purchase.objects.exists()
    assert not Customer.objects.exists()


def test_a_customer_is_known_by_the_number_of_the_other_system(house: Program, db: None) -> None:
    CustomField.objects.create(key="size", label="Size", kind="number")
    said = {"source": "shop", "external_id": "C-1", "email": "nora@example.org", "name": "Nora New"}
    said |= {"tier": "gold", "phone": "+49 30 1234567", "fields": {"size": "38"}, "organisation": "Work Ltd"}
    first = house("PUT", "customers", said)
    assert (first.status, first.body["tier"], first.body["fields"]) == (201, "gold", {"size": "38"})
    assert first.body["phones"] == [{"number": "+49301234567", "shown": "+49 30 1234567", "label": ""}]
    moved = {"source": "shop", "external_id": "C-1", "email": "nora@elsewhere.example", "tier": ""}
    again = house("PUT", "customers", moved)
    assert (again.status, again.body["id"], again.body["tier"]) == (200, first.body["id"], "")
    assert again.body["addresses"] == ["nora@example.org", "nora@elsewhere.example"]
    bad = house(
        "PUT", "customers", {"source": "shop", "external_id": "C-1", "tier": "x", "fields": {"no": "1"}}
    )
    assert (bad.status, "There is no field 'no'" in bad.body["detail"]) == (409, True)
    assert house("GET", f"customers/{first.body['id']}").body["tier"] == ""


def test_a_customer_is_described_by_our_own_number(house: Program, customer: Customer) -> None:
    change = {
        "greeting_name": "Ms C",
        "preferred_channel": "phone",
        "time_zone": "Europe/Berlin",
        "add_phone": "030 1234567",
        "add_handle": {"network": "Chat", "handle": "@carla"},
    }
    said = house("PATCH", f"customers/{customer.pk}", change).body
    assert (said["greeting_name"], said["preferred_channel"]) == ("Ms C", "phone")
    assert [phone["number"] for phone in said["phones"]] == ["+49301234567"]
    assert said["handles"] == [{"network": "Chat", "handle": "@carla"}]
    refused = house("PATCH", f"customers/{customer.pk}", {"tier": "gold", "time_zone": "Mars/North"})
    assert refused.status == 409
    assert house("GET", f"customers/{customer.pk}").body["tier"] == ""


def test_consent_is_given_and_withdrawn(house: Program, customer: Customer) -> None:
    path = f"customers/{customer.pk}/consents"
    yes = {"purpose": "offers", "given": True, "how": "check-out form", "proof": "[x] Send me offers"}
    house("POST", path, yes)
    said = house("POST", path, {"purpose": "offers", "given": False, "how": "mail"})
    assert said.status == 201
    standing = {one["purpose"]: (one["given"], one["allowed"]) for one in house("GET", path).body}
    assert standing == {
        "service": (True, True),
        "surveys": (None, True),
        "notices": (None, True),
        "offers": (False, False),
    }


def test_a_program_of_a_stranger_writes_nothing_about_hidden_customers(
    program: Any, stranger: Agent, conversation: Conversation
) -> None:
    theirs = program("write", agent=stranger)
    assert theirs("PUT", "purchases", KETTLE).status == 404
    said = {"source": "shop", "external_id": "C-1", "email": "carla@example.org", "tier": "gold"}
    assert theirs("PUT", "customers", said).status == 404
    assert not Purchase.objects.exists()
    conversation.customer.refresh_from_db()
    assert conversation.customer.tier == ""


def test_a_token_that_only_reads_puts_nothing(program: Any, customer: Customer) -> None:
    assert program("read")("PUT", "purchases", KETTLE).status == 403
