"""Following the log: each event is handled once, in order, however many workers follow and are killed.

Where a follower stands is written in the transaction that handled the event, so that after a crash it goes on
exactly there.
"""

from collections.abc import Callable

from django.db import transaction

from . import queries
from .models import Event, Follower
from .position import Position

READ_AT_ONCE = 500


def begin(name: str, *, from_the_start: bool = False) -> None:
    """Follow the log from here on, or from its first event, when this follower does not yet."""
    if Follower.objects.filter(name=name).exists():
        return
    start = Position(0, 0) if from_the_start else queries.now()
    Follower.objects.get_or_create(
        name=name, defaults={"transaction": start.transaction, "event_id": start.id}
    )


def follow(name: str, handle: Callable[[list[Event]], int]) -> int:
    """Hand on what happened since, to the end of the log; returns how many events were handled.

    `handle` gets up to 500 events and says with how many of them, from the first, it is done; what it did for
    those is committed together with the place. Nothing is done while somebody else follows by this name, or
    when it never began.
    """
    handled = 0
    while True:
        with transaction.atomic():
            place = Follower.objects.select_for_update(skip_locked=True).filter(name=name).first()
            if place is None:
                return handled
            events = queries.after(Position(place.transaction, place.event_id), limit=READ_AT_ONCE)
            if not events:
                return handled
            done = handle(events)
            last = events[done - 1]
            place.transaction, place.event_id = last.transaction, last.pk
            place.save(update_fields=["transaction", "event_id"])
        handled += done
