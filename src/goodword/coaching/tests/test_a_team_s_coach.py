"""A lead makes the coach the team's own; it holds from the next review on, and for nobody else."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from goodword.coaching import access, actions
from goodword.coaching.errors import CoachingError
from goodword.coaching.models import OwnRule, Policy, RuleChange, Tailoring, Term, Topic
from goodword.mail.models import Mailbox
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent, Team

RULE = "internal-jargon"
JARGON = "Hello Carla, it is on backorder."
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def findings(draft: str, team: Team | None, message: str = "") -> list[dict[str, Any]]:
    said = actions.review_draft(
        draft=draft, customer_message=message, now=NOW, team_id=team.pk if team else None
    )
    return list(said["findings"])


def rules(draft: str, team: Team | None, message: str = "") -> list[str]:
    return [found["rule"] for found in findings(draft, team, message)]


def test_a_rule_that_a_lead_switches_off_is_silent_at_once_for_that_team_only(
    team: Team, lead: Agent
) -> None:
    assert RULE in rules(JARGON, team)
    actions.change_rule(by=lead, team=team, rule=RULE, off=True, reason="Our customers are traders.")
    assert RULE not in rules(JARGON, team)
    assert RULE in rules(JARGON, None)
    assert RULE in rules(JARGON, Team.objects.get(name="Elsewhere"))
    actions.standard_rule(by=lead, team=team, rule=RULE, reason="They are not.")
    assert RULE in rules(JARGON, team)


def test_what_holds_for_everybody_holds_for_a_team_until_it_says_otherwise(team: Team, lead: Agent) -> None:
    actions.change_rule(by=lead, team=None, rule=RULE, off=True, reason="We all know them.")
    assert RULE not in rules(JARGON, team)
    actions.change_rule(
        by=lead, team=team, rule=RULE, severity="hint", message="Not '{quote}'.", reason="New people."
    )
    found = next(one for one in findings(JARGON, team) if one["rule"] == RULE)
    assert (found["severity"], found["message"]) == ("hint", "Not 'on backorder'.")
    assert RULE not in rules(JARGON, None)
    actions.change_rule(by=lead, team=team, rule=RULE, severity="warn", reason="As ever.")
    assert RULE in rules(JARGON, team)
    actions.standard_rule(by=lead, team=team, rule=RULE, reason="As everybody.")
    assert RULE not in rules(JARGON, team)


def test_each_change_is_a_record_and_the_same_change_twice_is_one(team: Team, lead: Agent) -> None:
    for _ in range(2):
        actions.soften_rule(by=lead, team=team, rule=RULE, reason="Often disputed.")
    assert RuleChange.objects.count() == 1
    actions.standard_rule(by=lead, team=team, rule=RULE, reason="It helped.")
    actions.standard_rule(by=lead, team=team, rule=RULE, reason="It helped.")
    kept = [(row.severity, row.reason, row.by, row.is_standard) for row in RuleChange.objects.order_by("id")]
    assert kept == [("hint", "Often disputed.", lead, False), ("", "It helped.", lead, True)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"severity": "stop"}, "severity"),
        ({"reason": " ", "off": True}, "reason"),
        ({"message": "x" * 301}, "message"),
        ({"why": "x" * 501}, "why"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_beside_its_field(
    team: Team, lead: Agent, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.change_rule(by=lead, team=team, rule=RULE, **{"reason": "Because."} | wrong)
    assert list(refused.value.message_dict) == [field]
    assert not RuleChange.objects.exists()
    assert not Tailoring.objects.exists()


def test_a_rule_that_nobody_knows_cannot_be_changed(lead: Agent) -> None:
    for rule in ("no-such", "own-999", "own-x", "own-99999999999999999999"):
        with pytest.raises(CoachingError, match="There is no rule"):
            actions.change_rule(by=lead, team=None, rule=rule, off=True, reason="Because.")


def test_only_leads_change_a_coach_and_a_stranger_finds_no_team(
    team: Team, owner: Agent, stranger: Agent, lead: Agent, administrator: Agent
) -> None:
    for agent, refusal in ((owner, NotAllowed), (stranger, Team.DoesNotExist)):
        with pytest.raises(refusal):
            actions.change_rule(by=agent, team=team, rule=RULE, off=True, reason="Because.")
        with pytest.raises(refusal):
            actions.add_term(by=agent, team=team, words="SKU")
        with pytest.raises(refusal):
            actions.set_policy(by=agent, team=team, text="Refunds take a day.", owner=owner)
    term = actions.add_term(by=administrator, team=team, words="SKU")
    assert access.get_for_change(lead, Term, term.pk) == term
    with pytest.raises(NotAllowed):
        access.get_for_change(owner, Term, term.pk)
    with pytest.raises(Team.DoesNotExist):
        access.get_for_change(stranger, Term, term.pk)
    assert list(access.teams(owner)) == [team]
    assert team not in access.teams(stranger)
    assert team in access.teams(lead)


def test_the_team_s_words_are_no_jargon_and_others_have_better_ones(team: Team, lead: Agent) -> None:
    actions.add_term(by=lead, team=team, words="on backorder")
    assert rules(JARGON, team) == rules("Hello Carla, it is on the way.", team)
    actions.add_term(by=lead, team=team, words="the box", instead="the Mini")
    found = findings("Hello Carla, the box is on the way.", team)
    assert [one["suggestions"] for one in found if one["rule"] == "glossary"] == [["the Mini"]]
    actions.remove_term(by=lead, term=Term.objects.get(words="the box"))
    assert "glossary" not in rules("Hello Carla, the box is on the way.", team)


def test_a_team_s_word_stands_before_everybody_s(team: Team, lead: Agent) -> None:
    actions.add_term(by=lead, team=None, words="the box", instead="the Mini")
    actions.add_term(by=lead, team=team, words="The box")
    draft = "Hello Carla, the box is on the way."
    assert "glossary" in rules(draft, None)
    assert "glossary" not in rules(draft, team)


def test_lines_are_imported_and_what_is_wrong_with_one_is_said(team: Team, lead: Agent) -> None:
    text = "SKU\n\nRMA → return slip\nthe box => the Mini\n→ nothing\n--- \nsku\n" + "x" * 130
    done = actions.import_terms(by=lead, team=team, text=text)
    assert done.added == 4
    assert [line.split(":")[0] for line in done.refused] == ["Line 5", "Line 6", "Line 8"]
    kept = list(Term.objects.order_by("id").values_list("words", "instead"))
    assert kept == [("sku", ""), ("RMA", "return slip"), ("the box", "the Mini")]
    assert actions.import_terms(by=lead, team=team, text="RMA → return slip").added == 0


def test_a_topic_of_the_team_asks_for_what_it_needs(team: Team, lead: Agent) -> None:
    message = "The kayak came with a scratch. What can be done?"
    draft = "Hello Carla, I am sorry about the scratch on your kayak. That should never happen."
    given = {"name": "boats", "words": ["kayak", " "], "details_needed": ["order", "nonsense"]}
    topic = actions.set_topic(by=lead, team=team, ask="May I have your order number?", **given)  # type: ignore[arg-type]
    asked = [text for one in findings(draft, team, message) for text in one["suggestions"]]
    assert "May I have your order number?" in asked
    with pytest.raises(ValidationError, match="There is a topic"):
        actions.set_topic(by=lead, team=team, ask="When?", **given | {"name": "Boats"})  # type: ignore[arg-type]
    actions.remove_topic(by=lead, topic=topic)
    assert "detail-missing" not in " ".join(rules(draft, team, message))


def test_a_topic_of_the_coach_is_left_out_and_comes_back(team: Team, lead: Agent) -> None:
    message = "My parcel has not arrived. What now?"
    draft = "Hello Carla, I am sorry that your parcel is late. That should never happen to you."

    def asks() -> bool:
        return "detail-missing" in rules(draft, team, message)

    assert asks()
    actions.leave_out_topic(by=lead, team=team, name="parcel")
    actions.leave_out_topic(by=lead, team=team, name="parcel")
    assert not asks()
    actions.remove_topic(by=lead, topic=Topic.objects.get())
    assert asks()


def test_a_draft_that_clashes_with_a_policy_is_told_which(team: Team, lead: Agent, owner: Agent) -> None:
    said = "Refunds take 5 to 7 working days."
    policy = actions.set_policy(by=lead, team=team, text=said, owner=owner, review_by=date(2027, 1, 31))
    draft = "Hello Carla, your refund takes 2 working days."
    assert any(said in one["message"] + one["why"] for one in findings(draft, team))
    assert not any(said in one["message"] for one in findings(draft, None))
    with pytest.raises(ValidationError, match="in the list already"):
        actions.set_policy(by=lead, team=team, text=said.upper(), owner=owner)
    actions.set_policy(by=lead, team=team, text=f"{said} ", owner=lead, policy=policy)
    actions.remove_policy(by=lead, policy=Policy.objects.get(owner=lead))
    assert not any(said in one["message"] for one in findings(draft, team))


def own_rule(lead: Agent, team: Team, **more: Any) -> OwnRule:
    given: dict[str, Any] = {
        "words": ["no can do"],
        "message": "'{quote}' shuts the door.",
        "why": "Say what can be done.",
        "good": ["We can do that tomorrow."],
        "bad": ["Sorry, no can do."],
    }
    return actions.set_own_rule(by=lead, team=team, **given | more)


def test_a_rule_of_the_team_speaks_in_the_next_review(team: Team, lead: Agent) -> None:
    own = own_rule(lead, team, instead="we can look into it")
    found = next(one for one in findings("Hello Carla, no can do.", team) if one["rule"] == own.rule)
    assert (found["message"], found["suggestions"]) == (
        "'no can do' shuts the door.",
        ["we can look into it"],
    )
    actions.change_rule(by=lead, team=team, rule=own.rule, off=True, reason="Trying it out.")
    assert own.rule not in rules("Hello Carla, no can do.", team)
    actions.standard_rule(by=lead, team=team, rule=own.rule, reason="It works.")
    actions.remove_own_rule(by=lead, own=own)
    assert own.rule not in rules("Hello Carla, no can do.", team)


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"bad": ["We are glad to help."]}, "bad", "finds nothing in 'We are glad to help.'"),
        ({"good": ["There is no can do spirit."]}, "good", "finds something in"),
        ({"good": [" "]}, "good", "Write a line"),
        ({"words": []}, "words", "Write the words"),
        ({"message": ""}, "message", "Write what to say"),
        ({"subject": "weather"}, "subject", "'weather' is none"),
    ],
)
def test_a_rule_is_tried_on_its_lines_before_it_is_kept(
    team: Team, lead: Agent, wrong: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        own_rule(lead, team, **wrong)
    assert said in refused.value.message_dict[field][0]
    assert not OwnRule.objects.exists()


def test_a_rule_that_can_no_longer_be_used_silences_no_other(
    team: Team, lead: Agent, caplog: pytest.LogCaptureFixture
) -> None:
    own = own_rule(lead, team)
    OwnRule.objects.filter(pk=own.pk).update(words=[])
    actions.add_term(by=lead, team=team, words="the box", instead="the Mini")
    assert "glossary" in rules("Hello Carla, the box, no can do.", team)
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_changed_coach_costs_a_review_no_more_queries(
    team: Team, lead: Agent, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        actions.add_term(by=lead, team=team, words=f"word {number}")
    actions.change_rule(by=lead, team=team, rule=RULE, off=True, reason="Because.")
    rules(JARGON, team)
    with django_assert_num_queries(2):
        rules(JARGON, team)


def test_the_coach_of_a_draft_is_that_of_the_team_that_answers_the_mailbox_or_of_its_author(
    team: Team, mailbox: Mailbox, owner: Agent, lead: Agent, stranger: Agent
) -> None:
    elsewhere = Team.objects.get(name="Elsewhere")
    elsewhere.mailboxes.add(mailbox)
    open_box = Mailbox.objects.create(address="all@desk.example", name="All")
    answering = [access.team_answering(agent, mailbox.pk) for agent in (owner, stranger, lead, None)]
    assert answering == [team.pk, elsewhere.pk, min(team.pk, elsewhere.pk), min(team.pk, elsewhere.pk)]
    assert [access.team_answering(agent, open_box.pk) for agent in (owner, stranger)] == [
        team.pk,
        elsewhere.pk,
    ]
    assert access.team_answering(owner, None) == team.pk
    assert access.team_answering(lead, open_box.pk) is None
    assert access.team_answering(None, open_box.pk) is None
