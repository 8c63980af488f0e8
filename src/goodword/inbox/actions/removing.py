"""A conversation deleted for good: nothing of it stays, and nothing of it comes back."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from goodword.coaching import actions as coaching
from goodword.events.actions import forget as forget_events
from goodword.mail import actions as mail
from goodword.promises.models import Promise
from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from .. import access, registry
from ..errors import Merged, NotPossible, PromisesHold
from ..models import Attachment, Conversation, Message
from .adding import tell
from .parts import lock_mails, locked_places, outgoing_of

REASON_LENGTH = 300
State = Conversation.State


@dataclass(frozen=True, slots=True)
class Removal:
    """How much was deleted."""

    messages: int
    files: int
    mails: int
    promises: int


@transaction.atomic
def remove(*, conversation: Conversation, by: Agent, reason: str = "") -> Removal | None:
    """Delete a conversation with its messages, files, drafts, mails and settled promises.

    What is still queued is withdrawn first. Every mail leaves a tombstone, so that no second delivery and no
    full re-sync brings it back, and one event says who deleted how much and why. Gives back None when it is
    gone already. Raises NotAllowed for all but leads and administrators; PromisesHold while a promise made in
    it is open; NotPossible while it is on hold or a reply is on its way.
    """
    require_lead(by)
    if not access.conversations(by).filter(pk=conversation.pk).exists():
        return None
    return take_away(number=conversation.pk, by=by, reason=reason)


@transaction.atomic
def take_away(*, number: int, by: Agent | None, reason: str) -> Removal | None:
    """`remove` for who has made sure already that it may be done; without an agent the house does it."""
    # The mails before the conversation: in this order the sender takes them, too.
    leaving = lock_mails([number])
    places = locked_places([number])
    if number not in places:
        return None
    place = places[number]
    if place.state == State.MERGED:
        raise Merged(place, access.merged_into(place))
    if outgoing_of(places) != leaving:
        raise NotPossible(gettext("Somebody answered in it just now. Look at it again before you delete it."))
    held = Promise.objects.filter(place__conversation__in=places, state=Promise.State.OPEN)
    if held.exists():
        raise PromisesHold(list(held.order_by("due_at")))
    refuse_held(places)
    try:
        return _remove(place, list(places), by=by, reason=reason)
    except mail.OnItsWay as error:
        raise NotPossible(
            gettext("A reply of it is on its way at this moment. Try again in a minute.")
        ) from error


def refuse_held(ids: Collection[int]) -> None:
    """Raise NotPossible where something keeps one of these conversations, such as a hold or a complaint."""
    held_by = next(filter(None, (why(list(ids)) for why in registry.holding)), "")
    if held_by:
        raise NotPossible(held_by)


def _remove(place: Conversation, ids: list[int], *, by: Agent | None, reason: str) -> Removal:
    messages = Message.objects.filter(conversation__in=ids)
    raw_mails = list(messages.exclude(raw_mail=None).values_list("raw_mail_id", flat=True))
    outgoing = outgoing_of(ids)
    files = Attachment.objects.filter(Q(message__conversation__in=ids) | Q(draft__conversation__in=ids))
    blobs = list(files.values_list("blob_id", flat=True))
    settled = Promise.objects.filter(place__conversation__in=ids)
    promises = Counter(settled.values_list("state", flat=True))
    count = messages.count()
    settled.delete()
    coaching.forget_conversations(conversation_ids=ids)
    forget_events(conversation_ids=ids)
    Conversation.objects.filter(pk__in=ids).delete()
    forgotten = mail.forget(raw_mails=raw_mails, outgoing=outgoing, agent_id=by.pk if by else None)
    mail.drop_files(blobs)
    done = Removal(
        messages=count,
        files=len(blobs),
        mails=forgotten.mails + forgotten.outgoing,
        promises=promises.total(),
    )
    tell(
        "conversation.removed",
        place,
        agent=by,
        reason=" ".join(reason.split())[:REASON_LENGTH],
        messages=done.messages,
        files=done.files,
        mails=done.mails,
        promises=dict(promises),
    )
    return done
