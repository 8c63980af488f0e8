"""What every verb about promises uses: the locked row, tidy words, and the event."""

from typing import Any

from django.utils.translation import gettext as _

from goodword.events.actions import record
from goodword.staff.models import Agent

from .. import registry
from ..models import Promise

DUE_TEXT_LENGTH = 200


class PromiseError(ValueError):
    """Something about a promise cannot be done; the text says what is wrong and what to do."""


def write_event(
    kind: str,
    promise: Promise,
    *,
    agent: Agent | None,
    place: tuple[int | None, int | None] | None = None,
    **data: Any,
) -> None:
    """Record what happened to a promise, with where it was made."""
    conversation_id, mailbox_id = place or _place(promise)
    facts = {
        "promise": promise.pk,
        "what": promise.what,
        "due_at": promise.due_at.isoformat() if promise.due_at else None,
        "whole_day": promise.whole_day,
        "owner": promise.owner_id,
    }
    record(
        kind,
        conversation_id=conversation_id,
        customer_id=promise.customer_id,
        mailbox_id=mailbox_id,
        agent_id=agent.pk if agent else None,
        data=facts | data,
    )


def locked(promise: Promise) -> Promise:
    """The promise as it is now, for us alone until the transaction ends."""
    return Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)


def at_work(pk: int) -> Agent:
    """The agent who is to answer for a promise; raises PromiseError for one who has left."""
    owner = Agent.objects.filter(pk=pk, is_active=True).first()
    if owner is None:
        raise PromiseError(_("Whoever was to see to the promise does not work here. Choose somebody else."))
    return owner


def clean(text: str) -> str:
    """Without what the database cannot keep, and without space around."""
    return text.replace("\x00", "").strip()


def one_line(text: str) -> str:
    """`clean`, and in one line."""
    return " ".join(clean(text).split())


def _place(promise: Promise) -> tuple[int | None, int | None]:
    for place_of in registry.place_of:
        place = place_of(promise.pk)
        if place is not None:
            return place
    return None, None
