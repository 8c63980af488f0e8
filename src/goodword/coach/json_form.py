"""The one JSON form of the coach's results, the same for library, command line and API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from json import JSONEncoder
from operator import attrgetter
from typing import Any

_PLAIN = frozenset((str, int, float, bool, type(None)))
_Form = tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]
_FORMS: dict[type, _Form | None] = {}  # of the records, of which there are a dozen


def as_json(result: Any) -> Any:
    """Return `result` (any record of `results`) as dictionaries, lists and plain values, in a stable order.

    The one name that differs is a finding's `where`, which is `in` in JSON.
    """
    kind = type(result)
    if kind in _PLAIN:
        return result
    if form := _form(kind):
        names, values = form
        return {
            name: value if type(value) in _PLAIN else as_json(value)
            for name, value in zip(names, values(result), strict=True)
        }
    if isinstance(result, tuple | list):
        return [item if type(item) in _PLAIN else as_json(item) for item in result]
    if isinstance(result, dict):
        return {key: as_json(value) for key, value in result.items()}
    return result


def as_text(result: Any) -> str:
    """`as_json` of `result`, written as JSON."""
    return _ENCODER.encode(result)


def _fields(record: Any) -> dict[str, Any]:
    form = _form(type(record))
    if form is None:
        raise TypeError(f"{record!r} has no form in JSON.")
    names, values = form
    return dict(zip(names, values(record), strict=True))


def _form(kind: type) -> _Form | None:
    """The names in JSON of a kind of record's fields, and what gets their values; None of anything else."""
    if kind not in _FORMS:
        if not is_dataclass(kind):
            return None
        named = [field.name for field in fields(kind)]
        _FORMS[kind] = tuple("in" if name == "where" else name for name in named), _getter(named)
    return _FORMS[kind]


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) == 1:
        return lambda record: (getattr(record, names[0]),)
    return attrgetter(*names)


_ENCODER = JSONEncoder(ensure_ascii=False, check_circular=False, default=_fields)
