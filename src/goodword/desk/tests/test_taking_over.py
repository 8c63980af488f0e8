"""Handing over, putting into a team and raising a conversation, in the browser."""

import re

from django.test import Client

from goodword.inbox import actions
from goodword.inbox.models import Conversation, Escalation, Handover
from goodword.mail.models import OutgoingMail
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import Agent, Team

from .conftest import LogIn


def test_a_hand_over_begins_with_a_draft_and_ends_with_the_summary_in_the_thread(
    browser: Client, conversation: Conversation, owner: Agent, team_mate: Agent, stranger: Agent
) -> None:
    address = f"/conversations/{conversation.pk}/handover/"
    shown = browser.get(address).content.decode()
    assert "Carla Customer writes about &#x27;The kettle leaks&#x27;." in shown
    assert "Can I have my money back?" in shown
    assert "Tariq Mate" in shown
    assert "Stan Stranger" not in shown
    browser.post(address, {"to": f"agent-{team_mate.pk}", "summary": "She wants 40 back.", "words": "x"})
    conversation.refresh_from_db()
    assert conversation.assignee == team_mate
    assert Handover.objects.get().told is None
    assert "She wants 40 back." in browser.get(f"/conversations/{conversation.pk}/").content.decode()


def ticked(browser: Client, conversation: Conversation) -> bool:
    """Whether 'Tell the customer now' is ticked on the page."""
    shown = browser.get(f"/conversations/{conversation.pk}/handover/").content.decode()
    box = re.search(r"<input[^>]*name=.tell.[^>]*>", shown)
    assert box is not None
    return "checked" in box.group()


def test_telling_the_customer_is_ticked_with_the_words_in_view(
    browser: Client, conversation: Conversation
) -> None:
    assert ticked(browser, conversation)
    shown = browser.get(f"/conversations/{conversation.pk}/handover/").content.decode()
    assert "looks after your request from now on" in shown


def test_where_nobody_can_be_told_it_is_not_offered(
    browser: Client, conversation: Conversation, team_mate: Agent
) -> None:
    conversation.customer.addresses.all().delete()
    conversation.messages.update(sender_address="", answer_to=[])
    address = f"/conversations/{conversation.pk}/handover/"
    shown = browser.get(address).content.decode()
    assert "Tell the customer now" not in shown
    assert "What the customer reads" not in shown
    browser.post(address, {"to": f"agent-{team_mate.pk}", "summary": "x"})
    assert Handover.objects.get().told is None


def test_what_was_unticked_stays_so_when_a_hand_over_is_refused(
    browser: Client, conversation: Conversation, team: Team
) -> None:
    elsewhere = Team.objects.get(name="Elsewhere")
    address = f"/conversations/{conversation.pk}/handover/"
    answer = browser.post(address, {"to": f"team-{elsewhere.pk}", "summary": "x", "words": "y"})
    box = re.search(r"<input[^>]*name=.tell.[^>]*>", answer.content.decode())
    assert box is not None
    assert "checked" not in box.group()


def test_the_customer_is_not_told_when_that_was_unticked(
    browser: Client, conversation: Conversation, team_mate: Agent
) -> None:
    given = {"to": f"agent-{team_mate.pk}", "summary": "x", "words": "Hello, {{to}} takes over."}
    browser.post(f"/conversations/{conversation.pk}/handover/", given)
    assert Handover.objects.get().told is None
    assert not OutgoingMail.objects.exists()


def test_the_customer_hears_of_it_when_that_was_ticked(
    browser: Client, conversation: Conversation, team_mate: Agent
) -> None:
    browser.post(
        f"/conversations/{conversation.pk}/handover/",
        {"to": f"agent-{team_mate.pk}", "summary": "x", "tell": "on", "words": "Hello, {{to}} takes over."},
    )
    assert "Hello, Tariq takes over." in Handover.objects.get().told.text  # type: ignore[union-attr]
    assert OutgoingMail.objects.count() == 1


def test_what_was_typed_stays_when_a_hand_over_is_refused(
    browser: Client, conversation: Conversation, team: Team
) -> None:
    elsewhere = Team.objects.get(name="Elsewhere")
    answer = browser.post(
        f"/conversations/{conversation.pk}/handover/",
        {"to": f"team-{elsewhere.pk}", "summary": "My long summary", "words": ""},
    )
    assert answer.status_code == 422
    assert "Nobody of Elsewhere can see this conversation" in answer.content.decode()
    assert "My long summary" in answer.content.decode()


def hidden_revision(page: str) -> str:
    """The revision that the form sends along."""
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_what_came_meanwhile_is_shown_and_sent_again_it_goes(
    browser: Client, conversation: Conversation, team_mate: Agent
) -> None:
    address = f"/conversations/{conversation.pk}/handover/"
    old = hidden_revision(browser.get(address).content.decode())
    actions.hear(conversation=conversation, text="Wait, it works again.")
    given = {
        "to": f"agent-{team_mate.pk}", "summary": "My summary", "tell": "on", "words": "{{to}} takes over.",
    }  # fmt: skip
    refused = browser.post(address, {**given, "revision": old})
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "Wait, it works again." in shown
    assert "One message came while you wrote" in shown
    assert "My summary" in shown
    assert not Handover.objects.exists()
    browser.post(address, {**given, "revision": hidden_revision(shown)})
    assert Handover.objects.get().told is not None


def test_promises_are_offered_to_go_along_where_there_are_any(
    browser: Client, conversation: Conversation, owner: Agent, team_mate: Agent
) -> None:
    address = f"/conversations/{conversation.pk}/handover/"
    assert "go along" not in browser.get(address).content.decode()
    new = NewPromise(what="Refund", quote="", due_at=None, whole_day=False, due_text="")
    actions.add_promise(conversation=conversation, agent=owner, promise=new)
    assert "go along" in browser.get(address).content.decode()
    browser.post(address, {"to": f"agent-{team_mate.pk}", "summary": "x", "with_promises": "on"})
    assert Promise.objects.get().owner == team_mate


def test_the_head_says_how_often_it_was_handed_over_from_twice_on(
    browser: Client, conversation: Conversation, owner: Agent, team_mate: Agent
) -> None:
    page = f"/conversations/{conversation.pk}/"
    actions.hand_over(conversation=conversation, agent=owner, to=team_mate, summary="One.")
    assert "handed over 1 times" not in browser.get(page).content.decode()
    actions.hand_over(conversation=conversation, agent=team_mate, to=owner, summary="Two.")
    assert "handed over 2 times" in browser.get(page).content.decode()


def test_a_conversation_is_put_into_a_team_by_the_dialog_of_assignment(
    browser: Client, conversation: Conversation, team: Team
) -> None:
    assert (
        "In which team?"
        in browser.get(f"/conversations/{conversation.pk}/more/?show=assign").content.decode()
    )
    browser.post(f"/conversations/{conversation.pk}/team/", {"team": str(team.pk)})
    conversation.refresh_from_db()
    assert conversation.team == team
    browser.post(f"/conversations/{conversation.pk}/team/", {"team": ""})
    conversation.refresh_from_db()
    assert conversation.team is None


def test_what_was_raised_stands_with_the_leads_and_comes_back_decided(
    browser: Client, conversation: Conversation, owner: Agent, lead: Agent, log_in: LogIn
) -> None:
    page = f"/conversations/{conversation.pk}/"
    assert "Leads: Lena Lead" in browser.get(f"{page}escalation/").content.decode()
    browser.post(f"{page}escalation/", {"level": "1", "reason": "She wants 400."})
    above = log_in(lead)
    assert "She wants 400." in above.get("/for-you/").content.decode()
    assert "She wants 400." in browser.get(page).content.decode()
    assert "raised to Leads" in browser.get(page).content.decode()
    refused = above.post(f"{page}escalation/decide/", {"decision": ""})
    assert refused.status_code == 422
    above.post(f"{page}escalation/decide/", {"decision": "Pay it."})
    assert Escalation.objects.get().decision == "Pay it."
    assert "She wants 400." not in above.get("/for-you/").content.decode()
    shown = browser.get(page).content.decode()
    assert "Lena Lead decided: Pay it." in shown
    assert "raised to Leads" not in shown
    assert "Pay it." in browser.get(f"{page}escalation/").content.decode()


def test_strangers_find_none_of_these_pages(
    log_in: LogIn, conversation: Conversation, stranger: Agent, team: Team
) -> None:
    theirs = log_in(stranger)
    for page in ("handover", "escalation", "call"):
        assert theirs.get(f"/conversations/{conversation.pk}/{page}/").status_code == 404
    assert theirs.post(f"/conversations/{conversation.pk}/team/", {"team": ""}).status_code == 404
