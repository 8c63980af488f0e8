"""The words of conversations erased: numbers, times, tags and who answered stay, nothing that was said."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from goodword.coaching import actions as coaching
from goodword.events import erasing as events
from goodword.events.erasing import ERASED
from goodword.events.models import Event
from goodword.mail import actions as mail
from goodword.promises import actions as promises
from goodword.promises.models import Promise

from .. import registry
from ..errors import NotPossible, PromisesHold
from ..models import (
    Attachment,
    Call,
    CheckIn,
    Conversation,
    Draft,
    Escalation,
    Handover,
    Hold,
    Merge,
    Message,
    Participant,
    Presence,
)
from .calling import erased_reference
from .parts import lock_mails, locked_places, outgoing_of

# What of a message is words, an address or a name, and what stands there afterwards.
BARE: dict[str, Any] = {
    **dict.fromkeys(("sender_name", "sender_address", "subject", "header_id"), ""),
    **dict.fromkeys(("text", "html", "quoted", "quoted_html", "markdown"), ""),
    **{name: [] for name in ("to", "cc", "answer_to", "answer_cc", "references")},
}
# What the coach read that is a word of its own and no quotation.
READ = ("feeling", "formality", "language")
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased."""

    conversations: int
    messages: int
    files: int
    mails: int
    promises: int


@transaction.atomic
def erase_words(*, conversation_ids: Collection[int], agent_id: int | None = None) -> Erased:
    """Erase what was said in these conversations and all that were merged into them, in every room.

    Subject, messages, notes, calls, drafts, files, mails in both directions, names and addresses, what was
    promised and what the log quotes go; every mail leaves a tombstone, so that nothing brings it back. What
    stays: that there was a message, of which kind, when and by which agent; tags, states, assignments,
    clocks, and what became of promises. Writes no event, which is the caller's part. Harmless when repeated.

    Raises PromisesHold while a promise made in them is open, and NotPossible while a reply is on its way;
    nothing else stops it, neither a complaint about them nor whether they are closed.
    """
    leaving = lock_mails(conversation_ids)
    ids = list(locked_places(conversation_ids))
    if outgoing_of(ids) != leaving:
        raise NotPossible(gettext("Somebody answered in it just now. Look at it again before you erase it."))
    held = Promise.objects.filter(place__conversation__in=ids, state=Promise.State.OPEN)
    if held.exists():
        raise PromisesHold(list(held.order_by("due_at")))
    try:
        return _erase(ids, leaving, agent_id)
    except mail.OnItsWay as error:
        raise NotPossible(
            gettext("A reply of it is on its way at this moment. Try again in a minute.")
        ) from error


def _erase(ids: list[int], leaving: list[int], agent_id: int | None) -> Erased:
    messages = Message.objects.filter(conversation__in=ids)
    raw_mails = list(messages.exclude(raw_mail=None).values_list("raw_mail_id", flat=True))
    files = Attachment.objects.filter(Q(message__conversation__in=ids) | Q(draft__conversation__in=ids))
    blobs = list(files.values_list("blob_id", flat=True))
    made = list(Promise.objects.filter(place__conversation__in=ids).values_list("pk", flat=True))
    # First those that find their rows by what is erased afterwards.
    coaching.erase_words(conversation_ids=ids)
    for erase in registry.erasing:
        erase(ids)
    promised = promises.erase_words(promise_ids=made)
    events.erase_words(Event.objects.filter(conversation_id__in=ids))
    files.delete()
    _bare_messages(ids)
    _bare_records(ids)
    forgotten = mail.forget(raw_mails=raw_mails, outgoing=leaving, agent_id=agent_id)
    mail.drop_files(blobs)
    Conversation.objects.filter(pk__in=ids).update(subject="", preview="", words_erased_at=timezone.now())
    return Erased(
        conversations=len(ids),
        messages=messages.count(),
        files=len(blobs),
        mails=forgotten.mails + forgotten.outgoing,
        promises=promised,
    )


def _bare_messages(ids: list[int]) -> None:
    messages = Message.objects.filter(conversation__in=ids)
    read = list(messages.filter(reading__isnull=False).only("reading"))
    for message in read:
        message.reading = _bare_reading(message.reading or {})
    Message.objects.bulk_update(read, ["reading"], batch_size=AT_ONCE)
    messages.update(**BARE, raw_mail=None, outgoing=None)
    calls = list(Call.objects.filter(message__conversation__in=ids))
    for call in calls:
        call.phone, call.next_step, call.reference = "", "", erased_reference(call.reference)
    Call.objects.bulk_update(calls, ["phone", "next_step", "reference"], batch_size=AT_ONCE)


def _bare_reading(reading: dict[str, Any]) -> dict[str, Any]:
    """The feeling, the urgency and what else is a number or a yes, without a word of the customer."""
    plain = (bool, int, float, type(None))
    return {name: value for name, value in reading.items() if isinstance(value, plain) or name in READ}


def _bare_records(ids: list[int]) -> None:
    for gone in (Draft, Participant, Presence):
        gone.objects.filter(conversation__in=ids).delete()
    Handover.objects.filter(conversation__in=ids).update(summary=ERASED)
    raised = Escalation.objects.filter(conversation__in=ids)
    raised.update(reason=ERASED)
    raised.exclude(decision="").update(decision=ERASED)
    CheckIn.objects.filter(conversation__in=ids).update(text="", why="")
    Hold.objects.filter(conversation__in=ids).update(reason=ERASED)
    for merge in Merge.objects.filter(Q(source__in=ids) | Q(target__in=ids)).select_for_update(of=("self",)):
        merge.moved = _without_previews(merge.moved)
        merge.save(update_fields=["moved"])


def _without_previews(moved: Any) -> Any:
    """What a merge keeps for its undoing, without the words of the lists."""
    if isinstance(moved, dict):
        return {name: "" if name == "preview" else _without_previews(value) for name, value in moved.items()}
    return moved
