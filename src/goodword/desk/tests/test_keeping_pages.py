"""Rules about keeping, their dry run and their log, and holds, on the pages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.inbox import actions, holds, retention
from goodword.inbox.models import Closure, Conversation, Hold, RetentionRule, RetentionRun
from goodword.staff.models import Agent

from .conftest import LogIn

WORDS = {"name": "Old mail", "months": "12", "mailbox": "", "tag": "", "does": "erase"}
WHY = "The court asked for it"


def made_old(place: Conversation) -> None:
    actions.close(conversation=place, agent=None)
    at = timezone.now() - timedelta(days=500)
    Conversation.objects.filter(pk=place.pk).update(last_at=at)
    Closure.objects.update(at=at)


def test_a_rule_is_written_tried_switched_on_and_does_its_work(
    log_in: LogIn, administrator: Agent, conversation: Conversation
) -> None:
    made_old(conversation)
    browser = log_in(administrator)
    assert "Everything is kept" in browser.get("/settings/keeping/").content.decode()
    answer = browser.post("/settings/keeping/new/", WORDS)
    rule = RetentionRule.objects.get()
    assert answer.headers["Location"] == f"/settings/keeping/{rule.pk}/try/"
    said = browser.get(answer.headers["Location"]).content.decode()
    assert "One conversation" in said
    assert f'href="/conversations/{conversation.pk}/"' in said
    assert not RetentionRule.objects.get().is_on
    browser.post(f"/settings/keeping/{rule.pk}/switch/", {"on": "1"})
    assert RetentionRule.objects.get().is_on
    retention.begin()
    while retention.work_left():
        retention.work()
    listed = browser.get("/settings/keeping/").content.decode()
    assert "What went" in listed
    assert "Old mail" in listed
    page = browser.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "was erased" in page
    assert "leaks" not in page


def test_a_rule_that_was_not_tried_is_not_switched_on(log_in: LogIn, administrator: Agent) -> None:
    browser = log_in(administrator)
    browser.post("/settings/keeping/new/", WORDS)
    rule = RetentionRule.objects.get()
    answer = browser.post(f"/settings/keeping/{rule.pk}/switch/", {"on": "1"}, follow=True)
    assert "Look first" in answer.content.decode()
    assert not RetentionRule.objects.get().is_on


def test_what_is_left_out_is_told_with_the_reason(
    log_in: LogIn, administrator: Agent, lead: Agent, conversation: Conversation
) -> None:
    made_old(conversation)
    holds.hold(conversation=conversation, by=lead, reason=WHY)
    browser = log_in(administrator)
    answer = browser.post("/settings/keeping/new/", WORDS, follow=True)
    said = answer.content.decode()
    assert "0 conversations" in said
    assert "On hold" in said


def test_a_changed_rule_is_off_and_a_removed_one_leaves_its_log(log_in: LogIn, administrator: Agent) -> None:
    browser = log_in(administrator)
    browser.post("/settings/keeping/new/", WORDS)
    rule = RetentionRule.objects.get()
    browser.get(f"/settings/keeping/{rule.pk}/try/")
    browser.post(f"/settings/keeping/{rule.pk}/switch/", {"on": "1"})
    retention.begin()
    retention.work()
    browser.post(f"/settings/keeping/{rule.pk}/", WORDS | {"months": "6"})
    kept = RetentionRule.objects.get()
    assert (kept.months, kept.is_on) == (6, False)
    browser.post(f"/settings/keeping/{rule.pk}/remove/")
    assert not RetentionRule.objects.exists()
    assert RetentionRun.objects.filter(name="Old mail", rule=None).exists()
    assert "Old mail" in browser.get("/settings/keeping/").content.decode()


@pytest.mark.parametrize("wrong", [{"months": "0"}, {"months": "x"}, {"name": " "}, {"does": "burn"}])
def test_a_rule_that_makes_no_sense_is_said_so(
    wrong: dict[str, str], log_in: LogIn, administrator: Agent
) -> None:
    assert log_in(administrator).post("/settings/keeping/new/", WORDS | wrong).status_code == 422
    assert not RetentionRule.objects.exists()


def test_how_long_leftovers_are_kept_is_said_there(log_in: LogIn, administrator: Agent) -> None:
    browser = log_in(administrator)
    browser.post("/settings/keeping/times/", {"recorded_days": "30", "aside_days": ""})
    times = retention.times()
    assert (times.recorded_days, times.aside_days, times.looks_months) == (30, None, 24)
    assert browser.post("/settings/keeping/times/", {"recorded_days": "-1"}).status_code == 422


@pytest.mark.parametrize("who", ["owner", "team_mate", "stranger", "lead"])
def test_only_administrators_have_these_pages(
    who: str, log_in: LogIn, administrator: Agent, request: pytest.FixtureRequest
) -> None:
    log_in(administrator).post("/settings/keeping/new/", WORDS)
    rule = RetentionRule.objects.get()
    browser = log_in(request.getfixturevalue(who))
    for address in ("", "new/", f"{rule.pk}/", f"{rule.pk}/try/"):
        assert browser.get(f"/settings/keeping/{address}").status_code == 403
    for address in ("new/", "times/", f"{rule.pk}/", f"{rule.pk}/switch/", f"{rule.pk}/remove/"):
        browser.post(f"/settings/keeping/{address}", WORDS | {"on": "1", "name": "Mine"})
    kept = RetentionRule.objects.get()
    assert (kept.name, kept.is_on, kept.tried_at) == ("Old mail", False, None)


def test_a_lead_puts_a_conversation_on_hold_and_lifts_it(
    log_in: LogIn, lead: Agent, browser: Client, conversation: Conversation
) -> None:
    theirs, address = log_in(lead), f"/conversations/{conversation.pk}/"
    assert f"{address}hold/" in theirs.get(address).content.decode()
    assert theirs.post(f"{address}hold/", {"reason": " "}).status_code == 422
    theirs.post(f"{address}hold/", {"reason": WHY})
    for who in (theirs, browser):
        assert WHY in who.get(address).content.decode()
    assert "Lift the hold" not in browser.get(address).content.decode()
    answer = theirs.post(f"{address}remove/", follow=True)
    assert WHY in answer.content.decode()
    theirs.post(f"/holds/{Hold.objects.get().pk}/lift/")
    assert WHY not in theirs.get(address).content.decode().partition('id="thread"')[0]


def test_a_customer_is_put_on_hold_with_all_their_conversations(
    log_in: LogIn, lead: Agent, conversation: Conversation, customer: Customer
) -> None:
    browser = log_in(lead)
    browser.post(f"/customers/{customer.pk}/hold/", {"reason": WHY})
    for address in (f"/customers/{customer.pk}/", f"/conversations/{conversation.pk}/"):
        assert WHY in browser.get(address).content.decode()
    answer = browser.post(f"/holds/{Hold.objects.get().pk}/lift/")
    assert answer.headers["Location"] == f"/customers/{customer.pk}/"


@pytest.mark.parametrize("who", ["owner", "team_mate", "stranger"])
def test_agents_put_nothing_on_hold(
    who: str,
    log_in: LogIn,
    lead: Agent,
    conversation: Conversation,
    customer: Customer,
    request: pytest.FixtureRequest,
) -> None:
    made = holds.hold(conversation=conversation, by=lead, reason=WHY)
    browser = log_in(request.getfixturevalue(who))
    for address in (f"/conversations/{conversation.pk}/hold/", f"/customers/{customer.pk}/hold/"):
        assert browser.get(address).status_code == 403
        browser.post(address, {"reason": "Mine"})
    browser.post(f"/holds/{made.pk}/lift/")
    assert list(Hold.objects.values_list("reason", "lifted_at")) == [(WHY, None)]
