"""The pages of rules and check-ins, as a lead uses them and others may not."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from goodword.customers.models import ContactRule
from goodword.inbox import actions as inbox
from goodword.inbox.models import CheckInRule, Conversation, SavedReply
from goodword.staff.models import Agent, Team
from goodword.workflows import running
from goodword.workflows.models import Firing, Rule

pytestmark = pytest.mark.django_db(transaction=True)
RULE = {
    "name": "Refunds",
    "when": "event:conversation.opened",
    "condition_field": ["words", ""],
    "condition_question": ["has", "is"],
    "condition_answers": ["refund, money back", ""],
    "action_do": ["tag", "note", ""],
    "action_words": ["refund", "Look at the order first.", ""],
    "action_number": ["", "", ""],
}


@pytest.fixture
def client_of_lead(lead: Agent) -> Client:
    made = Client()
    made.force_login(lead)
    return made


def test_a_lead_writes_a_rule_and_sees_what_it_did(client_of_lead, customer, mailbox, team, lead) -> None:
    done = client_of_lead.post(reverse("automation_new"), RULE)
    assert done.status_code == 303
    rule = Rule.objects.get()
    assert rule.conditions == {"all": [{"field": "words", "has": ["refund", "money back"]}]}
    inbox.open_conversation(customer=customer, subject="Hi", text="I want my money back.", mailbox=mailbox)
    running.run_events()
    shown = client_of_lead.get(reverse("automation")).content.decode()
    assert "What the customer wrote has one of the words refund, money back" in shown
    assert "1 time<" in shown
    log = client_of_lead.get(reverse("automation_log"), {"rule": rule.pk}).content.decode()
    assert "Tagged it &#x27;refund&#x27;." in log


def test_an_answer_that_is_neither_yes_nor_no_is_refused(client_of_lead) -> None:
    asked = {"condition_field": ["complaint"], "condition_question": ["is"]}
    for word, kept in (("No", [False]), ("yes", [True])):
        client_of_lead.post(
            reverse("automation_new"), RULE | asked | {"condition_answers": [word]} | {"name": word}
        )
        assert Rule.objects.get(name=word).conditions["all"][0]["is"] == kept
    refused = client_of_lead.post(reverse("automation_new"), RULE | asked | {"condition_answers": ["y"]})
    assert refused.status_code == 422
    assert not Rule.objects.filter(name="Refunds").exists()


def test_what_was_kept_is_shown_again_as_it_was_written(client_of_lead, owner) -> None:
    saved = SavedReply.objects.create(name="Thanks", markdown="Thank you.")
    team = Team.objects.create(name="Returns")
    given = RULE | {
        "when": "state:waiting",
        "hours": "24",
        "condition_field": [],
        "condition_any_field": ["team", "urgency"],
        "condition_any_question": ["is", "at_least"],
        "condition_any_answers": ["returns", "2"],
        "action_do": ["assign", "draft", "snooze"],
        "action_words": ["@olga", "thanks", ""],
        "action_number": ["", "", "8"],
    }
    client_of_lead.post(reverse("automation_new"), given)
    rule = Rule.objects.get()
    assert rule.conditions == {
        "any": [{"field": "team", "is": [team.pk]}, {"field": "urgency", "at_least": 2}]
    }
    assert [one.get("agent") or one.get("saved_reply") or one["hours"] for one in rule.actions] == [
        owner.pk, saved.pk, 8,
    ]  # fmt: skip
    shown = client_of_lead.get(reverse("automation_rule", args=[rule.pk])).content.decode()
    for words in ('value="Returns"', 'value="Olga Owner"', 'value="Thanks"', 'value="8"', 'value="24"'):
        assert words in shown


def test_a_rule_with_both_sorts_of_conditions_keeps_both_when_it_is_edited(client_of_lead) -> None:
    both = {
        "all": [{"field": "channel", "is": ["mail"]}],
        "any": [{"field": "subject", "has": ["refund"]}, {"field": "urgency", "at_least": 2}],
    }
    rule = Rule.objects.create(
        name="Both", event="conversation.opened", conditions=both, actions=[{"do": "tag", "text": "money"}]
    )
    at = reverse("automation_rule", args=[rule.pk])
    shown = client_of_lead.get(at).content.decode()
    assert {"mail", "refund", "2"} <= set(re.findall(r'name="condition\w*_answers" value="(\w+)"', shown))
    assert client_of_lead.post(at, sent_as_shown(shown)).status_code == 303
    rule.refresh_from_db()
    assert rule.conditions == both
    listed = client_of_lead.get(reverse("automation")).content.decode()
    assert "Channel is one of mail and one of these: Subject has one of the words refund or Urgency" in listed


def test_a_condition_without_its_field_is_not_dropped_unseen(client_of_lead) -> None:
    Rule.objects.create(
        name="Gone",
        event="conversation.opened",
        conditions={"all": [{"field": "moon", "is": ["full"]}]},
        actions=[{"do": "tag", "text": "night"}],
    )
    at = reverse("automation_rule", args=[Rule.objects.get().pk])
    kept = client_of_lead.post(at, sent_as_shown(client_of_lead.get(at).content.decode()))
    assert kept.status_code == 422
    assert "There is no field &#x27;moon&#x27;" in kept.content.decode()
    nameless = RULE | {"condition_field": ["", ""], "condition_answers": ["full", ""]}
    refused = client_of_lead.post(reverse("automation_new"), nameless)
    assert refused.status_code == 422
    assert "&#x27;full&#x27; stands in a condition" in refused.content.decode()


def sent_as_shown(page: str) -> dict[str, list[str]]:
    """What a browser sends when the form is kept as it is shown."""
    (form,) = (
        one for one in html.document_fromstring(page).forms if one.method == "POST" and "name" in one.fields
    )
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def test_trying_a_rule_says_what_it_would_do_and_keeps_nothing(
    client_of_lead, customer, mailbox, team
) -> None:
    place = inbox.open_conversation(
        customer=customer, subject="Hi", text="A refund, please.", mailbox=mailbox
    )
    shown = client_of_lead.post(reverse("automation_new"), RULE | {"try": "1"})
    assert shown.status_code == 200
    words = shown.content.decode()
    assert "It would have fired 1 time in the last 30 days" in words
    assert reverse("conversation", args=[place.pk]) in words
    assert not Rule.objects.exists()
    assert not Firing.objects.exists()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"action_do": []}, "Add at least one action"),
        ({"condition_answers": ["", ""]}, "has no answer yet"),
        ({"when": "state:waiting"}, "how many hours"),
        (
            {"action_do": ["assign"], "action_words": ["Nobody"], "action_number": [""]},
            "&#x27;Nobody&#x27; is none",
        ),
    ],
)
def test_a_rule_that_cannot_work_is_shown_again_with_a_sentence(client_of_lead, changed, says) -> None:
    shown = client_of_lead.post(reverse("automation_new"), RULE | changed)
    assert shown.status_code == 422
    assert says in shown.content.decode()
    assert not Rule.objects.exists()


def test_rules_are_switched_moved_and_taken_away(client_of_lead) -> None:
    client_of_lead.post(reverse("automation_new"), RULE)
    client_of_lead.post(reverse("automation_new"), RULE | {"name": "Second"})
    first, second = Rule.objects.order_by("order")
    client_of_lead.post(reverse("automation_switch", args=[first.pk]))
    client_of_lead.post(reverse("automation_move", args=[second.pk]), {"up": "1"})
    assert list(Rule.objects.order_by("order").values_list("name", "is_on")) == [
        ("Second", True), ("Refunds", False),
    ]  # fmt: skip
    client_of_lead.post(reverse("automation_removal", args=[second.pk]))
    assert Rule.objects.get() == first


def test_a_lead_writes_a_check_in_and_the_rule_of_contacts(client_of_lead) -> None:
    given = {"name": "After a repair", "days": "3", "way": "mail", "text": "Hi {{customer}}, does it work?",
             "is_on": "on", "condition_field": ["tags"],
             "condition_question": ["is"], "condition_answers": ["repair"]}  # fmt: skip
    assert client_of_lead.post(reverse("check_in_rule_new"), given).status_code == 303
    rule = CheckInRule.objects.get()
    assert rule.conditions == {"all": [{"field": "tags", "is": ["repair"]}]}
    assert "After a repair" in client_of_lead.get(reverse("check_ins")).content.decode()
    held = {
        "most": "1",
        "in_days": "30",
        "quiet_from": "19:00",
        "quiet_until": "09:00",
        "quiet_weekdays": ["5", "6"],
    }
    assert client_of_lead.post(reverse("check_ins"), held).status_code == 303
    assert ContactRule.objects.get().quiet_weekdays == [5, 6]
    client_of_lead.post(reverse("check_in_rule_removal", args=[rule.pk]))
    assert not CheckInRule.objects.exists()


@pytest.mark.parametrize(
    "name", ["automation", "automation_new", "automation_log", "check_ins", "check_in_rule_new"]
)
def test_agents_are_told_to_ask_a_lead(client: Client, owner, name) -> None:
    client.force_login(owner)
    shown = client.get(reverse(name))
    assert shown.status_code == 403
    assert not Conversation.objects.exists()
