"""Who has a conversation open."""

from django.db import transaction
from django.utils import timezone

from goodword.staff.models import Agent

from .. import access
from ..models import Conversation, Presence
from .adding import tell


@transaction.atomic
def arrive(*, conversation: Conversation, agent: Agent, doing: str = Presence.Doing.VIEWING) -> None:
    """The agent has the conversation open; say so every half a minute; others are told only news."""
    place = access.conversations(agent).get(pk=conversation.pk)
    doing = doing if doing in Presence.Doing.values else Presence.Doing.VIEWING
    now = timezone.now()
    known = Presence.objects.select_for_update().filter(conversation=place, agent=agent).first()
    Presence.objects.update_or_create(
        conversation=place, agent=agent, defaults={"doing": doing, "seen_at": now}
    )
    if known is None or known.doing != doing or known.seen_at <= now - Presence.FRESH:
        tell("presence.changed", place, agent=agent, doing=doing)


@transaction.atomic
def leave(*, conversation: Conversation, agent: Agent) -> None:
    """The agent has closed the page."""
    place = access.conversations(agent).get(pk=conversation.pk)
    gone, _kinds = Presence.objects.filter(conversation=place, agent=agent).delete()
    if gone:
        tell("presence.changed", place, agent=agent, doing="")
