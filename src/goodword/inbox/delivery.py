"""What a conversation learns of its replies on their way; registered with mail."""

from goodword.mail.models import OutgoingMail

from . import access
from .actions.adding import UNDELIVERED, retell, tell
from .actions.states import set_open
from .models import Conversation, Message

State = OutgoingMail.State
_QUIET = {State.WITHDRAWN}


def outgoing_changed(outgoing: OutgoingMail) -> None:
    """Tell what became of a reply; one that did not arrive was no answer, and the customer waits on."""
    reply = Message.objects.filter(outgoing=outgoing).values("pk", "conversation_id", "agent_id").first()
    if reply is None or outgoing.state in _QUIET:
        return
    place = access.locked(None, reply["conversation_id"])
    if outgoing.state in UNDELIVERED and place.state == Conversation.State.CLOSED:
        set_open(place, reason="not delivered")
    if place.state in (Conversation.State.OPEN, Conversation.State.SNOOZED):
        retell(place)
        place.save()
    tell(
        f"reply.{outgoing.state}",
        place,
        message=reply["pk"],
        author=reply["agent_id"],
        state=outgoing.state,
        error=outgoing.error,
    )
