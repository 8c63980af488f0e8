"""Agents dispute findings and send in spite of them; leads see which rules fare badly."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.coaching import access, actions, queries
from goodword.coaching.models import Dispute, Override
from goodword.events.models import Event
from goodword.staff.models import Agent

RULE = "blame.you-should-have"


def test_disputing_the_same_finding_twice_is_one_dispute(owner: Agent) -> None:
    actions.dispute(agent=owner, rule=RULE, quote="you should have")
    again = actions.dispute(agent=owner, rule=RULE, quote="you should have", reason="It is a quotation.")

    assert Dispute.objects.get() == again
    assert again.reason == "It is a quotation."
    event = Event.objects.get()
    assert (event.kind, event.agent_id, event.data["rule"]) == ("finding.disputed", owner.pk, RULE)


def test_sending_in_spite_of_a_finding_needs_a_reason(owner: Agent) -> None:
    with pytest.raises(ValueError, match="Say in a few words"):
        actions.override(agent=owner, rule=RULE, quote="you should have", reason="  ")
    assert not Override.objects.exists()

    actions.override(
        agent=owner, rule=RULE, quote="you should have", reason="She asked for it.", conversation_id=7
    )
    event = Event.objects.get()
    assert (event.kind, event.conversation_id) == ("finding.overridden", 7)


def test_the_lead_reads_how_each_rule_fares(owner: Agent, team_mate: Agent, lead: Agent) -> None:
    for agent in (owner, team_mate):
        actions.dispute(agent=agent, rule=RULE, quote="you should have")
    actions.dispute(agent=owner, rule=RULE, quote="you should not")
    actions.dispute(agent=owner, rule="jargon.rma", quote="RMA")
    actions.override(agent=owner, rule="apology.if", quote="sorry if", reason="Her words.")

    found = [(row.rule, row.disputes, row.agents, row.overrides) for row in queries.rule_statistics(lead)]
    assert found == [(RULE, 3, 2, 0), ("jargon.rma", 1, 1, 0), ("apology.if", 0, 0, 1)]
    assert queries.rule_statistics(lead)[0].last_disputed_at == Dispute.objects.get(quote="you should not").at
    later = timezone.now() + timedelta(minutes=1)
    assert queries.rule_statistics(lead, since=later) == []


def test_an_agent_reads_only_their_own_disputes(owner: Agent, team_mate: Agent, lead: Agent) -> None:
    actions.dispute(agent=owner, rule=RULE, quote="you should have")
    assert list(access.disputes(team_mate)) == []
    assert queries.rule_statistics(team_mate) == []
    assert len(queries.disputes(owner).rows) == len(queries.disputes(lead).rows) == 1


def test_disputes_are_read_page_by_page(owner: Agent, lead: Agent) -> None:
    for number in range(5):
        actions.dispute(agent=owner, rule=RULE, quote=f"quote {number}")
    first = queries.disputes(lead, rule=RULE, limit=3)
    rest = queries.disputes(lead, rule=RULE, limit=3, cursor=first.next_cursor)
    assert [row.quote for row in [*first.rows, *rest.rows]] == [f"quote {n}" for n in (4, 3, 2, 1, 0)]
    assert rest.next_cursor is None
