"""A person's addresses and numbers in what the log tells of other things."""

import re
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Lower

from goodword.events.erasing import ERASED
from goodword.events.models import Event
from goodword.mail import actions as mail

from .registry import Person

# So many events are read at a time: no index finds a word in the log, and whoever follows it waits for the
# oldest transaction that is open.
STRETCH = 50_000
# One statement names each row it changes.
AT_ONCE = 500


def erase_mentions(person: Person, *, after: int) -> tuple[int, int | None]:
    """Take them out of the next stretch of the log, in the caller's transaction.

    Gives back in how many events they stood, and after which event to go on: None at the log's end.
    """
    if not person.names:
        return 0, None
    ahead = Event.objects.filter(pk__gt=after)
    last = ahead.order_by("pk").values_list("pk", flat=True)[STRETCH - 1 : STRETCH].first()
    there = ahead.filter(at__lte=person.until)
    changed = _changed(there if last is None else there.filter(pk__lte=last), person)
    Event.objects.bulk_update(changed, ["data"], batch_size=AT_ONCE)
    return len(changed), last


def _changed(events: "QuerySet[Event]", person: Person) -> list[Event]:
    named = Q()
    for name in person.names:
        named |= Q(text__contains=name.lower())
    found = mail.naming(person.names)
    changed: list[Event] = []
    for event in events.annotate(text=Lower(Cast("data", TextField()))).filter(named).order_by("pk"):
        bare = _without(event.data, found)
        if bare != event.data:  # else it is part of a longer address
            event.data = bare
            changed.append(event)
    return changed


def _without(value: Any, names: "re.Pattern[str]") -> Any:
    if isinstance(value, dict):
        return {name: _without(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, names) for inner in value]
    return names.sub(ERASED, value) if isinstance(value, str) else value
