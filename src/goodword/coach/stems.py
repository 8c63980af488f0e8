"""Light stemming and synonyms, to see that two sentences speak of the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
_MOST_KNOWN = 20_000


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


class _Known(dict[str, str]):
    """Word → stem, found once for each word; a bounded memory of what follows from the pack alone."""

    def __init__(self, stop: frozenset[str], same: Mapping[str, str]) -> None:
        super().__init__()
        self._stop, self._same = stop, same

    def __missing__(self, word: str) -> str:
        short = "" if len(word) < 2 or word in self._stop else stem(word)
        found = self._same.get(short, short)
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[word] = found
        return found


class Vocabulary:
    """Which words carry no meaning, and which mean the same; made from a pack's `text.toml`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        stop = frozenset(data["stop_words"])
        self.money = frozenset(stem(word) for word in data["money"])
        same = {stem(word): stem(group[0]) for group in data["synonyms"] for word in group}
        self._own = _Known(stop, {})
        self._shared = _Known(stop, same)

    def own_of(self, lowers: Iterable[str]) -> list[str]:
        """For each folded word its stem; empty where it carries no meaning."""
        return list(map(self._own.__getitem__, lowers))

    def shared_of(self, lowers: Iterable[str]) -> list[str]:
        """For each folded word its stem, synonyms brought to one; empty where it carries no meaning."""
        return list(map(self._shared.__getitem__, lowers))

    def own_stems(self, words: Iterable[Word]) -> list[str]:
        """The stems of the words that carry meaning, as they are."""
        return [found for word in words if (found := self._own[word.lower])]

    def stems(self, words: Iterable[Word]) -> list[str]:
        """The stems of the words that carry meaning, synonyms brought to one."""
        return [found for word in words if (found := self._shared[word.lower])]
