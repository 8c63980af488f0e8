"""Giving a conversation to somebody."""

from django.db import transaction
from django.utils.translation import gettext

from goodword.staff.models import Agent

from .. import access
from ..errors import NotPossible
from ..models import Assignment, Conversation
from .adding import tell
from .states import working


@transaction.atomic
def assign(*, conversation: Conversation, agent: Agent | None, to: Agent | None) -> Conversation:
    """Give a conversation to an agent who may see it, or to nobody."""
    place = working(agent, conversation.pk)
    if place.assignee_id == (to.pk if to else None):
        return place
    if to is not None and not access.conversations(to).filter(pk=place.pk).exists():
        raise NotPossible(
            gettext("%(name)s cannot see this conversation. Choose somebody of its team.") % {"name": to.name}
        )
    set_assignee(place, agent=agent, to=to)
    place.save(update_fields=["assignee"])
    return place


def set_assignee(place: Conversation, *, agent: Agent | None, to: Agent | None) -> None:
    """Give a locked conversation to somebody; the caller saves it."""
    before = place.assignee_id
    place.assignee = to
    Assignment.objects.create(conversation=place, agent=to, by=agent)
    tell("conversation.assigned", place, agent=agent, to=to.pk if to else None, before=before)
