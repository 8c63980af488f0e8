"""Programs give conversations to teams and people, raise them, put them away, and sort them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.inbox.models import Conversation, Escalation, Handover, Message
from goodword.mail.models import OutgoingMail
from goodword.promises.models import Promise
from goodword.staff.models import Agent, Team

from .conftest import Program


@pytest.fixture
def at(conversation: Conversation) -> str:
    return f"conversations/{conversation.pk}"


def test_a_conversation_is_put_into_a_team_and_out_again(house: Program, at: str, owner: Agent) -> None:
    Team.objects.create(name="Returns").members.add(owner)
    said = house("POST", f"{at}/team", {"team": "returns"})
    assert (said.status, said.body["team"]) == (200, "Returns")
    assert house("POST", f"{at}/team", {"team": None}).body["team"] is None
    unknown = house("POST", f"{at}/team", {"team": "Moon"})
    assert (unknown.status, unknown.body["type"]) == (404, "urn:goodword:problem:unknown-team")


def test_it_is_handed_over_with_its_promises_and_the_customer_is_told(
    program: Callable[..., Program], at: str, conversation: Conversation, owner: Agent, team_mate: Agent
) -> None:
    ours = program("write", agent=owner)
    ours("POST", f"{at}/note", {"markdown": "x", "promises": [{"what": "Call back"}]})
    body = {
        "agent": team_mate.email,
        "summary": "She waits for a parcel.",
        "tell_customer": "{{to}} goes on from here.",
        "with_promises": True,
    }
    said = [ours("POST", f"{at}/handover", body) for _twice in range(2)]
    assert [one.status for one in said] == [200, 200]
    assert said[1].body["assignee"]["email"] == team_mate.email
    assert Handover.objects.get().told is not None
    assert "Tariq goes on from here." in Message.objects.get(kind="automatic").text
    assert OutgoingMail.objects.count() == 1
    assert Promise.objects.get().owner == team_mate


@pytest.mark.parametrize("to", [{}, {"agent": "tariq@desk.example", "team": "Care"}])
def test_a_hand_over_goes_to_one_agent_or_team(
    house: Program, at: str, team: Team, to: dict[str, str]
) -> None:
    said = house("POST", f"{at}/handover", {"summary": "x", **to})
    assert said.status == 409
    assert "either an agent or a team" in said.body["detail"]


def test_it_is_raised_once_and_decided(house: Program, at: str, administrator: Agent, lead: Agent) -> None:
    for _twice in range(2):
        said = house("POST", f"{at}/escalate", {"reason": "She wants 400 back."})
        assert (said.status, said.body["escalation_level"]) == (200, 1)
    assert Escalation.objects.count() == 1
    decided = house("POST", f"{at}/decide", {"decision": "Give it."})
    assert (decided.status, decided.body["escalation_level"]) == (200, 0)
    assert Escalation.objects.get().decision == "Give it."


def test_nobody_decides_who_was_not_asked(
    program: Callable[..., Program], at: str, lead: Agent, owner: Agent, team_mate: Agent
) -> None:
    program("write", agent=owner)("POST", f"{at}/escalate", {"reason": "Too much for me."})
    said = program("write", agent=team_mate)("POST", f"{at}/decide", {"decision": "No."})
    assert said.status == 403


def test_it_is_put_away_and_tagged(house: Program, at: str) -> None:
    later = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    said = house("POST", f"{at}/snooze", {"until": later.isoformat()})
    assert (said.status, said.body["state"]) == (200, "snoozed")
    assert house("POST", f"{at}/snooze", {"until": "2026-01-01T09:00:00"}).status == 409
    house("POST", f"{at}/tags", {"add": ["Delivery", "refund"]})
    assert house("POST", f"{at}/tags", {"remove": ["refund", "never"]}).body["tags"] == ["delivery"]


def test_a_call_of_somebody_begins_a_conversation_once(house: Program, conversation: Conversation) -> None:
    body = {
        "subject": "The lamp flickers",
        "direction": "incoming",
        "said": "Since Monday.",
        "mailbox": "care@desk.example",
        "reference": "pbx-7",
    }
    path = f"customers/{conversation.customer_id}/calls"
    first, again = (house("POST", path, body) for _twice in range(2))
    assert (first.status, first.body["id"]) == (201, again.body["id"])
    assert (first.body["channel"], first.body["subject"]) == ("phone", "The lamp flickers")
    assert Conversation.objects.count() == 2
    assert house("POST", "customers/999999/calls", body | {"reference": "pbx-8"}).status == 404


def test_a_stranger_can_do_none_of_it(program: Callable[..., Program], at: str, stranger: Agent) -> None:
    theirs = program("write", agent=stranger)
    for verb, body in (
        ("team", {"team": None}),
        ("handover", {"agent": stranger.email, "summary": "Mine."}),
        ("escalate", {"reason": "x"}),
        ("decide", {"decision": "x"}),
        ("snooze", {"until": "2099-01-01T09:00:00"}),
        ("tags", {"add": ["x"]}),
    ):
        assert theirs("POST", f"{at}/{verb}", body).status == 404
