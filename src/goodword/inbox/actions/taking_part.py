"""Who takes part in a conversation, and so may add to it by mail."""

from collections.abc import Iterable

from goodword.kit import rows

from ..models import Conversation, Participant

AT_ONCE = 50


def take_part(place: Conversation, addresses: Iterable[str]) -> None:
    """Let these addresses take part; those that do already stay as they are.

    In a batch (`kit.rows.together`) they do from its end on.
    """
    known = dict.fromkeys(address.lower() for address in addresses if address)
    new = [Participant(conversation=place, address=address) for address in list(known)[:AT_ONCE]]
    for one in new:
        rows.insert_later(one, ignore_conflicts=True)
