"""Which language a text is in, guessed from its commonest little words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

from goodword.coach.case import Case
from goodword.coach.text import Text

FEW_WORDS = 4
ENOUGH = 200  # words looked at
_BITS = ENOUGH.bit_length()
_MASK = (1 << _BITS) - 1


def of_draft(case: Case) -> str:
    return guess(case, case.draft)


def of_customer(case: Case) -> str:
    return guess(case, case.customer)


def guess(case: Case, text: Text) -> str:
    """An ISO 639-1 code; `und` when nothing speaks for any language; the pack's own for a few plain words."""
    words = text.lowers[:ENOUGH]
    if not words:
        return "und"
    counts = case.pack.little_words.counts(words)
    best = max(counts, key=counts.__getitem__)
    own = counts.get(case.pack.name, 0)
    if counts[best] == 0 or (len(words) < FEW_WORDS and counts[best] < 2):
        return case.pack.name if all(map(str.isascii, words)) else "und"
    return case.pack.name if own >= counts[best] * 0.9 else best


class LittleWords:
    """The commonest little words of each language."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        # One number holds the counts of all languages, some bits for each, so that one sum counts them all.
        self._places = {language: place * _BITS for place, language in enumerate(words)}
        self._packed: dict[str, int] = {}
        for language, little in words.items():
            for word in frozenset(little):
                self._packed[word] = self._packed.get(word, 0) + (1 << self._places[language])

    def counts(self, words: Sequence[str]) -> dict[str, int]:
        """Language → how many of `words`, at most `ENOUGH`, are little words of it."""
        total = sum(map(self._packed.get, words, repeat(0)))
        return {language: total >> place & _MASK for language, place in self._places.items()}
