"""What an agent wrote that did not reach the customer."""

from django.db.models import F, QuerySet

from goodword.mail.models import OutgoingMail
from goodword.staff.models import Agent

from .. import access
from ..models import Conversation, Message

LOST = (OutgoingMail.State.FAILED, OutgoingMail.State.UNKNOWN)


def undelivered(agent: Agent) -> "QuerySet[Message]":
    """The agent's own replies that failed or came back and that nothing has followed since, newest first."""
    open_ones = access.conversations(agent).filter(state=Conversation.State.OPEN, send_failed=True)
    return _replies(agent, open_ones).filter(outgoing__state__in=LOST)


def doubted(agent: Agent) -> "QuerySet[Message]":
    """The agent's own replies that a report which nothing proves calls lost, newest first, until somebody
    writes, calls or notes something in the conversation.
    """
    return _replies(agent, access.conversations(agent)).filter(
        outgoing__state=OutgoingMail.State.SENT,
        outgoing__doubted_at__isnull=False,
        outgoing__doubted_at__gt=F("conversation__last_at"),
    )


def _replies(agent: Agent, places: "QuerySet[Conversation]") -> "QuerySet[Message]":
    return (
        Message.objects.filter(conversation__in=places, agent=agent, kind=Message.Kind.REPLY)
        .select_related("conversation__customer", "outgoing")
        .defer("search", "html", "quoted_html", "outgoing__raw")
        .order_by("-id")
    )
