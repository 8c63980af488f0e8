"""The only way to a conversation and what hangs on it, on behalf of an agent.

What an agent may not see does not exist for them: every function raises the model's `DoesNotExist`.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext

from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent

from .errors import NotPossible
from .models import Attachment, Conversation, Draft, Merge, Message

LARGEST = 2**63 - 1


def conversations(agent: Agent | None) -> QuerySet[Conversation]:
    """Everything the agent may see; costs one query to find out what that is. None is the house itself."""
    if agent is None:
        return Conversation.objects.all()
    if not agent.is_active:
        return Conversation.objects.none()
    hidden = hidden_mailboxes(agent)
    seen = Conversation.objects.all()
    return seen.exclude(mailbox_id__in=hidden) if hidden else seen


def get_conversation(agent: Agent | None, pk: int) -> Conversation:
    """A conversation with its customer, assignee and mailbox."""
    if not 0 < int(pk) <= LARGEST:
        raise Conversation.DoesNotExist
    return conversations(agent).select_related("customer", "assignee", "mailbox").get(pk=pk)


def get_message(agent: Agent | None, pk: int) -> Message:
    """A message with its conversation."""
    if not 0 < int(pk) <= LARGEST:
        raise Message.DoesNotExist
    message = Message.objects.defer("search").select_related("conversation").get(pk=pk)
    if not conversations(agent).filter(pk=message.conversation_id).exists():
        raise Message.DoesNotExist
    return message


def get_attachment(agent: Agent | None, pk: int) -> Attachment:
    """A file with its bytes: of a message the agent may see, or of a draft of their own."""
    if not 0 < int(pk) <= LARGEST:
        raise Attachment.DoesNotExist
    found = Attachment.objects.select_related("blob", "message", "draft").defer("message__search").get(pk=pk)
    if found.message is not None:
        place, own = found.message.conversation_id, True
    elif found.draft is not None:
        place, own = found.draft.conversation_id, agent is not None and found.draft.agent_id == agent.pk
    else:
        raise Attachment.DoesNotExist
    if not own or not conversations(agent).filter(pk=place).exists():
        raise Attachment.DoesNotExist
    return found


def get_draft(agent: Agent, pk: int) -> Draft:
    """A draft of the agent's own."""
    draft = Draft.objects.get(pk=pk, agent=agent)
    if not conversations(agent).filter(pk=draft.conversation_id).exists():
        raise Draft.DoesNotExist
    return draft


def get_merge(agent: Agent, pk: int) -> Merge:
    """A merge of two conversations that the agent may both see."""
    merge = Merge.objects.select_related("source", "target").get(pk=pk)
    if conversations(agent).filter(pk__in=[merge.source_id, merge.target_id]).count() != 2:
        raise Merge.DoesNotExist
    return merge


def locked(agent: Agent | None, pk: int) -> Conversation:
    """The conversation with its row locked until the transaction ends; no agent: for jobs and mail.

    Raises NotPossible for an agent where the customer was erased: what is left of it is only looked at.
    """
    # Its customer is read afterwards: joined in one query, the row would be gone when they change meanwhile.
    place = conversations(agent).select_for_update().get(pk=pk)
    if agent is not None and place.customer.erased_at is not None:
        raise NotPossible(gettext("This person was erased. Nothing can be added to what is left of it."))
    return place


def merged_into(conversation: Conversation) -> Conversation | None:
    """Where a merged conversation goes on; None when it was not merged."""
    place: Conversation | None = conversation
    seen: set[int] = set()
    while place is not None and place.state == Conversation.State.MERGED and place.pk not in seen:
        seen.add(place.pk)
        merge = place.merges_away.filter(undone_at=None).order_by("-id").select_related("target").first()
        place = merge.target if merge else None
    return place if place is not None and place.pk != conversation.pk else None
