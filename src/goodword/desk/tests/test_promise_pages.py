"""A promise's page: conditions ticked off, what shows that it was kept, and telling the customer in time."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.inbox import actions
from goodword.inbox.actions.calling import NewCall
from goodword.inbox.models import Conversation, Draft, SavedReply
from goodword.promises import track_record
from goodword.promises.actions import NewPromise, keep
from goodword.promises.models import Outcome, Promise
from goodword.staff.models import Agent, Team

from .conftest import LogIn


def promised(conversation: Conversation, owner: Agent, **changes: object) -> Promise:
    facts = {
        "what": "refund you",
        "quote": "We will refund you by Friday.",
        "due_at": timezone.now() + timedelta(hours=1),
        "whole_day": False,
        "due_text": "by Friday",
    }
    promise = NewPromise(**(facts | changes))  # type: ignore[arg-type]
    made = actions.add_promise(conversation=conversation, agent=owner, promise=promise)
    made.made_at = timezone.now() - timedelta(days=2)
    made.save(update_fields=["made_at"])
    return made


def page(browser: Client, promise: Promise) -> str:
    return browser.get(f"/promises/{promise.pk}/").content.decode()


def test_a_condition_is_ticked_off_and_taken_back_on_the_page(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    browser.post(
        f"/conversations/{conversation.pk}/promises/",
        {"what": "refund 20 €", "kind": "money", "condition": "3 days once the parcel is back"},
    )
    promise = Promise.objects.get()
    assert (promise.kind, promise.after, promise.after_unit) == ("money", 3, "day")
    assert "due 3 days after that" in page(browser, promise)

    browser.post(f"/promises/{promise.pk}/condition/met/")
    promise.refresh_from_db()
    assert promise.due_at is not None
    assert "it happened" in page(browser, promise)
    browser.post(f"/promises/{promise.pk}/condition/open/")
    promise.refresh_from_db()
    assert promise.due_at is None
    assert browser.post(f"/promises/{promise.pk}/condition/maybe/").status_code == 404


def test_what_shows_it_is_a_link_words_or_a_reply_of_the_conversation(
    browser: Client, conversation: Conversation, owner: Agent, stranger: Agent, log_in: LogIn
) -> None:
    linked, shown = promised(conversation, owner), promised(conversation, owner)
    reply = actions.reply(conversation=conversation, agent=owner, markdown="The money is on its way.")
    browser.post(f"/promises/{linked.pk}/keep/", {"evidence": "https://bank.example/77"})
    browser.post(f"/promises/{shown.pk}/keep/", {"message": str(reply.pk)})

    assert 'href="https://bank.example/77"' in page(browser, linked)
    assert f'href="/conversations/{conversation.pk}/#m{reply.pk}"' in page(browser, shown)
    assert Outcome.objects.filter(evidence_kind="message", evidence_id=reply.pk).count() == 1


def test_a_call_shows_that_a_promise_to_call_was_kept(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    promise = promised(conversation, owner, kind="call", what="call you back")
    spoken = actions.log_call(
        conversation=conversation,
        agent=owner,
        call=NewCall(direction="outgoing", said="Told her that the money is on its way."),
    )
    assert f'<option value="{spoken.pk}"' in page(browser, promise)
    browser.post(f"/promises/{promise.pk}/keep/", {"message": str(spoken.pk)})
    promise.refresh_from_db()
    assert promise.state == Promise.State.KEPT
    assert f'href="/conversations/{conversation.pk}/#m{spoken.pk}"' in page(browser, promise)


def test_a_message_of_another_conversation_shows_nothing(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    promise = promised(conversation, owner)
    actions.reply(conversation=conversation, agent=owner, markdown="The money is on its way.")
    browser.post(f"/promises/{promise.pk}/keep/", {"message": "4711"})
    promise.refresh_from_db()
    assert promise.is_open


def test_words_that_own_up_go_into_the_reply_once_and_before_what_was_written(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    promise = promised(conversation, owner)
    assert "Tell the customer" in page(browser, promise)
    assert "Tell the customer" in browser.get(f"/conversations/{conversation.pk}/").content.decode()
    actions.save_draft(conversation=conversation, agent=owner, kind="reply", markdown="By the way: thanks.")
    for _ in range(2):
        browser.post(f"/promises/{promise.pk}/customer/tell/")
    draft = Draft.objects.get()
    assert draft.markdown.startswith("Hello Carla,\n\nI promised to refund you by")
    assert draft.markdown.endswith("By the way: thanks.")
    assert draft.markdown.count("I promised") == 1


def test_a_promise_with_time_left_offers_no_such_words(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    promise = promised(conversation, owner, due_at=timezone.now() + timedelta(days=9))
    assert "Tell the customer" not in page(browser, promise)
    assert "Tell the customer" not in browser.get(f"/conversations/{conversation.pk}/").content.decode()
    browser.post(f"/promises/{promise.pk}/customer/tell/")
    assert not Draft.objects.exists()


def test_the_page_says_whether_the_customer_knew_in_time(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    promise = promised(conversation, owner)
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    browser.post(f"/promises/{promise.pk}/time/", {"due_day": day})
    assert "The customer has not been told." in page(browser, promise)
    browser.post(f"/promises/{promise.pk}/customer/told/")
    assert "The customer was told in time." in page(browser, promise)
    later = (timezone.localdate() + timedelta(days=9)).isoformat()
    browser.post(f"/promises/{promise.pk}/time/", {"due_day": later, "told": "on"})
    assert Outcome.objects.filter(told_at__isnull=False).count() == 2


def test_another_team_sees_to_it(browser: Client, conversation: Conversation, owner: Agent) -> None:
    promise = promised(conversation, owner)
    team = Team.objects.get(name="Elsewhere")
    browser.post(f"/promises/{promise.pk}/team/change/", {"team": str(team.pk)})
    promise.refresh_from_db()
    assert promise.team == team


def test_strangers_do_nothing_to_promises_they_may_not_see(
    conversation: Conversation, owner: Agent, stranger: Agent, log_in: LogIn
) -> None:
    promise = promised(conversation, owner, condition="once it is back")
    other = log_in(stranger)
    for deed in ("condition/met/", "customer/tell/", "customer/told/", "team/change/"):
        assert other.post(f"/promises/{promise.pk}/{deed}").status_code == 404
    promise.refresh_from_db()
    assert promise.condition_met_at is None


def test_the_link_for_the_customer_stands_in_the_tools_and_in_saved_replies(
    browser: Client, conversation: Conversation, owner: Agent
) -> None:
    promised(conversation, owner)
    SavedReply.objects.create(name="Promises", markdown="See {{promises_link}}", by=owner)
    shown = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    address = shown.split('data-copy="')[0].rsplit('href="', 1)[1].split('"')[0]
    opened = Client().get(urlsplit(address).path)
    assert opened.status_code == 200
    assert "Refund you" in opened.content.decode()
    assert "{{promises_link}}" not in shown
    assert "/yours/promises/" in shown.split("See ")[1][:200]


@pytest.fixture
def slow_money(conversation: Conversation, owner: Agent) -> None:
    """Twenty promises about money, each kept after three days."""
    for _ in range(20):
        promise = promised(conversation, owner, kind="money")
        keep(promise=promise, agent=owner)
    made = timezone.now() - timedelta(days=2, hours=12)
    Promise.objects.update(made_at=made)
    track_record.forget()


def test_the_coach_warns_at_writing_time_from_this_ledger(
    browser: Client, conversation: Conversation, customer: Customer, slow_money: None
) -> None:
    text = "Hello Carla, we will refund you within a day."
    answer = browser.post(
        f"/conversations/{conversation.pk}/draft/",
        {"kind": "reply", "markdown": text, "text": text},
        content_type="application/json",
    ).json()
    track_record.forget()
    said = [found for found in answer["review"]["findings"] if found["rule"] == "seldom-kept"]
    assert [found["message"] for found in said] == [
        "Such promises were kept 0 % of the time within a day; 3 days would hold."
    ]
    assert (said[0]["practice"], said[0]["suggestions"]) == ("H1", ["within 3 days"])
