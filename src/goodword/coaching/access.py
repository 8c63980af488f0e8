"""Who may read what agents say of the coach's findings."""

from django.db.models import Q, QuerySet

from goodword.staff.models import Agent

from .models import Dispute, Override


def disputes(agent: Agent) -> QuerySet[Dispute]:
    """A lead reads every dispute, an agent their own."""
    return Dispute.objects.filter(_own(agent)).select_related("agent")


def overrides(agent: Agent) -> QuerySet[Override]:
    """A lead reads every override, an agent their own."""
    return Override.objects.filter(_own(agent)).select_related("agent")


def _own(agent: Agent) -> Q:
    return Q() if agent.is_lead else Q(agent=agent)
