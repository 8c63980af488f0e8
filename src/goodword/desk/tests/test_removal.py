"""Deleting a conversation for good, on the pages."""

import pytest
from django.test import Client

from goodword.inbox import actions
from goodword.inbox.models import Conversation
from goodword.promises import actions as promises
from goodword.promises.actions import NewPromise
from goodword.staff.models import Agent

from .conftest import LogIn

REFUND = NewPromise(
    what="refund the kettle", quote="We refund it.", due_at=None, whole_day=False, due_text=""
)


def test_a_lead_is_told_what_goes_and_deletes_it(
    log_in: LogIn, lead: Agent, owner: Agent, conversation: Conversation
) -> None:
    actions.note(conversation=conversation, agent=owner, markdown="A note.")
    browser, address = log_in(lead), f"/conversations/{conversation.pk}/remove/"
    assert address in browser.get(f"/conversations/{conversation.pk}/").content.decode()
    said = browser.get(address).content.decode()
    assert "It cannot be undone." in said
    assert "One message, with its mail" in said
    assert "One note of the team" in said
    answer = browser.post(address, {"reason": "She asked for it"}, follow=True)
    assert answer.redirect_chain == [("/", 303)]
    assert f"#{conversation.pk} is deleted. Nothing of it comes back." in answer.content.decode()
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("who", ["owner", "team_mate", "stranger"])
def test_nobody_else_has_this_verb(
    log_in: LogIn, conversation: Conversation, who: str, request: pytest.FixtureRequest
) -> None:
    browser, address = log_in(request.getfixturevalue(who)), f"/conversations/{conversation.pk}/remove/"
    assert "Delete for good" not in browser.get(f"/conversations/{conversation.pk}/").content.decode()
    assert browser.get(address).status_code == 403
    browser.post(address)
    assert Conversation.objects.exists()


def test_an_open_promise_stands_in_the_way_and_is_shown(
    log_in: LogIn, lead: Agent, owner: Agent, conversation: Conversation
) -> None:
    made = actions.add_promise(conversation=conversation, agent=owner, promise=REFUND)
    browser, address = log_in(lead), f"/conversations/{conversation.pk}/remove/"
    said = browser.get(address).content.decode()
    assert "First settle the promise made here" in said
    assert f"/promises/{made.pk}/" in said
    assert "<button" not in said.split("First settle")[1].split("</main>")[0]
    refused = browser.post(address, follow=True).content.decode()
    assert "the customer counts on it" in refused
    assert Conversation.objects.exists()
    promises.keep(promise=made, agent=owner)
    assert "One settled promise" in browser.get(address).content.decode()


def test_twice_says_the_same(log_in: LogIn, lead: Agent, conversation: Conversation) -> None:
    browser, address = log_in(lead), f"/conversations/{conversation.pk}/remove/"
    for _time in range(2):
        assert browser.post(address).url == "/"  # type: ignore[attr-defined]


def test_who_had_it_open_is_told(
    browser: Client, log_in: LogIn, lead: Agent, stranger: Agent, conversation: Conversation
) -> None:
    actions.remove(conversation=conversation, by=lead)
    address = f"/conversations/{conversation.pk}/"
    answer = browser.get(address, follow=True)
    assert f"#{conversation.pk} was deleted for good." in answer.content.decode()
    part = browser.get(f"{address}thread/", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/"
    assert log_in(stranger).get(address).status_code == 404


def test_the_customer_s_page_keeps_the_line_that_says_so(
    browser: Client, lead: Agent, conversation: Conversation
) -> None:
    actions.remove(conversation=conversation, by=lead, reason="asked to be forgotten")
    said = browser.get(f"/customers/{conversation.customer_id}/").content.decode()
    assert f"Lena Lead deleted conversation {conversation.pk} for good: asked to be forgotten" in said
