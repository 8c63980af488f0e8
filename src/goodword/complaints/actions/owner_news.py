"""Telling the owner of a case what they would otherwise find out late: a note that names them."""

from goodword.inbox import actions as inbox
from goodword.staff.models import Agent

from .. import access
from ..models import Complaint


def tell_owner(complaint: Complaint, words: str, *, by: Agent | None = None) -> None:
    """Write a note that names the owner, which stands under 'For you'; none for what they did themselves.

    `words` are the house's own: what a customer wrote could name anybody.
    """
    owner = complaint.owner
    if owner is None or not owner.is_active or owner == by:
        return
    markdown = f"@{owner.handle} {words}"
    inbox.note(conversation=access.place_of(complaint), agent=None, markdown=markdown)
