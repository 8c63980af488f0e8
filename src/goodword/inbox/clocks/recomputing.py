"""Computing service clocks anew from the event log, and holding them against what is stored."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from ..models import Conversation
from .following import clocks_of
from .tracing import next_due
from .writing import COLUMNS, as_row, keep, stored

AT_ONCE = 100


def recompute(numbers: Iterable[int] | None = None, *, write: bool = True) -> Iterator[str]:
    """Compute the clocks of these conversations (None: of all that have any) anew from the event log.

    Gives a sentence for every difference from what was stored; with `write` the stored rows are set right.
    """
    wanted = Conversation.objects.filter(Q(terms__isnull=False) | Q(clocks__isnull=False)).distinct()
    if numbers is not None:
        wanted = Conversation.objects.filter(pk__in=list(numbers))
    last = 0
    while True:
        with transaction.atomic():
            pks = list(wanted.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
            locked = Conversation.objects.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
            differences = _compared(list(locked), write=write)
        yield from differences
        if len(pks) < AT_ONCE:
            return
        last = pks[-1]


def _compared(places: Sequence[Conversation], *, write: bool) -> list[str]:
    pks = [place.pk for place in places]
    kept, clocks = stored(pks), clocks_of(pks)
    differences: list[str] = []
    for place in places:
        anew = [as_row(place.pk, clock) for clock in clocks[place.pk]]
        differences += _differences(place.pk, kept[place.pk], anew)
        due = next_due(clocks[place.pk])
        if place.reply_due_at != due:
            differences.append(_difference(place.pk, "reply_due_at", place.reply_due_at, due))
    if write and differences:
        keep(places, clocks, {place.pk: place.terms_id for place in places})
    return differences


def _differences(place: int, kept: Sequence[dict[str, Any]], anew: Sequence[dict[str, Any]]) -> Iterator[str]:
    old = {(row["kind"], row["started_at"]): row for row in kept}
    new = {(row["kind"], row["started_at"]): row for row in anew}
    for key in sorted(old.keys() | new.keys(), key=lambda key: (key[1], key[0])):
        name = f"{key[0]} begun {key[1].isoformat()}"
        if key not in old or key not in new:
            yield _difference(
                place, name, "a clock" if key in old else None, "a clock" if key in new else None
            )
            continue
        for column in COLUMNS:
            if old[key][column] != new[key][column]:
                yield _difference(place, f"{name}, {column}", old[key][column], new[key][column])


def _difference(place: int, what: str, kept: object, anew: object) -> str:
    return f"Conversation {place}, {what}: stored {kept or 'nothing'}, computed {anew or 'nothing'}."
