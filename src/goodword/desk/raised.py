"""What a conversation's page says of its escalation."""

from typing import Any

from goodword.inbox import escalations
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent


def raised(agent: Agent, conversation: Conversation) -> dict[str, Any]:
    """The open escalation, and whether the agent may decide; costs nothing where there is none."""
    current = escalations.open_one(conversation)
    if current is None:
        return {}
    return {"escalation": current, "may_decide": escalations.may_end(current, agent)}
