"""What asks for an agent's attention."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from goodword.inbox import access as inbox
from goodword.staff.models import Agent, Membership

from .. import access
from ..models import CallForHelp, Complaint, Question, StageRecord


def calls_for(agent: Agent) -> QuerySet[CallForHelp]:
    """Open calls for help that this lead may answer, the newest first; none for others."""
    if not agent.is_lead:
        return CallForHelp.objects.none()
    seen = CallForHelp.objects.filter(answered_at=None, conversation__in=inbox.conversations(agent))
    return seen.exclude(by=agent).select_related("conversation__customer", "by").order_by("-id")


def questions_for(agent: Agent) -> QuerySet[Question]:
    """Questions about complaints that wait for this agent's answer, the most pressing first."""
    waiting = Question.objects.filter(agent=agent, answered_at=None)
    return waiting.select_related("complaint__customer", "asked_by").order_by("due_at", "id")


def answers_for(agent: Agent) -> QuerySet[Question]:
    """Questions of the agent's open complaints that were answered while they are looked into."""
    seen = access.complaints(agent).filter(closed_at=None)
    found = Question.objects.filter(asked_by=agent, complaint__in=seen).exclude(answered_at=None)
    return found.select_related("complaint").order_by("-answered_at")


def late_for(agent: Agent) -> QuerySet[Complaint]:
    """Complaints that are late: the agent's own, and for a lead those of nobody or of their teams."""
    late = StageRecord.objects.filter(complaint=OuterRef("pk"), left_at=None, due_at__lte=timezone.now())
    rows = access.complaints(agent).filter(Exists(late), closed_at=None)
    own = rows.filter(owner=agent)
    if agent.is_lead:
        teams = Membership.objects.filter(agent=agent).values("team")
        own = own | rows.filter(owner=None) | rows.filter(team__in=teams)
    return own.select_related("customer", "owner").order_by("id")
