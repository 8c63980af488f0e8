"""Writing the events of complaints."""

from typing import Any

from goodword.events.actions import record
from goodword.events.models import Event
from goodword.staff.models import Agent

from .models import Complaint


def tell(kind: str, complaint: Complaint, *, agent: Agent | None, **data: Any) -> Event:
    """Write an event of this complaint in the caller's transaction, at its conversation and customer."""
    return record(
        kind,
        conversation_id=complaint.conversation_id,
        customer_id=complaint.customer_id,
        mailbox_id=complaint.conversation.mailbox_id,
        agent_id=agent.pk if agent else None,
        data={"complaint": complaint.pk, "number": complaint.number, **data},
    )


def tell_unsent(complaint: Complaint, why: str) -> None:
    """Say in the conversation that a letter was not sent by itself, and why."""
    tell("complaint.letter_unsent", complaint, agent=None, why=why)


def one_line(text: str, length: int) -> str:
    """A text on one line, fit to be kept, of at most so many characters."""
    return " ".join(text.replace("\x00", "").split())[:length]


def clean(text: str, length: int = 50_000) -> str:
    """A text fit to be kept, of at most so many characters."""
    return text.replace("\x00", "").strip()[:length]
