"""Writing to the event log."""

from collections.abc import Collection, Iterable
from typing import Any

from goodword.kit import rows

from .models import Event


def record(
    kind: str,
    *,
    conversation_id: int | None = None,
    customer_id: int | None = None,
    mailbox_id: int | None = None,
    agent_id: int | None = None,
    data: dict[str, Any] | None = None,
    only_for: Iterable[int] | None = None,
) -> Event:
    """Write one event in the caller's transaction and wake the readers when it commits.

    `only_for` names the agents whose live streams get it; None means everybody who may see the mailbox. In a
    batch (`kit.rows.together`) the event is written at its end, and has no id before.
    """
    kept = dict(data or {})
    if only_for is not None:
        kept["only_for"] = sorted(only_for)
    # The table notifies the readers' channel; PostgreSQL sends that once for each transaction, on commit.
    event = Event(
        kind=kind,
        conversation_id=conversation_id,
        customer_id=customer_id,
        mailbox_id=mailbox_id,
        agent_id=agent_id,
        data=kept,
    )
    rows.insert_later(event)
    return event


def forget(*, conversation_ids: Collection[int]) -> int:
    """Take out what was told of conversations that are deleted for good: it may quote them. Returns how many.

    Whoever follows the log misses nothing but these.
    """
    done, _each = Event.objects.filter(conversation_id__in=conversation_ids).delete()
    return done
