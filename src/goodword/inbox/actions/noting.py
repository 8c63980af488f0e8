"""Internal notes."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .. import access
from ..errors import NotPossible
from ..markdown import as_html, as_text
from ..models import Attachment, Conversation, Draft, Mention, Message
from .adding import add_message, tell
from .replying import promise_made
from .states import working

_MENTION = re.compile(r"(?<![\w@.])@([a-z0-9_-]{1,60})", re.IGNORECASE | re.ASCII)


@transaction.atomic
def note(
    *,
    conversation: Conversation,
    agent: Agent | None,
    markdown: str,
    promises: Sequence[NewPromise] = (),
    revision: int | None = None,
) -> Message:
    """Add an internal note; '@handle' tells that agent, when they may see the conversation.

    Promises that it tells of, such as the coach finds in it, go into the ledger with it.
    Without an agent it is a note of the house itself, such as a rule's.
    Added once, however often it is asked for with the same text and `revision`, which is the conversation's
    when its author saw it last.
    """
    if not markdown.strip():
        raise NotPossible(gettext("The note is empty. Write something, then add it."))
    place = working(agent, conversation.pk)
    added = _added_before(place, agent, markdown, revision)
    if added is not None:
        return added
    html = as_html(markdown)
    message = add_message(
        place,
        kind=Message.Kind.NOTE,
        at=timezone.now(),
        agent=agent,
        sender_name=agent.name if agent else gettext("Goodword"),
        text=as_text(html),
        html=html,
        markdown=markdown,
    )
    for promise in promises:
        promise_made(
            place, promise=replace(promise, source=Promise.Source.NOTE), agent=agent, message=message
        )
    place.save()
    drafts = Draft.objects.filter(conversation=place, agent=agent, kind=Draft.Kind.NOTE)
    draft = drafts.first() if agent else None
    if draft:
        Attachment.objects.filter(draft=draft).update(draft=None, message=message)
        draft.delete()
    tell("note.added", place, agent=agent, message=message.pk)
    for named in mentioned(markdown, place):
        Mention.objects.create(message=message, agent=named)
        tell("agent.mentioned", place, agent=agent, message=message.pk, to=named.pk)
    return message


def mentioned(markdown: str, place: Conversation) -> list[Agent]:
    """The agents a note names who may see the conversation, each once."""
    handles = {handle.lower() for handle in _MENTION.findall(markdown)}
    if not handles:
        return []
    named = Agent.objects.filter(handle__in=handles, is_active=True).order_by("id")
    return [agent for agent in named if access.conversations(agent).filter(pk=place.pk).exists()]


def _added_before(
    place: Conversation, agent: Agent | None, markdown: str, revision: int | None
) -> Message | None:
    """The note that this same request added already: a second click is not a second note."""
    if revision is None:
        return None
    mine = place.messages.filter(kind=Message.Kind.NOTE, agent=agent, revision__gt=revision)
    return mine.filter(markdown=markdown).defer("search").order_by("-id").first()


@transaction.atomic
def see_mentions(*, conversation: Conversation, agent: Agent) -> int:
    """The agent has looked at the conversation; returns how many mentions that settles."""
    access.conversations(agent).get(pk=conversation.pk)
    waiting = Mention.objects.filter(agent=agent, seen_at=None, message__conversation=conversation)
    return waiting.update(seen_at=timezone.now())
