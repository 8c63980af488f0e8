"""Light stemming and synonyms, to see that two sentences speak of the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from goodword.coach.text import Word

_ENDINGS = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ies",
    "ied",
    "ment",
    "ery",
    "ers",
    "ed",
    "es",
    "er",
    "ly",
    "al",
    "s",
    "y",
    "e",
)
_SHORTEST = 3


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending: deliver, delivered, delivery and deliveries are one."""
    word = word.split("'", 1)[0]
    if word.isdigit() or len(word) <= _SHORTEST:
        return word[:-1] + "i" if len(word) == _SHORTEST and word[-1] == "y" else word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word[: -len(ending)]
            break
    if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] if len(word) > _SHORTEST and word[-1] in "ei" else word


class Vocabulary:
    """Which words carry no meaning, and which mean the same; made from a pack's `text.toml`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._stop = frozenset(data["stop_words"])
        self.money = frozenset(stem(word) for word in data["money"])
        self._same = {stem(word): stem(group[0]) for group in data["synonyms"] for word in group}

    def own_stems(self, words: Iterable[Word]) -> list[str]:
        """The stems of the words that carry meaning, as they are."""
        return [stem(word.lower) for word in words if word.lower not in self._stop and len(word.lower) > 1]

    def stems(self, words: Iterable[Word]) -> list[str]:
        """The stems of the words that carry meaning, synonyms brought to one."""
        found: list[str] = []
        for word in words:
            if word.lower not in self._stop and len(word.lower) > 1:
                short = stem(word.lower)
                found.append(self._same.get(short, short))
        return found
