"""Taking the words out of the event log: what happened, when and by whom stays."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from .models import Event

# What stands where words were.
ERASED = "…"
AT_ONCE = 500

_kept: dict[str, frozenset[str]] = {}


def keep_values(kinds: Mapping[str, Iterable[str]]) -> None:
    """Say which texts in the data of each kind of event are of the house itself, such as a state or a tag.

    Numbers and moments always stay. Every other text counts as somebody's words, so that a kind nobody
    thought of loses too much rather than too little.
    """
    for kind, names in kinds.items():
        _kept[kind] = _kept.get(kind, frozenset()) | frozenset(names)


def erase_words(events: "QuerySet[Event]") -> int:
    """Take the words out of these events, in the caller's transaction; returns of how many."""
    changed = []
    for event in events.order_by("pk").select_for_update(no_key=True):
        bare = {name: _bare(value, name, event.kind) for name, value in event.data.items()}
        if bare != event.data:
            event.data = bare
            changed.append(event)
    Event.objects.bulk_update(changed, ["data"], batch_size=AT_ONCE)
    return len(changed)


def _bare(value: Any, name: str, kind: str) -> Any:
    if isinstance(value, dict):
        return {inner: _bare(given, inner, kind) for inner, given in value.items()}
    if isinstance(value, list):
        return [_bare(given, name, kind) for given in value]
    if not isinstance(value, str) or not value or name in _kept.get(kind, ()) or _is_moment(value):
        return value
    return ERASED


def _is_moment(text: str) -> bool:
    try:
        return parse_datetime(text) is not None or parse_date(text) is not None
    except ValueError:
        return False
