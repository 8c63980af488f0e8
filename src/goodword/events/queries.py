"""Reading the event log."""

from collections.abc import Collection

from django.db import connection
from django.db.models import BigIntegerField, Func, QuerySet

from .models import Event
from .position import Position
from .timeline import kinds

# The oldest transaction of this database that is still open, or the next one to be given out. The list of
# open ones belongs to the statement's own snapshot. Left out is only what surely runs in another database of
# the same server: no event of ours can come from there, and its long work must not hold our readers back.
_HORIZON = """
    coalesce(
        (SELECT min(open::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) open WHERE NOT EXISTS (
            SELECT FROM pg_locks held JOIN pg_stat_activity backend USING (pid)
            WHERE held.locktype = 'transactionid' AND held.granted AND held.mode = 'ExclusiveLock'
            AND held.transactionid = open::xid AND backend.datname <> current_database()
        )),
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    )
"""


class Horizon(Func):
    """What lies before it can no longer change."""

    template = f"({_HORIZON})"
    arity = 0
    output_field = BigIntegerField()


def after(position: Position, *, limit: int = 500) -> list[Event]:
    """The events after `position` in the order every reader agrees on, at most `limit`.

    Stops before the oldest transaction that is still open, so a later call never finds
    an event that belongs before one already read.
    """
    return list(_after(position)[:limit])


def now() -> Position:
    """The place after everything that every reader has been able to see."""
    return Position(_snapshot()[0], 0)


def can_follow(position: Position, *, most: int) -> bool:
    """Whether a reader at `position` can catch up: it is of this log and at most `most` events behind."""
    if position.transaction > _snapshot()[1]:
        return False
    return _after(position)[: most + 1].count() <= most


def timeline(
    *,
    conversation_id: int | None = None,
    customer_id: int | Collection[int] | None = None,
    beginnings: Collection[str] = (),
    hidden: Collection[int] = (),
    before: int | None = None,
    limit: int = 50,
) -> list[Event]:
    """Events of a conversation, a customer, or both together that have a sentence; newest first.

    A customer may have several numbers. With `beginnings`, only the kinds that begin with one of them.
    `hidden` are the mailboxes the reader may not see, `before` the id of the last event of the page before.
    """
    wanted = [kind for kind in kinds() if not beginnings or kind.startswith(tuple(beginnings))]
    events = Event.objects.filter(kind__in=wanted)
    if conversation_id is not None:
        events = events.filter(conversation_id=conversation_id)
    if customer_id is not None:
        numbers = [customer_id] if isinstance(customer_id, int) else list(customer_id)
        events = events.filter(customer_id__in=numbers)
    if hidden:
        events = events.exclude(mailbox_id__in=hidden)
    if before is not None:
        events = events.filter(id__lt=before)
    return list(events.order_by("-id")[:limit])


def _after(position: Position) -> QuerySet[Event]:
    events = Event.objects.filter(transaction__gte=position.transaction, transaction__lt=Horizon())
    events = events.exclude(transaction=position.transaction, id__lte=position.id)
    return events.order_by("transaction", "id")


def _snapshot() -> tuple[int, int]:
    """The oldest open transaction, and the next one to be given out."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_HORIZON}, pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        oldest, following = cursor.fetchone()
    return oldest, following
