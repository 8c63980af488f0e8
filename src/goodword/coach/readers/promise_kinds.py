"""What kind of thing a promise promises: money, a delivery, a call, an answer, or that something is done."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from goodword.coach.case import Case
from goodword.coach.results import PromiseKind

_Words = tuple[frozenset[str], tuple[str, ...]]


def kind_of(case: Case, start: int, end: int) -> PromiseKind:
    """The kind of the promise in `[start, end)` of the draft."""
    said = case.draft.lowers_in(start, end)
    for kind in case.pack.data.get("promise_kinds", {}).get("kind", ()):
        if _has(kind, "words", said) and not _has(kind, "unless", said):
            found: PromiseKind = kind["name"]
            return found
    return "do"


def _has(kind: dict[str, Any], name: str, said: Iterable[str]) -> bool:
    whole, begun = _sorted(tuple(kind.get(name, ())))
    return any(word in whole or word.startswith(begun) for word in said)


@lru_cache(maxsize=64)
def _sorted(words: tuple[str, ...]) -> _Words:
    """The whole words, and the beginnings of others."""
    whole = frozenset(word for word in words if not word.endswith("*"))
    return whole, tuple(word[:-1] for word in words if word.endswith("*"))
