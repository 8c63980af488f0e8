"""The one JSON form of the coach's results, the same for library, command line and API."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any


def as_json(result: Any) -> Any:
    """Return `result` (any record of `results`) as dictionaries, lists and plain values, in a stable order.

    The one name that differs is a finding's `where`, which is `in` in JSON.
    """
    if is_dataclass(result) and not isinstance(result, type):
        return {
            "in" if field.name == "where" else field.name: as_json(getattr(result, field.name))
            for field in fields(result)
        }
    if isinstance(result, tuple | list):
        return [as_json(item) for item in result]
    if isinstance(result, dict):
        return {key: as_json(value) for key, value in result.items()}
    return result
