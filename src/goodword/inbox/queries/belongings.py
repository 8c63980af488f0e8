"""What hangs on a conversation, for somebody who is about to delete it; and whether it was deleted."""

from dataclasses import dataclass

from goodword.events.models import Event
from goodword.promises.models import Promise
from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent

from ..models import Attachment, Conversation, Draft, Message
from .elsewhere import Elsewhere, elsewhere


@dataclass(frozen=True, slots=True)
class Belongings:
    """How much goes with a conversation; `also` is where copies of its mails stay."""

    messages: int
    notes: int
    files: int
    drafts: int
    open_promises: tuple[Promise, ...]
    settled_promises: int
    also: tuple[Elsewhere, ...]


def belongings(agent: Agent, conversation: Conversation) -> Belongings:
    """What hangs on the conversation, counted now."""
    messages = Message.objects.filter(conversation=conversation)
    notes = messages.filter(kind=Message.Kind.NOTE).count()
    promises = Promise.objects.filter(place__conversation=conversation)
    still_open = promises.filter(state=Promise.State.OPEN).select_related("owner").order_by("due_at", "id")
    came = messages.exclude(raw_mail=None).only("pk", "raw_mail_id", "conversation_id")
    copies = {place for found in elsewhere(list(came), agent).values() for place in found}
    return Belongings(
        messages=messages.count() - notes,
        notes=notes,
        files=Attachment.objects.filter(message__conversation=conversation).count(),
        drafts=Draft.objects.filter(conversation=conversation).count(),
        open_promises=tuple(still_open),
        settled_promises=promises.exclude(state=Promise.State.OPEN).count(),
        also=tuple(sorted(copies, key=lambda place: place.conversation_id)),
    )


def was_removed(agent: Agent, pk: int) -> bool:
    """Whether there was a conversation of this number that the agent might have seen, deleted for good."""
    told = Event.objects.filter(conversation_id=pk, kind="conversation.removed")
    return told.exclude(mailbox_id__in=hidden_mailboxes(agent)).exists()
