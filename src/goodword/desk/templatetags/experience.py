"""Template tags about how customers have fared with us."""

from typing import Any

from django import template

from goodword.customers.models import Customer
from goodword.customers.next_action import next_action
from goodword.staff.models import Agent

register = template.Library()


@register.inclusion_tag("desk/experience_line.html")
def experience_line(customer: Customer, agent: Agent) -> dict[str, Any]:
    """Whether something is to be made up for, and the next best action; at most four queries."""
    return {"customer": customer, "action": next_action(customer, agent)}
