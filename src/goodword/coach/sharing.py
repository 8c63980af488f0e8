"""Which sentences share words with others, found by the words and not by comparing each with each."""

from __future__ import annotations

from collections.abc import Collection, Iterable

# A word that stands in more sentences tells them apart no more: only the first of them are found by it.
MOST_PLACES = 40


class Sayings:
    """Sentences in order, each given by the stems of its words."""

    def __init__(self, sentences: Iterable[Collection[str]]) -> None:
        self.stems: list[Collection[str]] = []
        self._places: dict[str, list[int]] = {}
        for stems in sentences:
            self.add(stems)

    def add(self, stems: Collection[str]) -> None:
        place = len(self.stems)
        self.stems.append(stems)
        for stem in stems:
            places = self._places.setdefault(stem, [])
            if len(places) < MOST_PLACES:
                places.append(place)

    def sharing(self, stems: Iterable[str]) -> list[tuple[int, int]]:
        """The places of the sentences that share a word with `stems`, in order, with how many they share."""
        counts: dict[int, int] = {}
        for stem in stems:
            for place in self._places.get(stem, ()):
                counts[place] = counts.get(place, 0) + 1
        return sorted(counts.items())

    def shared(self, stems: frozenset[str], place: int, *, with_before: bool) -> int:
        """How many of `stems` the sentence has, or it and the one before it together."""
        here = stems.intersection(self.stems[place])
        return len(here.union(stems.intersection(self.stems[place - 1])) if with_before and place else here)
