"""Words on a conversation."""

from django.db import transaction
from django.utils.translation import gettext

from goodword.staff.models import Agent

from ..clocks import follow
from ..errors import NotPossible
from ..models import Conversation, ConversationTag, Tag
from .adding import tell
from .states import working

NAME_LENGTH = 60


def tag_name(name: str) -> str:
    """A tag's name as it is kept: lower case, one space between words. Raises NotPossible with a sentence."""
    kept = Tag.written(name)
    if not kept:
        raise NotPossible(gettext("The tag has no name. Type a word."))
    if len(kept) > NAME_LENGTH:
        raise NotPossible(
            gettext("The tag '%(name)s…' is longer than %(limit)d characters. Choose a shorter word.")
            % {"name": kept[:20], "limit": NAME_LENGTH}
        )
    return kept


@transaction.atomic
def add_tag(*, conversation: Conversation, agent: Agent | None, name: str) -> Tag:
    """Put a tag on a conversation; a new word makes a new tag."""
    name = tag_name(name)
    place = working(agent, conversation.pk)
    tag, _made = Tag.objects.get_or_create(name=name)
    _link, new = ConversationTag.objects.get_or_create(conversation=place, tag=tag, defaults={"by": agent})
    if new:
        tell("conversation.tagged", place, agent=agent, tag=tag.name)
        follow(place)
    return tag


@transaction.atomic
def remove_tag(*, conversation: Conversation, agent: Agent | None, name: str) -> None:
    """Take a tag off a conversation."""
    name = tag_name(name)
    place = working(agent, conversation.pk)
    gone, _kinds = ConversationTag.objects.filter(conversation=place, tag__name=name).delete()
    if gone:
        tell("conversation.untagged", place, agent=agent, tag=name)
        follow(place)
