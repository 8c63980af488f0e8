"""What an agent wrote that did not reach the customer."""

from django.db.models import QuerySet

from goodword.mail.models import OutgoingMail
from goodword.staff.models import Agent

from .. import access
from ..models import Conversation, Message

LOST = (OutgoingMail.State.FAILED, OutgoingMail.State.UNKNOWN)


def undelivered(agent: Agent) -> "QuerySet[Message]":
    """The agent's own replies that failed or came back and that nothing has followed since, newest first."""
    open_ones = access.conversations(agent).filter(state=Conversation.State.OPEN, send_failed=True)
    found = Message.objects.filter(conversation__in=open_ones, agent=agent, kind=Message.Kind.REPLY)
    return (
        found.filter(outgoing__state__in=LOST)
        .select_related("conversation__customer", "outgoing")
        .defer("search", "html", "quoted_html", "outgoing__raw")
        .order_by("-id")
    )
