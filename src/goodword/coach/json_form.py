"""The one JSON form of the coach's results, the same for library, command line and API."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

_PLAIN = (str, int, float, bool, type(None))
_NAMES: dict[type, tuple[tuple[str, str], ...]] = {}  # of the records, of which there are a dozen


def as_json(result: Any) -> Any:
    """Return `result` (any record of `results`) as dictionaries, lists and plain values, in a stable order.

    The one name that differs is a finding's `where`, which is `in` in JSON.
    """
    kind = type(result)
    if kind in _PLAIN:
        return result
    if names := _NAMES.get(kind) or _names(kind):
        return {
            name: value if type(value := getattr(result, field)) in _PLAIN else as_json(value)
            for field, name in names
        }
    if isinstance(result, tuple | list):
        return [item if type(item) in _PLAIN else as_json(item) for item in result]
    if isinstance(result, dict):
        return {key: as_json(value) for key, value in result.items()}
    return result


def _names(kind: type) -> tuple[tuple[str, str], ...]:
    """The fields of a kind of record, each with its name in JSON; none of anything else."""
    if not is_dataclass(kind):
        return ()
    names = tuple((field.name, "in" if field.name == "where" else field.name) for field in fields(kind))
    _NAMES[kind] = names
    return names
