"""Which promises an agent may see: all, but those that an upper room leaves out (see `registry.visible`).

Leads see every promise, and so does the house itself (`agent` None).
"""

from django.db.models import QuerySet

from goodword.staff.models import Agent

from . import registry
from .models import Promise


def visible(agent: Agent | None) -> QuerySet[Promise]:
    """The promises that `agent` may see."""
    promises = Promise.objects.all()
    if agent is None or agent.is_lead:
        return promises
    for keep in registry.visible:
        promises = keep(promises, agent)
    return promises


def get_promise(agent: Agent | None, pk: int) -> Promise:
    """One promise; raises Promise.DoesNotExist when there is none or the agent may not see it."""
    return visible(agent).select_related("customer", "owner", "made_by", "team").get(pk=pk)
