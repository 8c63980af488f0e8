"""Customers and the ledger of promises over the API."""

from goodword.customers.models import Customer
from goodword.inbox.models import Conversation
from goodword.promises.models import Outcome
from goodword.staff.models import Agent

from .conftest import Program


def test_a_customer_is_made_once(house: Program) -> None:
    first = house(
        "POST", "customers", {"email": "nora@example.org", "name": "Nora", "organisation": "Nora Ltd"}
    )
    again = house("POST", "customers", {"email": "NORA@example.org"})
    assert (first.status, again.status) == (201, 200)
    assert (first.body["id"], first.body["organisation"]) == (again.body["id"], "Nora Ltd")


def test_a_customer_is_changed_whole_or_not_at_all(house: Program, customer: Customer) -> None:
    house("POST", "customers", {"email": "taken@example.org"})
    path = f"customers/{customer.pk}"
    said = house("PATCH", path, {"name": "Carla C.", "add_address": "taken@example.org"})
    assert (said.status, said.body["type"]) == (409, "urn:goodword:problem:address-taken")
    assert house("GET", path).body["name"] == "Carla Customer"
    said = house("PATCH", path, {"name": "Carla C.", "add_address": "c@example.org"})
    assert (said.body["name"], said.body["addresses"]) == ("Carla C.", ["carla@example.org", "c@example.org"])


def test_customers_are_found_by_the_beginning_of_name_or_address(house: Program, customer: Customer) -> None:
    house("POST", "customers", {"email": "nora@example.org", "name": "Nora New"})
    for asked in ("carl", "custom", "carla@ex"):
        found = house("GET", f"customers?q={asked}").body["items"]
        assert [row["id"] for row in found] == [customer.pk]


def test_customers_are_read_page_by_page(house: Program) -> None:
    made = [house("POST", "customers", {"email": f"n{n}@example.org"}).body["id"] for n in range(3)]
    first = house("GET", "customers?limit=2").body
    rest = house("GET", f"customers?limit=2&cursor={first['next_cursor']}").body
    assert [row["id"] for row in first["items"] + rest["items"]] == made[::-1]


def test_a_promise_is_kept(house: Program, conversation: Conversation) -> None:
    made = house("POST", "promises", {"conversation": conversation.pk, "what": "Refund", "due": "2026-11-27"})
    assert (made.status, made.body["due"], made.body["state"]) == (201, "2026-11-27", "open")
    kept = house("POST", f"promises/{made.body['id']}/keep", {"note": "Paid."})
    assert (kept.body["state"], Outcome.objects.get().note) == ("kept", "Paid.")
    assert house("GET", "promises?state=open").body["items"] == []
    assert house("GET", "promises?state=kept").body["items"][0]["conversation"] == conversation.pk


def test_a_promise_sent_twice_with_one_key_is_one(house: Program, conversation: Conversation) -> None:
    sent = {"conversation": conversation.pk, "what": "Refund", "due": "2026-11-27"}
    first, again = (house("POST", "promises", sent, Idempotency_Key="refund-1") for _time in range(2))
    assert (first.status, again.status, first.body["id"]) == (201, 201, again.body["id"])
    assert house("POST", "promises", sent | {"what": "Lid"}, Idempotency_Key="refund-1").status == 409
    assert house("POST", "promises", sent).body["id"] != first.body["id"]


def test_a_note_sent_twice_with_one_key_is_one_with_its_promises(
    house: Program, conversation: Conversation, administrator: Agent
) -> None:
    path = f"conversations/{conversation.pk}/note"
    sent = {"markdown": "She gets it back.", "promises": [{"what": "Refund"}]}
    first, again = (house("POST", path, sent, Idempotency_Key="note-1") for _time in range(2))
    assert (first.status, first.body["id"]) == (201, again.body["id"])
    assert house("GET", "promises").body["items"][1:] == []


def test_a_promise_is_broken_renegotiated_and_withdrawn(house: Program, conversation: Conversation) -> None:
    made = house("POST", "promises", {"conversation": conversation.pk, "what": "Refund"}).body
    path = f"promises/{made['id']}"
    assert house("POST", f"{path}/break", {"note": "Bank holiday"}).body["state"] == "broken"
    later = house("POST", f"{path}/renegotiate", {"due": "2026-12-01T15:00:00Z"}).body
    assert (later["state"], later["due"]) == ("open", "2026-12-01T15:00:00+00:00")
    assert house("POST", f"{path}/withdraw", {}).body["state"] == "withdrawn"


def test_a_promise_cannot_be_owned_by_nobody_known(house: Program, conversation: Conversation) -> None:
    sent = {"conversation": conversation.pk, "what": "Refund", "owner": "no@desk.example"}
    assert house("POST", "promises", sent).status == 404


def test_a_promise_has_a_kind_a_condition_and_what_shows_that_it_was_kept(
    house: Program, conversation: Conversation
) -> None:
    made = house(
        "POST",
        "promises",
        {
            "conversation": conversation.pk,
            "what": "Refund",
            "kind": "money",
            "condition": "3 days once the parcel is back",
        },
    ).body
    assert (made["kind"], made["source"], made["due"], made["condition_met_at"]) == (
        "money",
        "hand",
        None,
        None,
    )
    met = house("POST", f"promises/{made['id']}/condition", {"note": "It is back."}).body
    assert met["condition_met_at"] is not None
    assert met["due"] is not None
    moved = house(
        "POST", f"promises/{made['id']}/renegotiate", {"due": "2027-01-04", "told_at": "2026-11-20T10:00:00Z"}
    )
    assert moved.status == 200
    house("POST", f"promises/{made['id']}/keep", {"evidence": "R-77"})
    kinds = Outcome.objects.order_by("id").values_list("kind", "evidence")
    assert list(kinds) == [("condition_met", ""), ("renegotiated", ""), ("kept", "R-77")]


def test_a_note_carries_the_promises_it_tells_of(
    house: Program, conversation: Conversation, administrator: Agent
) -> None:
    note = {"markdown": "Told her on the phone.", "promises": [{"what": "Send the lid", "due": "2026-11-27"}]}
    said = house("POST", f"conversations/{conversation.pk}/note", note)
    assert said.status == 201
    promise = house("GET", f"promises?customer={conversation.customer_id}").body["items"][0]
    assert (promise["what"], promise["source"]) == ("Send the lid", "note")
