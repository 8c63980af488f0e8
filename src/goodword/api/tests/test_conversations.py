"""Conversations over the API: found, opened, answered, moved, closed."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes

import pytest
from django.db import connection

from goodword.customers.models import Customer
from goodword.inbox.actions import note, open_conversation
from goodword.inbox.models import Conversation, Message
from goodword.mail.actions import suppress
from goodword.mail.models import OutgoingMail, Suppression
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .conftest import Program

Make = Callable[..., Program]


def test_a_list_is_read_page_by_page(house: Program, customer: Customer) -> None:
    made = [open_conversation(customer=customer, subject=f"Number {n}", text="x").pk for n in range(5)]
    first = house("GET", "conversations?limit=3").body
    rest = house("GET", f"conversations?limit=3&cursor={first['next_cursor']}").body
    assert [row["id"] for row in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_a_cursor_nobody_gave_out_is_refused(house: Program) -> None:
    said = house("GET", "conversations?cursor=nonsense")
    assert (said.status, said.body["type"]) == (404, "urn:goodword:problem:bad-cursor")
    assert "'nonsense' is no place in this list" in said.body["detail"]


def test_search_finds_words_and_numbers(house: Program, conversation: Conversation) -> None:
    found = house("GET", "conversations?q=parcel").body["items"]
    assert [row["id"] for row in found] == [conversation.pk]
    assert "<mark>parcel</mark>" in found[0]["match"]["subject"]
    assert house("GET", f"conversations?q={conversation.pk}").body["items"][0]["match"]["why"] == "number"


def test_a_conversation_is_opened_and_told_whole(house: Program) -> None:
    said = house(
        "POST",
        "conversations",
        {
            "customer": {"email": "Nora@Example.org", "name": "Nora New"},
            "subject": "My chair wobbles",
            "text": "Since Tuesday.",
        },
    )
    assert said.status == 201
    told = house("GET", f"conversations/{said.body['id']}").body
    assert (told["customer"]["name"], told["state"]) == ("Nora New", "open")
    assert [message["text"] for message in told["messages"]] == ["Since Tuesday."]


def test_a_repeated_call_opens_one_conversation(house: Program) -> None:
    sent = {"customer": {"email": "n@example.org"}, "subject": "Once"}
    first = house("POST", "conversations", sent, Idempotency_Key="abc")
    again = house("POST", "conversations", sent, Idempotency_Key="abc")
    assert (first.body["id"], Conversation.objects.count()) == (again.body["id"], 1)
    other = house("POST", "conversations", sent | {"subject": "Twice"}, Idempotency_Key="abc")
    assert (other.status, other.body["type"]) == (409, "urn:goodword:problem:key-used")
    assert house("POST", "conversations", sent, Idempotency_Key="a b").status == 422


@pytest.mark.django_db(transaction=True)
def test_a_call_repeated_at_the_same_time_is_done_once(house: Program) -> None:
    sent = {"customer": {"email": "n@example.org"}, "subject": "Once"}
    start = threading.Barrier(4)

    def call(_: int) -> int:
        start.wait(20)
        try:
            return int(Program(house.key)("POST", "conversations", sent, Idempotency_Key="abc").body["id"])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(call, range(4)))
    assert (len(answers), Conversation.objects.count()) == (1, 1)


def test_a_key_belongs_to_its_token(house: Program, program: Make) -> None:
    sent = {"customer": {"email": "n@example.org"}, "subject": "Once"}
    house("POST", "conversations", sent, Idempotency_Key="abc")
    program("write")("POST", "conversations", sent, Idempotency_Key="abc")
    assert Conversation.objects.count() == 2


def test_a_reply_goes_into_the_outbox_with_its_promises(
    program: Make, owner: Agent, conversation: Conversation
) -> None:
    said = program("write", agent=owner)(
        "POST",
        f"conversations/{conversation.pk}/reply",
        {
            "markdown": "It **comes** on Friday.",
            "promises": [{"what": "Parcel arrives", "due": "2026-11-27"}],
        },
    )
    assert (said.status, said.body["delivery"]["state"]) == (202, "queued")
    assert OutgoingMail.objects.count() == 1
    promise = Promise.objects.get()
    assert (said.body["promises"], promise.whole_day, promise.owner) == ([promise.pk], True, owner)


def test_a_reply_of_the_whole_house_goes_where_its_program_says_and_is_no_automatic_one(
    house: Program, conversation: Conversation
) -> None:
    suppress(address="carla@example.org", reason=Suppression.Reason.BOUNCED)
    said = house(
        "POST",
        f"conversations/{conversation.pk}/reply",
        {"markdown": "It comes on Friday.", "to": ["carla@example.org"], "cc": ["ben@example.net"]},
    )
    assert said.status == 202, said.body
    left = OutgoingMail.objects.get()
    assert [person["email"] for person in said.body["to"]] == ["carla@example.org"]
    assert [person["email"] for person in said.body["cc"]] == ["ben@example.net"]
    assert left.recipients == ["carla@example.org", "ben@example.net"]
    assert message_from_bytes(bytes(left.raw))["Auto-Submitted"] is None


def test_a_repeated_reply_is_one_mail(house: Program, conversation: Conversation) -> None:
    path, sent = f"conversations/{conversation.pk}/reply", {"markdown": "Hello"}
    first = house("POST", path, sent, Idempotency_Key="reply-1")
    again = house("POST", path, sent, Idempotency_Key="reply-1")
    assert (first.body["id"], OutgoingMail.objects.count()) == (again.body["id"], 1)


def test_a_reply_is_stopped_when_the_conversation_moved(
    house: Program, owner: Agent, conversation: Conversation
) -> None:
    revision = house("GET", f"conversations/{conversation.pk}").body["revision"]
    added = note(conversation=conversation, agent=owner, markdown="I called her.")
    said = house(
        "POST", f"conversations/{conversation.pk}/reply", {"markdown": "Hello", "revision": revision}
    )
    assert (said.status, said.body["type"]) == (409, "urn:goodword:problem:conversation-moved")
    assert (said.body["messages"], said.body["revision"]) == ([added.pk], revision + 1)
    assert OutgoingMail.objects.count() == 0


def test_a_promise_without_a_usable_time_sends_nothing(house: Program, conversation: Conversation) -> None:
    said = house(
        "POST",
        f"conversations/{conversation.pk}/reply",
        {"markdown": "Hello", "promises": [{"what": "Call", "due": "next week"}]},
    )
    assert (said.status, said.body["errors"][0]["field"]) == (422, "body.promises.0.due")
    assert "'next week' is no due time" in said.body["detail"]
    assert OutgoingMail.objects.count() == 0


def test_a_note_stays_inside(house: Program, administrator: Agent, conversation: Conversation) -> None:
    said = house("POST", f"conversations/{conversation.pk}/note", {"markdown": "Called her."})
    assert (said.status, said.body["kind"], said.body["agent"]["id"]) == (201, "note", administrator.pk)
    assert OutgoingMail.objects.count() == 0


def test_a_note_of_the_house_needs_an_administrator(house: Program, conversation: Conversation) -> None:
    said = house("POST", f"conversations/{conversation.pk}/note", {"markdown": "Called her."})
    assert (said.status, said.body["type"]) == (409, "urn:goodword:problem:no-agent")


def test_a_conversation_is_given_to_an_agent_and_back(
    house: Program, owner: Agent, stranger: Agent, conversation: Conversation
) -> None:
    path = f"conversations/{conversation.pk}/assign"
    assert house("POST", path, {"agent": owner.email}).body["assignee"]["id"] == owner.pk
    assert house("POST", path, {"agent": None}).body["assignee"] is None
    assert house("POST", path, {"agent": stranger.email}).status == 409
    assert house("POST", path, {"agent": "no@desk.example"}).status == 404


def test_a_conversation_is_made_urgent(house: Program, conversation: Conversation) -> None:
    path = f"conversations/{conversation.pk}"
    said = house("PATCH", path, {"priority": "urgent"})
    assert (said.status, said.body["priority"], said.body["reply_due_at"]) == (200, "urgent", None)
    assert house("PATCH", path, {"priority": "burning"}).status == 422


def test_closing_asks_about_open_promises(house: Program, conversation: Conversation) -> None:
    made = house(
        "POST", "promises", {"conversation": conversation.pk, "what": "Call back", "due": "2026-11-27"}
    )
    path = f"conversations/{conversation.pk}"
    said = house("POST", f"{path}/close", {})
    assert (said.status, said.body["promises"]) == (409, [made.body["id"]])
    assert house("POST", f"{path}/close", {"leave_promises": True}).body["state"] == "closed"
    assert house("GET", "conversations?state=closed").body["items"][0]["id"] == conversation.pk
    assert house("POST", f"{path}/reopen").body["state"] == "open"


def test_earlier_messages_are_asked_for(house: Program, owner: Agent, conversation: Conversation) -> None:
    for number in range(3):
        note(conversation=conversation, agent=owner, markdown=f"Note {number}")
    path = f"conversations/{conversation.pk}"
    newest = house("GET", f"{path}?limit=2").body
    before = house("GET", f"{path}?limit=5&before={newest['earlier']}").body
    shown = [message["id"] for message in before["messages"] + newest["messages"]]
    assert shown == list(Message.objects.order_by("id").values_list("id", flat=True))


def test_a_list_costs_the_same_however_long(
    house: Program, customer: Customer, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(30):
        open_conversation(customer=customer, subject=f"Number {number}", text="x")
    house("GET", "conversations")
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        assert len(house("GET", "conversations?limit=30").body["items"]) == 30
