"""Whose coach somebody may look at and change, and who may read what agents say of its findings.

A team's coach is seen by its members and by leads, what holds for everybody by everybody. Leads change it.
"""

from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from goodword.staff.access import require_lead
from goodword.staff.models import Agent, Membership, Team

from .models import Dispute, Override, OwnRule, Policy, Remark, Term, Topic

LARGEST = 2**63 - 1
Row = TypeVar("Row", OwnRule, Policy, Term, Topic)


def teams(agent: Agent) -> QuerySet[Team]:
    """The teams whose coach the agent may look at, by name."""
    found = Team.objects.order_by("name")
    return found if agent.is_lead else found.filter(members=agent)


def get_team(agent: Agent, pk: int | None) -> Team | None:
    """A team whose coach the agent may look at; None stays None: everybody. Raises Team.DoesNotExist."""
    if pk is None:
        return None
    if not 0 < pk <= LARGEST:
        raise Team.DoesNotExist
    return teams(agent).get(pk=pk)


def get_for_change(agent: Agent, kind: type[Row], pk: int) -> Row:
    """Something a team made its own, for those who may change it. Raises NotAllowed or the DoesNotExist."""
    if not 0 < pk <= LARGEST or not (row := kind._default_manager.filter(pk=pk).first()):
        raise kind.DoesNotExist
    get_team(agent, row.team_id)
    require_lead(agent)
    return row


def team_answering(agent: Agent | None, mailbox_id: int | None) -> int | None:
    """The team whose coach reads a draft for this mailbox: one that answers it and has the agent in it.

    Else the oldest that answers it; else, where everybody answers, the agent's own (of several the oldest).
    None without any: then the coach is everybody's. One query.
    """
    answers = Team.mailboxes.through.objects.filter(team=OuterRef("pk"), mailbox=mailbox_id)
    mine = Membership.objects.filter(team=OuterRef("pk"), agent=agent)
    found = Team.objects.annotate(answers=Exists(answers), mine=Exists(mine)).filter(
        Q(answers=True) | Q(mine=True)
    )
    return found.order_by("-answers", "-mine", "id").values_list("pk", flat=True).first()


def disputes(agent: Agent) -> QuerySet[Dispute]:
    """A lead reads every dispute, an agent their own."""
    return Dispute.objects.filter(_own(agent)).select_related("agent")


def overrides(agent: Agent) -> QuerySet[Override]:
    """A lead reads every override, an agent their own."""
    return Override.objects.filter(_own(agent)).select_related("agent")


def remarks(agent: Agent, team: Team | None) -> QuerySet[Remark]:
    """What the coach said in a team's drafts; for everybody (None) in all drafts of the agent's teams."""
    if team is not None:
        get_team(agent, team.pk)
        return Remark.objects.filter(team=team)
    if agent.is_lead:
        return Remark.objects.all()
    return Remark.objects.filter(Q(team=None) | Q(team__in=teams(agent)))


def _own(agent: Agent) -> Q:
    return Q() if agent.is_lead else Q(agent=agent)
