"""Giving a conversation to somebody, or to a team."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from goodword.promises import actions as promises
from goodword.promises.models import Promise
from goodword.staff.models import Agent, Team

from .. import access
from ..clocks import follow
from ..errors import NotPossible
from ..models import Assignment, Conversation, RoutingRule
from ..routing.waking import freed, opened
from .adding import tell
from .states import working

LEADS = (Agent.Role.LEAD, Agent.Role.ADMINISTRATOR)
Routing = Conversation.Routing


@transaction.atomic
def assign(*, conversation: Conversation, agent: Agent | None, to: Agent | None) -> Conversation:
    """Give a conversation to an agent who may see it, or to nobody. Routing never undoes either."""
    place = working(agent, conversation.pk)
    if place.assignee_id == (to.pk if to else None):
        if place.routing:
            place.routing, place.routing_rule = "", None
            place.save(update_fields=["routing", "routing_rule"])
        return place
    if to is not None:
        check_sees(place, to)
    set_assignee(place, agent=agent, to=to)
    place.save(update_fields=["assignee", "routing", "routing_rule"])
    return place


@transaction.atomic
def assign_team(*, conversation: Conversation, agent: Agent | None, team: Team | None) -> Conversation:
    """Put a conversation into a team, or take it out of its team. Who has it, keeps it.

    Where nobody has it, and a routing rule gives out what comes to this team, it waits for one of them.
    """
    place = working(agent, conversation.pk)
    if place.team_id == (team.pk if team else None):
        return place
    if team is not None:
        check_team_sees(place, team)
    set_team(place, agent=agent, team=team)
    if place.assignee_id is None:
        wait_in_team(place)
    place.save(update_fields=["team", "routing", "routing_rule"])
    return place


def check_sees(place: Conversation, to: Agent) -> None:
    """Raise NotPossible when that agent may not see the conversation."""
    if not access.conversations(to).filter(pk=place.pk).exists():
        raise NotPossible(
            gettext("%(name)s cannot see this conversation. Choose somebody of its team.") % {"name": to.name}
        )


def check_team_sees(place: Conversation, team: Team) -> None:
    """Raise NotPossible when nobody of the team may see the conversation."""
    doors = Team.objects.filter(mailboxes=place.mailbox_id) if place.mailbox_id else Team.objects.none()
    members = team.members.filter(is_active=True)
    if doors.exists():
        members = members.filter(Q(role__in=LEADS) | Q(teams__in=doors))
    if not members.exists():
        raise NotPossible(
            gettext(
                "Nobody of %(team)s can see this conversation. Choose another team, or give it the mailbox."
            )
            % {"team": team.name}
        )


def set_assignee(place: Conversation, *, agent: Agent | None, to: Agent | None, **why: Any) -> None:
    """Give a locked conversation to somebody; the caller saves it. `why` goes into the event."""
    before = place.assignee_id
    place.assignee, place.routing, place.routing_rule = to, "", None
    Assignment.objects.create(conversation=place, agent=to, by=agent)
    tell("conversation.assigned", place, agent=agent, to=to.pk if to else None, before=before, **why)
    if to is not None:
        take_up_promises(place, agent=agent, to=to)
    if before is not None:
        freed()


def take_up_promises(place: Conversation, *, agent: Agent | None, to: Agent) -> None:
    """Whoever gets a locked conversation answers for what their team promised there and nobody sees to."""
    promises.take_up(promises=Promise.objects.filter(place__conversation=place), agent=agent, owner=to)


def set_team(place: Conversation, *, agent: Agent | None, team: Team | None, **why: Any) -> None:
    """Put a locked conversation into a team; the caller saves it."""
    place.team = team
    told = {"team": team.pk, "name": team.name} if team else {"team": None, "name": ""}
    tell("conversation.team_set", place, agent=agent, **told, **why)
    follow(place)


def set_priority(place: Conversation, *, agent: Agent | None, priority: str, **why: Any) -> None:
    """Say how pressing a locked conversation is; the caller saves it."""
    before, place.priority = place.priority, priority
    tell("conversation.priority_set", place, agent=agent, priority=priority, before=before, **why)
    follow(place)


def wait_in_team(place: Conversation) -> None:
    """Let a locked conversation of nobody wait for somebody of its team, where a rule gives such out.

    The caller saves it.
    """
    rules = RoutingRule.objects.filter(is_on=True, assigns=True, agent=None, team=place.team_id)
    rule = rules.first() if place.team_id is not None else None
    place.routing, place.routing_rule = (Routing.WAITING, rule) if rule else ("", None)
    if rule:
        opened()
