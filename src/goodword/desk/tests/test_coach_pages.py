"""Settings › Coach: the team reads it, a lead changes it, a stranger sees nothing of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from goodword.coaching import actions, rulebook
from goodword.coaching.models import OwnRule, Policy, Remark, RuleChange, Term, Topic
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent, Team

from .conftest import LogIn

RULE = "internal-jargon"
ENOUGH_QUERIES = 16


@pytest.fixture
def chief(lead: Agent, team: Team, log_in: LogIn) -> Client:
    """The lead's browser."""
    return log_in(lead)


@pytest.fixture
def home(team: Team) -> str:
    return f"/settings/coach/{team.pk}/"


def words(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def line_of(rule: str) -> rulebook.RuleLine:
    """A rule as everybody has it."""
    return rulebook.one_rule(Agent.objects.get(handle="lena"), None, rule=rule, days=30)


def remark(
    conversation: Conversation, agent: Agent, team: Team, outcome: str, times: int, **more: object
) -> None:
    for number in range(times):
        Remark.objects.create(
            team=team,
            agent=agent,
            rule=RULE,
            severity="warn",
            words=f"{outcome}{number}",
            conversation_id=conversation.pk,
            outcome=outcome,
            **more,
        )


def test_everybody_of_the_team_reads_the_rules_and_only_a_lead_can_change_them(
    browser: Client, chief: Client, home: str
) -> None:
    assert browser.get("/settings/coach/")["Location"] == home
    for client, may in ((browser, False), (chief, True)):
        page = words(client, home)
        assert "is our own language" in page
        assert escape(line_of(RULE).bad[0].draft) in page
        assert ("Add a rule" in page) is may
        assert ("Why you change it" in words(client, f"{home}rules/{RULE}/")) is may
    for address in (
        f"{home}rules/{RULE}/",
        f"{home}rules/{RULE}/off/",
        f"{home}words/",
        f"{home}policies/new/",
    ):
        browser.post(address, {"severity": "off", "reason": "x", "words": "x", "text": "x", "owner": 1})
    assert not RuleChange.objects.exists()
    assert not Term.objects.exists()
    assert not Policy.objects.exists()


def test_a_stranger_sees_no_page_of_the_team_s_coach(
    stranger: Agent, home: str, log_in: LogIn, lead: Agent
) -> None:
    team = Team.objects.get(name="Care")
    term = actions.add_term(by=lead, team=team, words="Kettle Pro")
    browser = log_in(stranger)
    for part in ("", f"rules/{RULE}/", f"rules/{RULE}/remarks/", "words/", "topics/", "policies/"):
        assert browser.get(f"{home}{part}").status_code == 404
        assert browser.get(f"/settings/coach/everybody/{part}").status_code == 200
    assert "Kettle Pro" not in words(browser, "/settings/coach/everybody/words/")
    assert ">Care<" not in words(browser, "/settings/coach/everybody/")
    assert browser.post(f"/settings/coach/everybody/words/{term.pk}/remove/").status_code == 404
    assert Client().get(home).status_code == 302


def test_a_lead_switches_a_rule_off_and_back_and_the_history_says_so(chief: Client, home: str) -> None:
    address = f"{home}rules/{RULE}/"
    refused = chief.post(address, {"severity": "off", "reason": ""})
    assert refused.status_code == 422
    assert "This field is required" in refused.content.decode()
    chief.post(address, {"severity": "off", "reason": "Our customers are traders."})
    page = words(chief, address)
    assert "Switched off</th><td>Our customers are traders.</td><td>Lena Lead</td>" in page
    assert ">off</span>" in words(chief, home).split(f'id="{RULE}"')[1].split("</tr>")[0]
    chief.post(f"{address}standard/")
    page = words(chief, address)
    assert page.index("Back to the standard</th>") < page.index("Switched off</th>")


def test_the_rules_that_are_changed_off_or_have_fired_stand_alone(
    chief: Client, home: str, conversation: Conversation, owner: Agent, team: Team
) -> None:
    assert "No rule here" in words(chief, f"{home}?show=off")
    chief.post(f"{home}rules/{RULE}/off/")
    chief.post(f"{home}rules/stiff-opening/", {"severity": "hint", "message": "Too stiff.", "reason": "x"})
    remark(conversation, owner, team, "taken", 1)
    shown = {
        show: words(chief, f"{home}?show={show}").count('<th scope="row">')
        for show in ("off", "changed", "fired", "nonsense")
    }
    assert (shown["off"], shown["changed"], shown["fired"]) == (1, 2, 1)
    assert shown["nonsense"] > 50


def test_a_rule_is_made_milder_and_speaks_in_the_team_s_words(chief: Client, home: str) -> None:
    given = {"severity": "hint", "message": "Not '{quote}'.", "why": "They laugh at it.", "reason": "Kinder."}
    chief.post(f"{home}rules/{RULE}/", given)
    page = words(chief, home).split(f'id="{RULE}"')[1].split("</tr>")[0]
    assert escape(f"Not '{line_of(RULE).quote}'.") in page
    assert ">hint</span>" in page
    assert "changed" in page


def test_every_number_opens_the_rows_that_it_counts(
    chief: Client, home: str, conversation: Conversation, owner: Agent, team: Team
) -> None:
    remark(conversation, owner, team, "taken", 3)
    remark(conversation, owner, team, "sent", 2)
    old = timezone.now() - timedelta(days=60)
    remark(conversation, owner, team, "disputed", 1, at=old)
    for days, numbers in ((30, {"": 5, "taken": 3, "disputed": 0, "sent": 2}), (90, {"": 6, "disputed": 1})):
        row = words(chief, f"{home}?days={days}").split(f'id="{RULE}"')[1].split("</tr>")[0]
        for outcome, n in numbers.items():
            query = f"?days={days}" + (f"&amp;outcome={outcome}" if outcome else "")
            assert (f'remarks/{query}" aria-label' in row) is bool(n)
            page = words(chief, f"{home}rules/{RULE}/remarks/{query.replace('&amp;', '&')}")
            assert page.count("The kettle leaks</a>") == n
    assert "Olga Owner" in words(chief, f"{home}rules/{RULE}/remarks/")


def test_the_rows_go_on_page_by_page(
    browser: Client, home: str, conversation: Conversation, owner: Agent, team: Team
) -> None:
    remark(conversation, owner, team, "sent", 30)
    first = words(browser, f"{home}rules/{RULE}/remarks/")
    assert first.count("The kettle leaks</a>") == 25
    assert "Olga Owner" not in first.split("<table")[1]
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert words(browser, f"{home}rules/{RULE}/remarks/{older}").count("The kettle leaks</a>") == 5


@pytest.mark.parametrize(("disputes", "others", "shown"), [(5, 11, True), (5, 12, False), (4, 0, False)])
def test_what_the_team_often_disputes_stands_at_the_top(
    chief: Client,
    home: str,
    conversation: Conversation,
    owner: Agent,
    team: Team,
    disputes: int,
    others: int,
    shown: bool,
) -> None:
    remark(conversation, owner, team, "disputed", disputes)
    remark(conversation, owner, team, "taken", others)
    assert ("Your team disputes these" in words(chief, home)) is shown
    if shown:
        chief.post(f"{home}rules/{RULE}/off/", {"reason": "Disputed 5 times of 16.", "next": home})
        assert "Your team disputes these" not in words(chief, home)
        assert RuleChange.objects.get().reason == "Disputed 5 times of 16."


def test_a_lead_keeps_the_team_s_words(chief: Client, browser: Client, home: str) -> None:
    assert "No words yet" in words(browser, f"{home}words/")
    chief.post(f"{home}words/", {"words": "Kettle Pro", "instead": ""})
    wrong = chief.post(f"{home}words/import/", {"text": "RMA → return slip\n---"})
    assert wrong.status_code == 422
    assert "Line 2" in wrong.content.decode()
    page = words(browser, f"{home}words/")
    assert "Kettle Pro" in page
    assert "return slip" in page
    assert "Remove" not in page.split("<table")[1]
    for term in Term.objects.all():
        chief.post(f"{home}words/{term.pk}/remove/")
    assert not Term.objects.exists()


def test_a_lead_says_which_details_a_topic_needs(chief: Client, browser: Client, home: str) -> None:
    given = {
        "name": "Boats",
        "words": "kayak\ncanoe",
        "details_needed": ["order", "address"],
        "ask": "Which?",
    }
    wrong = chief.post(f"{home}topics/new/", given | {"details_needed": []})
    assert "Choose at least one detail." in wrong.content.decode()
    chief.post(f"{home}topics/new/", given)
    page = words(browser, f"{home}topics/")
    assert "kayak, canoe" in page
    assert "the order number, the address" in page
    boats = Topic.objects.get()
    chief.post(f"{home}topics/{boats.pk}/", given | {"name": "Kayaks", "one_is_enough": "on"})
    assert "one of: the order number, the address" in words(browser, f"{home}topics/")
    chief.post(f"{home}topics/{boats.pk}/remove/")
    chief.post(f"{home}topics/standard/parcel/leave-out/")
    assert "left out" in words(browser, f"{home}topics/")
    chief.post(f"{home}topics/{Topic.objects.get().pk}/remove/")
    assert "left out" not in words(browser, f"{home}topics/")
    assert chief.get(f"{home}topics/standard/weather/").status_code == 404


def test_a_topic_of_the_coach_keeps_its_words_when_the_team_changes_what_it_needs(
    chief: Client, home: str, team: Team
) -> None:
    form = words(chief, f"{home}topics/standard/parcel/")
    assert "Could you send me your order number" in form
    given = {"name": "parcel", "words": "", "details_needed": ["phone"], "ask": "May we ring you?"}
    assert chief.post(f"{home}topics/standard/parcel/", given).status_code == 303
    said = actions.review_draft(
        draft="Hello Carla, I am sorry that your parcel is late. That should not happen.",
        customer_message="Where is my parcel? My order number is AB-12345.",
        team_id=team.pk,
    )
    assert "May we ring you?" in [text for found in said["findings"] for text in found["suggestions"]]


def test_policies_have_an_owner_and_the_stale_ones_stand_apart(
    chief: Client, browser: Client, home: str, owner: Agent
) -> None:
    assert "No policy yet" in words(browser, f"{home}policies/")
    yesterday = timezone.localdate() - timedelta(days=1)
    given = {
        "text": "Refunds take 5 to 7 working days.",
        "owner": owner.pk,
        "review_by": yesterday.isoformat(),
    }
    chief.post(f"{home}policies/new/", given)
    page = words(browser, f"{home}policies/")
    assert "To look at again" in page
    assert "Olga Owner" in page
    policy = Policy.objects.get()
    chief.post(f"{home}policies/{policy.pk}/", given | {"review_by": ""})
    assert "To look at again" not in words(browser, f"{home}policies/")
    again = chief.post(f"{home}policies/new/", given)
    assert again.status_code == 422
    assert "in the list already" in again.content.decode()
    chief.post(f"{home}policies/{policy.pk}/remove/")
    chief.post(f"{home}policies/{policy.pk}/remove/")
    assert not Policy.objects.exists()


def test_a_lead_writes_a_rule_and_errors_stand_beside_their_field(chief: Client, home: str) -> None:
    given = {
        "words": "no can do",
        "message": "'{quote}' shuts the door.",
        "why": "Say what can be done.",
        "severity": "warn",
        "subject": "tone",
        "bad": "We are happy to help.",
        "good": "We can do that.",
    }
    wrong = chief.post(f"{home}own-rules/new/", given)
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert escape("The rule finds nothing in 'We are happy to help.'") in said
    assert 'aria-describedby="id_bad-help id_bad-error"' in said
    assert chief.post(f"{home}own-rules/new/", given | {"bad": "Sorry, no can do."}).status_code == 303
    own = OwnRule.objects.get()
    page = words(chief, home)
    assert escape("'no can do' shuts the door.") in page
    assert "our own" in page
    assert "Change words and lines" in words(chief, f"{home}rules/{own.rule}/")
    chief.post(f"{home}own-rules/{own.pk}/remove/")
    assert not OwnRule.objects.exists()


def test_what_does_not_exist_is_not_found(chief: Client, home: str) -> None:
    for part in ("words/999/remove/", "topics/999/", "policies/999/", "own-rules/999/"):
        asked = chief.post if part.endswith("remove/") else chief.get
        assert asked(f"{home}{part}").status_code == 404
    for scope in ("nobody", "0", "999999", "9" * 30):
        assert chief.get(f"/settings/coach/{scope}/").status_code == 404
    assert chief.get(f"{home}rules/no-such/").status_code == 422
    assert chief.get(f"{home}rules/{RULE}/remarks/?outcome=eaten").status_code == 422


def test_the_pages_cost_the_same_however_much_the_team_has_made_its_own(
    chief: Client, home: str, lead: Agent, team: Team, conversation: Conversation, owner: Agent
) -> None:
    def cost(part: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            words(chief, f"{home}{part}")
        return len(seen)

    parts = ("", f"rules/{RULE}/", f"rules/{RULE}/remarks/", "words/", "topics/", "policies/")
    remark(conversation, owner, team, "taken", 1)
    few = {part: cost(part) for part in parts}
    remark(conversation, owner, team, "sent", 20)
    for number in range(10):
        actions.add_term(by=lead, team=team, words=f"word {number}")
        actions.set_policy(by=lead, team=team, text=f"Boxes hold {number} cups.", owner=owner)
        actions.change_rule(by=lead, team=team, rule=RULE, off=number % 2 == 0, reason=f"Because {number}.")
        actions.set_topic(
            by=lead, team=team, name=f"t{number}", words=["x"], details_needed=["order"], ask="Which?"
        )
    for part in parts:
        assert cost(part) <= few[part] <= ENOUGH_QUERIES
