"""Setting routing up, and saying whether one takes new conversations."""

from django.test import Client

from goodword.customers.models import Customer
from goodword.inbox import actions
from goodword.inbox.models import Conversation, EscalationLevel, RoutingRule
from goodword.inbox.routing.giving import route_waiting
from goodword.mail.models import Mailbox
from goodword.staff import work
from goodword.staff.models import Agent, Availability, Capacity, Team

from .conftest import LogIn

RULE = {
    "name": "Kettles",
    "condition_field": ["subject", ""],
    "condition_question": ["has", "is"],
    "condition_answers": ["kettle", ""],
    "assigns": "on",
    "is_on": "on",
}


def test_a_rule_is_made_tried_and_then_routes(
    log_in: LogIn, lead: Agent, team: Team, owner: Agent, conversation: Conversation, customer: Customer
) -> None:
    browser = log_in(lead)
    tried = browser.post("/settings/routing/rules/new/", RULE | {"team": str(team.pk), "try": "1"})
    assert "Where they would have gone" in tried.content.decode()
    assert "Olga Owner" in tried.content.decode()
    assert not RoutingRule.objects.exists()
    browser.post("/settings/routing/rules/new/", RULE | {"team": str(team.pk)})
    shown = browser.get("/settings/routing/").content.decode()
    assert "Kettles" in shown
    assert "Subject has one of the words kettle" in shown
    assert route_waiting() == 0, "what lay there before stays with people"
    new = actions.open_conversation(customer=customer, subject="A kettle", text="It leaks.")
    assert route_waiting() == 1
    new.refresh_from_db()
    assert new.assignee == owner
    assert "Kettles" in browser.get("/settings/routing/try/").content.decode()


def test_rules_are_moved_changed_and_taken_away(log_in: LogIn, lead: Agent, team: Team) -> None:
    browser = log_in(lead)
    first, second = (RoutingRule.objects.create(name=name, order=place) for place, name in enumerate("AB"))
    browser.post("/settings/routing/order/", {"up": str(second.pk)})
    assert list(RoutingRule.objects.values_list("name", flat=True)) == ["B", "A"]
    browser.post(f"/settings/routing/rules/{first.pk}/", RULE | {"name": "C", "team": str(team.pk)})
    first.refresh_from_db()
    assert (first.name, first.team) == ("C", team)
    browser.post(f"/settings/routing/rules/{second.pk}/remove/")
    assert list(RoutingRule.objects.all()) == [first]


def test_a_rule_that_makes_no_sense_is_refused_with_what_was_typed(log_in: LogIn, lead: Agent) -> None:
    browser = log_in(lead)
    for wrong, sentence in (
        ({"assigns": ""}, "This rule does nothing"),
        ({"condition_answers": ["", ""]}, "has no answer yet"),
        ({"condition_field": ["team", ""], "condition_question": ["is", "is"]}, "There is no team"),
    ):
        answer = browser.post("/settings/routing/rules/new/", RULE | wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert 'value="Kettles"' in answer.content.decode()


def test_only_leads_set_routing_up(browser: Client, team: Team) -> None:
    for page in ("", "rules/new/", "try/", "levels/new/"):
        assert browser.get(f"/settings/routing/{page}").status_code == 403
    browser.post("/settings/routing/limits/", {"most_mail": "1"})
    assert not Capacity.objects.exists()


def test_limits_of_the_house_and_of_one_agent(
    log_in: LogIn, administrator: Agent, owner: Agent, mailbox: Mailbox
) -> None:
    browser = log_in(administrator)
    browser.post("/settings/routing/limits/", {"most_mail": "12", "most_phone": ""})
    page = f"/settings/people/{owner.pk}/work/"
    assert 'placeholder="12"' in browser.get(page).content.decode()
    browser.post(page, {"skills": "Returns, lamps", "languages": "en, de", "most_mail": "3"})
    owner.refresh_from_db()
    assert owner.languages == ["en", "de"]
    assert sorted(owner.skills.values_list("skill__name", flat=True)) == ["Returns", "lamps"]
    held = Capacity.objects.order_by("agent").values_list("agent", "channel", "most")
    assert set(held) == {(None, "mail", 12), (owner.pk, "mail", 3)}
    refused = browser.post(page, {"skills": "", "languages": "Klingon!"})
    assert refused.status_code == 422
    assert "is no language" in refused.content.decode()


def test_agents_say_in_their_menu_whether_they_take_new_conversations(
    browser: Client, owner: Agent, team_mate: Agent
) -> None:
    assert 'value="available" aria-pressed="true"' in browser.get("/availability/").content.decode()
    answer = browser.post("/availability/", {"state": "away"}, follow=True)
    assert "You are given no new conversations" in answer.content.decode()
    assert Availability.objects.get(agent=owner).state == "away"
    assert 'value="away" aria-pressed="true"' in browser.get("/availability/").content.decode()
    browser.post("/availability/", {"state": "available"})
    assert Availability.objects.get(agent=owner).state == "available"
    others = f"/settings/people/{team_mate.pk}/availability/"
    assert browser.post(others, {"state": "away"}, HTTP_ACCEPT="application/json").status_code == 403


def test_levels_of_escalation_are_set_up(log_in: LogIn, lead: Agent, owner: Agent) -> None:
    browser = log_in(lead)
    given = {"rank": "1", "name": "Senior", "agents": [str(owner.pk)]}
    browser.post("/settings/routing/levels/new/", given)
    level = EscalationLevel.objects.get()
    assert list(level.agents.all()) == [owner]
    assert "1. Senior" in browser.get("/settings/routing/").content.decode()
    assert browser.get(f"/settings/routing/levels/{level.pk}/").status_code == 200
    refused = browser.post("/settings/routing/levels/new/", {"rank": "2", "name": "Nobody"})
    assert "asks nobody" in refused.content.decode()
    browser.post(f"/settings/routing/levels/{level.pk}/remove/")
    assert not EscalationLevel.objects.exists()


def test_somebody_away_is_seen_so_in_the_settings(log_in: LogIn, administrator: Agent, owner: Agent) -> None:
    work.set_availability(by=owner, agent=owner, state="away")
    shown = log_in(administrator).get(f"/settings/people/{owner.pk}/work/").content.decode()
    assert "Takes no new conversations now" in shown
