"""What belongs together when conversations are taken away: what was merged into them, and their mails."""

from collections.abc import Collection

from goodword.mail.models import OutgoingMail

from ..models import Conversation, Merge, Message


def all_of(ids: Collection[int]) -> list[int]:
    """These conversations and all that were merged into them, whose messages they hold."""
    found, new = set(ids), set(ids)
    while new:
        merges = Merge.objects.filter(target__in=new, undone_at=None, source__state=Conversation.State.MERGED)
        new = set(merges.values_list("source_id", flat=True)) - found
        found |= new
    return sorted(found)


def locked_places(ids: Collection[int]) -> dict[int, Conversation]:
    """All of them by their ids, locked in the order in which merges lock them."""
    rows = Conversation.objects.filter(pk__in=all_of(ids)).select_for_update(of=("self",))
    return {row.pk: row for row in rows.order_by("pk")}


def outgoing_of(ids: Collection[int]) -> list[int]:
    """The mails that left from these conversations, or are to leave."""
    replies = Message.objects.filter(conversation__in=list(ids)).exclude(outgoing=None)
    return sorted(replies.values_list("outgoing_id", flat=True))


def lock_mails(ids: Collection[int]) -> list[int]:
    """The mails that left from these conversations, locked; do it before them, as the sender does."""
    leaving = outgoing_of(all_of(ids))
    list(OutgoingMail.objects.filter(pk__in=leaving).order_by("pk").select_for_update().values_list("pk"))
    return leaving
