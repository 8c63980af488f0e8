"""What the rail says of things that wait; each costs one query, and none for those it does not concern."""

from django.db.models import Q, Subquery
from django.http import HttpRequest

from goodword.goodwill.models import ApprovalRequest
from goodword.staff.models import Agent, AuthorityLevel
from goodword.ui.menu import register_badge

MOST = 99


def approvals_waiting(request: HttpRequest) -> int:
    """How many approvals a lead is asked for, of gestures and of complaints' proposals, counted to 99."""
    agent = request.user
    if not isinstance(agent, Agent) or not agent.is_lead:
        return 0
    waiting = ApprovalRequest.objects.filter(state=ApprovalRequest.State.OPEN).exclude(asked_by=agent)
    if agent.authority_id is not None:
        own = AuthorityLevel.objects.filter(pk=agent.authority_id).values("rank")
        waiting = waiting.filter(Q(level=None) | Q(level__rank__lte=Subquery(own)))
    return waiting.order_by()[:MOST].count()


register_badge("goodwill", approvals_waiting)
