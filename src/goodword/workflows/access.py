"""The only way to a rule on behalf of an agent: leads and administrators keep them."""

from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from .models import Rule

LARGEST = 2**63 - 1


def get_rule(agent: Agent, pk: int) -> Rule:
    """One rule; raises NotAllowed or Rule.DoesNotExist."""
    require_lead(agent)
    if not 0 < pk <= LARGEST:
        raise Rule.DoesNotExist
    return Rule.objects.get(pk=pk)
