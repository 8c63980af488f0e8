"""A list of open conversations for each team."""

from django.test import Client

from goodword.inbox import actions
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent, Team

from .conftest import LogIn


def test_members_find_their_team_s_conversations_in_a_list_of_its_own(
    browser: Client, conversation: Conversation, team: Team, owner: Agent
) -> None:
    address = f"/inbox/team-{team.pk}/"
    assert "The kettle leaks" not in browser.get(address).content.decode()
    actions.assign_team(conversation=conversation, agent=owner, team=team)
    shown = browser.get(address).content.decode()
    assert "The kettle leaks" in shown
    assert f'href="{address}"' in browser.get("/inbox/mine/").content.decode()
    beside = browser.get(f"/conversations/{conversation.pk}/?view=team-{team.pk}").content.decode()
    assert 'aria-current="page"' in beside
    actions.close(conversation=conversation, agent=owner)
    assert "The kettle leaks" not in browser.get(address).content.decode()


def test_other_teams_do_not_stand_among_one_s_own_and_leads_have_all(
    log_in: LogIn, team: Team, stranger: Agent, lead: Agent, conversation: Conversation
) -> None:
    actions.assign_team(conversation=conversation, agent=lead, team=team)
    theirs = log_in(stranger).get("/inbox/mine/").content.decode()
    assert f"/inbox/team-{team.pk}/" not in theirs
    assert f"/inbox/team-{team.pk}/" in log_in(lead).get("/inbox/mine/").content.decode()
    assert "The kettle leaks" not in log_in(stranger).get(f"/inbox/team-{team.pk}/").content.decode()


def test_there_is_no_list_of_a_team_that_is_not(browser: Client) -> None:
    assert browser.get("/inbox/team-987654/").status_code == 404
    assert browser.get("/inbox/team-x/").status_code == 404
