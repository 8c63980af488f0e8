"""A conversation goes up to those who decide what an agent cannot, and comes back with what they decided."""

import pytest

from goodword.events.models import Event
from goodword.events.timeline import sentences
from goodword.inbox import actions, escalations
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Escalation
from goodword.staff.access import NotAllowed
from goodword.staff.models import Agent, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def levels(lead, team_mate, administrator):
    """The team mate decides first, the administrator last."""
    return [
        actions.set_escalation_level(by=lead, rank=1, name="Senior", agents=[team_mate]),
        actions.set_escalation_level(by=lead, rank=2, name="Head of care", agents=[administrator]),
    ]


def waits_for(agent):
    return [one.conversation for one in escalations.waiting_for(agent)]


def told(place):
    events = Event.objects.filter(conversation_id=place.pk).order_by("id")
    return [line.text for line in sentences(events, dict(Agent.objects.values_list("pk", "name")))]


def test_without_levels_every_lead_is_asked_and_the_agent_keeps_it(conversation, owner, team_mate, lead):
    actions.assign(conversation=conversation, agent=owner, to=owner)
    for _ in range(2):
        actions.escalate(conversation=conversation, agent=owner, reason="She wants 400 back.")
    conversation.refresh_from_db()
    assert (conversation.escalation_level, conversation.assignee) == (1, owner)
    assert Escalation.objects.count() == 1
    assert (waits_for(lead), waits_for(team_mate)) == ([conversation], [])
    assert "Olga Owner raised it to Leads: She wants 400 back." in told(conversation)
    with pytest.raises(NotPossible, match="no level above"):
        actions.escalate(conversation=conversation, agent=owner, reason="Again.")


def test_it_climbs_and_the_highest_level_is_asked(conversation, owner, team_mate, administrator, levels):
    actions.escalate(conversation=conversation, agent=owner, reason="Too much for me.")
    assert waits_for(team_mate) == [conversation]
    actions.escalate(conversation=conversation, agent=team_mate, reason="And for me.")
    assert (waits_for(team_mate), waits_for(administrator)) == ([], [conversation])
    actions.end_escalation(conversation=conversation, agent=administrator, decision="Pay it back.")
    conversation.refresh_from_db()
    assert (conversation.escalation_level, waits_for(administrator)) == (0, [])
    assert [(one.level, one.decision, one.ended_by) for one in Escalation.objects.order_by("level")] == [
        (1, "Pay it back.", administrator),
        (2, "Pay it back.", administrator),
    ]
    assert told(conversation)[-1] == "Adam Chief decided: Pay it back."


def test_a_reason_and_a_decision_are_needed(conversation, owner, lead):
    with pytest.raises(NotPossible, match="why it goes up"):
        actions.escalate(conversation=conversation, agent=owner, reason=" ")
    actions.escalate(conversation=conversation, agent=owner, reason="Too much.")
    with pytest.raises(NotPossible, match="what was decided"):
        actions.end_escalation(conversation=conversation, agent=lead, decision="")


def test_only_whoever_was_asked_a_lead_or_who_raised_it_decides(
    conversation, owner, team_mate, lead, stranger
):
    actions.escalate(conversation=conversation, agent=owner, reason="Too much.")
    with pytest.raises(NotAllowed, match="Whoever was asked decides"):
        actions.end_escalation(conversation=conversation, agent=team_mate, decision="Fine.")
    actions.end_escalation(conversation=conversation, agent=owner, decision="She is content meanwhile.")
    assert actions.end_escalation(conversation=conversation, agent=lead, decision="x").escalation_level == 0
    assert Escalation.objects.get().ended_by == owner


def test_a_level_may_be_a_team_and_only_those_who_may_see_it_are_asked(
    conversation, owner, team_mate, stranger, lead
):
    elsewhere = Team.objects.get(name="Elsewhere")
    actions.set_escalation_level(by=lead, rank=1, name="Elsewhere", team=elsewhere)
    with pytest.raises(NotPossible, match="Nobody of the level Elsewhere can see"):
        actions.escalate(conversation=conversation, agent=owner, reason="Too much.")
    elsewhere.members.add(team_mate)
    actions.escalate(conversation=conversation, agent=owner, reason="Too much.")
    assert (waits_for(team_mate), waits_for(stranger)) == ([conversation], [])


def test_one_of_the_level_may_be_asked_alone(conversation, owner, team_mate, lead, administrator):
    with pytest.raises(NotPossible, match="is not asked on the level"):
        actions.escalate(conversation=conversation, agent=owner, reason="You?", to=team_mate)
    actions.escalate(conversation=conversation, agent=owner, reason="Please look.", to=lead)
    assert (waits_for(lead), waits_for(administrator)) == ([conversation], [])


def test_what_was_raised_to_a_level_that_is_gone_falls_to_the_leads(
    conversation, owner, team_mate, lead, levels
):
    actions.escalate(conversation=conversation, agent=owner, reason="Too much.")
    actions.remove_escalation_level(by=lead, level=levels[0])
    assert (waits_for(team_mate), waits_for(lead)) == ([], [conversation])


def test_levels_are_set_up_by_leads_and_ask_somebody(owner, lead):
    with pytest.raises(NotAllowed):
        actions.set_escalation_level(by=owner, rank=1, name="Me", agents=[owner])
    with pytest.raises(NotPossible, match="asks nobody"):
        actions.set_escalation_level(by=lead, rank=1, name="Nobody")
    with pytest.raises(NotPossible, match="has no name"):
        actions.set_escalation_level(by=lead, rank=1, name=" ", agents=[lead])
