"""What the composer's remarks come to while a reply is written, sent, disputed and taken back."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goodword.coaching import actions as coaching
from goodword.coaching.models import Remark
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent, Team

from .conftest import LogIn
from .test_writing import JSON, post_json, seen

JARGON = "Hi Carla, your kettle is on backorder."
RULE = "internal-jargon"
DRAFT_QUERIES = 24


def write(browser: Client, conversation: Conversation, text: str) -> list[dict[str, Any]]:
    """Save a draft; what the coach says of it."""
    given = {"markdown": text, "text": text, "kind": "reply"}
    said = post_json(browser, f"/conversations/{conversation.pk}/draft/", given).json()
    return list(said["review"]["findings"])


def send(browser: Client, conversation: Conversation, text: str) -> Any:
    given = {"markdown": text, "text": text, "kind": "reply", "seen": seen(conversation)}
    return browser.post(f"/conversations/{conversation.pk}/reply/", given, **JSON).json()


def outcome(rule: str = RULE) -> list[str]:
    return list(Remark.objects.filter(rule=rule).values_list("outcome", flat=True))


def test_the_composer_has_the_coach_of_the_team_that_answers_the_mailbox(
    browser: Client, conversation: Conversation, team: Team, lead: Agent
) -> None:
    assert RULE in [found["rule"] for found in write(browser, conversation, JARGON)]
    coaching.change_rule(by=lead, team=team, rule=RULE, off=True, reason="They know it.")
    assert RULE not in [found["rule"] for found in write(browser, conversation, JARGON)]


def test_a_remark_is_sent_over_and_forgotten_when_the_reply_is_taken_back(
    browser: Client, conversation: Conversation, team: Team
) -> None:
    write(browser, conversation, JARGON)
    assert outcome() == ["open"]
    sent = send(browser, conversation, JARGON)
    assert outcome() == ["sent"]
    assert Remark.objects.filter(rule=RULE).get().message_id == sent["message_id"]
    assert Remark.objects.filter(rule=RULE).get().team == team
    browser.post(sent["undo_url"], **JSON)
    assert outcome() == []


def test_a_remark_that_is_disputed_counts_for_the_team(browser: Client, conversation: Conversation) -> None:
    page = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    address = page.split('data-dispute-url="')[1].split('"')[0]
    quote = write(browser, conversation, JARGON)[0]["quote"]
    assert post_json(browser, address, {"rule": RULE, "quote": "on backorder"}).json() == {"ok": True}
    send(browser, conversation, "Hi Carla, your kettle is on its way.")
    assert outcome() == ["disputed"]
    assert quote


def test_a_dispute_about_a_conversation_that_is_hidden_is_not_found(
    conversation: Conversation, stranger: Agent, log_in: LogIn
) -> None:
    address = f"/coach/dispute/?conversation={conversation.pk}"
    assert post_json(log_in(stranger), address, {"rule": RULE, "quote": "x"}).status_code == 404
    assert not Remark.objects.exists()


def test_a_draft_costs_the_same_however_many_remarks_stand_beside_it(
    browser: Client, conversation: Conversation
) -> None:
    def cost(text: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            write(browser, conversation, text)
        return len(seen)

    cost("Hi Carla.")
    few = cost(JARGON)
    many = cost(f"{JARGON} Please note that we hereby utilise the RMA. You should have asked. Calm down.")
    assert few <= DRAFT_QUERIES
    assert many <= few + 2
