"""Writing what was done about a customer to the event log."""

from typing import Any

from goodword.events.actions import record
from goodword.staff.models import Agent

from .models import Customer


def tell(kind: str, customer: Customer, agent: Agent | None, **details: Any) -> None:
    """Names and addresses stand one level down: live streams carry only single values, and they reach
    every agent, also those who must not see the customer."""
    data = {"details": details} if details else {}
    record(kind, customer_id=customer.pk, agent_id=agent.pk if agent else None, data=data)
