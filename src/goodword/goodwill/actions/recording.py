"""How goodwill writes its events. Words stand one level down, as live streams carry single values only."""

from typing import Any

from goodword.events.actions import record
from goodword.staff.models import Agent

from ..models import ApprovalRequest, Gesture


def gesture_event(kind: str, gesture: Gesture, agent: Agent | None, **details: Any) -> None:
    """What happened to a gesture."""
    facts = {"kind": gesture.kind, "amount": str(gesture.amount), "reason": gesture.reason}
    record(
        kind,
        conversation_id=gesture.conversation_id,
        customer_id=gesture.customer_id,
        mailbox_id=gesture.mailbox_id,
        agent_id=agent.pk if agent else None,
        data={"gesture": gesture.pk, "details": facts | details},
    )


def request_event(kind: str, request: ApprovalRequest, agent: Agent | None, **details: Any) -> None:
    """What happened to a request for approval."""
    facts = {"amount": str(request.amount), "reason": request.reason, "kind": request.gesture_kind}
    record(
        kind,
        conversation_id=request.conversation_id,
        customer_id=request.customer_id,
        mailbox_id=request.mailbox_id,
        agent_id=agent.pk if agent else None,
        data={"request": request.pk, "asked_by": request.asked_by_id, "details": facts | details},
    )
