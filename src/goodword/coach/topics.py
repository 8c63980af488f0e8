"""Which words speak of the same thing, so that an answer is known although it says it in other words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from goodword.coach.stems import stem

_MOST_KNOWN = 20_000
_LIGHT = 0.35
_SHORT = 4  # letters of a word whose endings stay
_NONE: frozenset[int] = frozenset()


class Sense(NamedTuple):
    """What a word says: its stem, how much it tells apart, and the topics it belongs to."""

    stem: str
    weight: float
    topics: frozenset[int]


def _forms(word: str) -> tuple[str, ...]:
    """A short word with its endings, which stemming leaves alone: owe, owes, owed."""
    if len(word) > _SHORT or not word.isalpha():
        return (word,)
    return (word, f"{word}s", f"{word}d", f"{word}ed", f"{word}ing", f"{word.removesuffix('e')}ing")


class Topics(dict[str, Sense | None]):
    """Word → its sense, None for one without; a bounded memory of what follows from the pack alone."""

    def __init__(self, data: Mapping[str, Any], stop_words: list[str]) -> None:
        super().__init__()
        self._stop = frozenset(stop_words)
        self._light = frozenset(stem(word) for word in data["light"])
        topics: dict[str, set[int]] = {}
        for number, group in enumerate(data["topics"]):
            for word in group:
                for form in _forms(word):
                    topics.setdefault(stem(form), set()).add(number)
        self._topics = {word: frozenset(numbers) for word, numbers in topics.items()}

    def __missing__(self, word: str) -> Sense | None:
        found = self._sense(word)
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[word] = found
        return found

    def _sense(self, word: str) -> Sense | None:
        if len(word) < 2:
            return None
        short = stem(word)
        topics = self._topics.get(short, _NONE)
        if word in self._stop:
            return Sense(short, 0.0, topics) if topics else None
        return Sense(short, _LIGHT if short in self._light else 1.0, topics)
