"""Saying how pressing a conversation is."""

from django.db import transaction
from django.utils.translation import gettext

from goodword.staff.models import Agent

from ..errors import NotPossible
from ..models import Conversation
from .assigning import set_priority
from .states import working


@transaction.atomic
def prioritise(*, conversation: Conversation, agent: Agent | None, priority: str) -> Conversation:
    """Give a conversation one of `Conversation.Priority`; its service clocks go by it from then on."""
    if priority not in Conversation.Priority.values:
        raise NotPossible(
            gettext("'%(priority)s' is no priority. Choose from %(priorities)s.")
            % {"priority": priority[:40], "priorities": ", ".join(Conversation.Priority.values)}
        )
    place = working(agent, conversation.pk)
    if place.priority != priority:
        set_priority(place, agent=agent, priority=priority)
        place.save(update_fields=["priority"])
    return place
