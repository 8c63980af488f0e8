"""Telephone systems write calls down over the API."""

from collections.abc import Callable

from goodword.inbox.models import Call, Conversation
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .conftest import Program

CALL = {
    "direction": "incoming",
    "minutes": 7,
    "tone": "upset",
    "phone": "+49 30 123456",
    "said": "The parcel is **wet**.",
    "next_step": "Call back",
    "next_due": "2099-03-04",
    "promises": [{"what": "Send another one"}],
    "reference": "pbx-1",
}


def test_a_call_stands_in_the_conversation_with_its_promises(
    house: Program, conversation: Conversation
) -> None:
    said = house("POST", f"conversations/{conversation.pk}/calls", CALL)
    assert (said.status, said.body["kind"], said.body["text"]) == (201, "call", "The parcel is wet.")
    assert said.body["call"] == {
        "direction": "incoming",
        "answered": True,
        "minutes": 7,
        "tone": "upset",
        "phone": "+49 30 123456",
        "next_step": "Call back",
        "reference": "pbx-1",
    }
    assert list(Promise.objects.order_by("id").values_list("what", flat=True)) == [
        "Send another one",
        "Call back",
    ]
    shown = house("GET", f"conversations/{conversation.pk}").body["messages"]
    assert [(one["kind"], one["call"] is None) for one in shown] == [("customer", True), ("call", False)]


def test_a_call_told_of_twice_is_written_down_once(house: Program, conversation: Conversation) -> None:
    path = f"conversations/{conversation.pk}/calls"
    first, again = (house("POST", path, CALL) for _ in range(2))
    assert first.body["id"] == again.body["id"]
    plain = {"direction": "outgoing", "said": "x"}
    keyed = [house("POST", path, plain, Idempotency_Key="k1").body["id"] for _ in range(2)]
    assert keyed[0] == keyed[1]
    assert Call.objects.count() == 2


def test_what_makes_no_sense_is_refused(house: Program, conversation: Conversation) -> None:
    path = f"conversations/{conversation.pk}/calls"
    assert house("POST", path, {"direction": "incoming"}).status == 409
    assert house("POST", path, {"direction": "up", "said": "x"}).status == 422
    assert house("POST", "conversations/999999/calls", {"direction": "incoming", "said": "x"}).status == 404


def test_a_program_of_another_team_reaches_no_call(
    program: Callable[..., Program], conversation: Conversation, stranger: Agent
) -> None:
    theirs = program("write", agent=stranger)
    said = theirs("POST", f"conversations/{conversation.pk}/calls", {"direction": "incoming", "said": "x"})
    assert said.status == 404
