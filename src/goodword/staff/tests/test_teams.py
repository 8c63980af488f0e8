"""Teams answer mailboxes; who is in none of a mailbox's teams does not see it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from goodword.events.models import Event
from goodword.mail.models import Mailbox
from goodword.staff import actions, queries
from goodword.staff.access import NotAllowed, hidden_mailboxes
from goodword.staff.models import Agent, Membership, Team


def test_a_mailbox_given_to_a_team_is_closed_to_the_others(
    administrator: Agent, mailbox: Mailbox, owner: Agent, stranger: Agent
) -> None:
    assert hidden_mailboxes(stranger) == []
    team = actions.add_team(by=administrator, name="Care", members=[owner], mailboxes=[mailbox])
    assert hidden_mailboxes(stranger) == [mailbox.pk]
    assert hidden_mailboxes(owner) == []

    actions.set_team(by=administrator, team=team, members=[owner, stranger])
    assert hidden_mailboxes(stranger) == []


def test_who_stays_in_a_team_keeps_the_day_they_came(administrator: Agent, team: Team, owner: Agent) -> None:
    since = Membership.objects.get(team=team, agent=owner).since
    actions.set_team(by=administrator, team=team, members=[owner])
    assert Membership.objects.get(team=team).since == since


def test_a_mailbox_is_open_to_all_again_when_its_team_goes(
    administrator: Agent, team: Team, stranger: Agent
) -> None:
    for _ in range(2):
        actions.remove_team(by=administrator, team=Team(pk=team.pk, name=team.name))
    assert hidden_mailboxes(stranger) == []
    assert Event.objects.filter(kind="team.removed").count() == 1


def test_two_teams_cannot_have_one_name(administrator: Agent, team: Team) -> None:
    with pytest.raises(ValidationError, match="There is a team called 'care' already"):
        actions.add_team(by=administrator, name=" care ")


def test_agents_do_not_set_up_teams(team: Team, owner: Agent, lead: Agent) -> None:
    for agent in (owner, lead):
        with pytest.raises(NotAllowed):
            actions.set_team(by=agent, team=team, name="Ours")


def test_a_lead_says_when_the_house_does_not_work(lead: Agent, owner: Agent) -> None:
    christmas = date(timezone.localdate().year, 12, 25)
    actions.add_holiday(by=lead, day=christmas, name="Christmas")
    actions.add_holiday(by=lead, day=christmas, name="Christmas Day")
    assert [(day.day, day.name) for day in queries.holidays()] == [(christmas, "Christmas Day")]

    with pytest.raises(NotAllowed):
        actions.remove_holiday(by=owner, holiday=queries.holidays()[0])
    actions.remove_holiday(by=lead, holiday=queries.holidays()[0])
    assert queries.holidays() == []
