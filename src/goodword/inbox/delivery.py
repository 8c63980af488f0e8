"""What a conversation learns of its replies on their way; registered with mail."""

from collections.abc import Mapping
from typing import Any

from goodword.mail import suppressions
from goodword.mail.models import OutgoingMail

from . import access
from .actions.adding import UNDELIVERED, send_failed, tell, waiting_since
from .actions.states import set_open
from .clocks import follow
from .clocks.history import SOON
from .models import Conversation, Message

State = OutgoingMail.State


def outgoing_changed(outgoing: OutgoingMail) -> None:
    """Tell what became of a reply; one that did not arrive was no answer, and the customer waits on."""
    reply = _written(outgoing)
    if reply is None:
        return
    if outgoing.state == State.WITHDRAWN:
        # Taking a reply back has its own event, and the message goes with it.
        if why := suppressions.unwanted(outgoing.recipients, outgoing.topic) if outgoing.topic else "":
            place = access.locked(None, reply["conversation_id"])
            tell("message.withheld", place, message=reply["pk"], why=why)
        return
    place = access.locked(None, reply["conversation_id"])
    # Only now does a reply answer whoever waited that was put off until a moment like this.
    left_late = outgoing.state == State.SENT and outgoing.not_before - reply["at"] > SOON
    if outgoing.state in UNDELIVERED or place.send_failed or left_late:
        _count_anew(place, failed=outgoing.state in UNDELIVERED)
    tell(
        f"reply.{outgoing.state}",
        place,
        message=reply["pk"],
        author=reply["agent_id"],
        state=outgoing.state,
        error=outgoing.error,
    )
    if outgoing.state != State.SENDING:
        follow(place)


def outgoing_doubted(outgoing: OutgoingMail) -> None:
    """Tell that a report which nothing proves calls a reply lost; nobody waits because of it."""
    reply = _written(outgoing)
    if reply is not None:
        tell(
            "reply.doubted",
            access.locked(None, reply["conversation_id"]),
            message=reply["pk"],
            author=reply["agent_id"],
            state=outgoing.state,
            error=outgoing.error,
        )


def _written(outgoing: OutgoingMail) -> Mapping[str, Any] | None:
    """The message that left as this mail."""
    return Message.objects.filter(outgoing=outgoing).values("pk", "at", "conversation_id", "agent_id").first()


def _count_anew(place: Conversation, *, failed: bool) -> None:
    """Whether the customer waits, now that a reply did not arrive, or arrived after all."""
    if failed and place.state in (Conversation.State.CLOSED, Conversation.State.SNOOZED):
        set_open(place, reason="not delivered")
    place.send_failed = send_failed(place)
    if place.state != Conversation.State.CLOSED:
        place.waiting_since = waiting_since(place)
    place.save(
        update_fields=["state", "snoozed_until", "send_failed", "waiting_since", "assignee", "routing"]
    )
