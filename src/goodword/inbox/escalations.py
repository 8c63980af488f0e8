"""Who decides what an agent cannot: the levels, whom they ask, and what waits for somebody."""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from goodword.staff.models import Agent

from . import access
from .models import Conversation, Escalation, EscalationLevel

LEADS = (Agent.Role.LEAD, Agent.Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Step:
    """One level; `kept` None is the one that holds where none is set up: every lead and administrator."""

    rank: int
    name: str
    kept: EscalationLevel | None = None

    def people(self) -> "QuerySet[Agent]":
        """Everybody at work who is asked on this level."""
        at_work = Agent.objects.filter(is_active=True)
        if self.kept is None:
            return at_work.filter(role__in=LEADS)
        asked = Q(escalation_levels=self.kept)
        if self.kept.team_id is not None:
            asked |= Q(teams=self.kept.team_id)
        return at_work.filter(asked).distinct()

    def asked(self, place: Conversation) -> list[Agent]:
        """Those of them who may see the conversation, by name."""
        return [
            agent
            for agent in self.people().order_by("name", "id")
            if access.conversations(agent).filter(pk=place.pk).exists()
        ]


def steps() -> list[Step]:
    """The levels there are, from the first above the agents up."""
    kept = list(EscalationLevel.objects.select_related("team").order_by("rank"))
    if not kept:
        return [Step(1, gettext("Leads"))]
    return [Step(level.rank, level.name, level) for level in kept]


def steps_above(place: Conversation) -> list[Step]:
    """The levels a conversation can still be raised to."""
    return [step for step in steps() if step.rank > place.escalation_level]


def ranks_of(agent: Agent) -> list[int]:
    """The levels on which an agent is asked."""
    levels = EscalationLevel.objects.all()
    if not levels.exists():
        return [1] if agent.is_lead else []
    asked = levels.filter(Q(agents=agent) | Q(team__members=agent))
    return sorted(set(asked.values_list("rank", flat=True)))


def waiting_for(agent: Agent) -> "QuerySet[Escalation]":
    """Escalations that ask this agent and were not ended, newest first; the highest of each conversation."""
    asked = Q(to=agent) | Q(to=None, level__in=ranks_of(agent))
    if agent.is_lead:
        # What was raised to a level that is gone meanwhile.
        asked |= Q(to=None) & ~Q(level__in=[step.rank for step in steps()])
    found = Escalation.objects.filter(asked, ended_at=None, conversation__in=access.conversations(agent))
    return (
        found.filter(level=F("conversation__escalation_level"))
        .select_related("conversation__customer", "conversation__assignee", "by")
        .order_by("-id")
    )


def open_one(place: Conversation) -> Escalation | None:
    """The escalation that counts; None where there is none."""
    if not place.escalation_level:
        return None
    found = place.escalations.filter(ended_at=None).select_related("by", "to")
    return found.order_by("-level", "-id").first()


def may_end(escalation: Escalation, agent: Agent) -> bool:
    """Whether the agent may say what was decided: whoever is asked there or above, a lead, who raised it."""
    if agent.is_lead or agent.pk in (escalation.by_id, escalation.to_id):
        return True
    return any(rank >= escalation.level for rank in ranks_of(agent))
