"""By what a reply is seen to ask for something, and a customer to have given or done it already."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from goodword.coach.stems import stem

Words = frozenset[str]


class GivenWords:
    """The table `given` of a pack's `questions.toml`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self.before = frozenset(data["before"])
        self.stops = frozenset(data["stops"])
        self.breaks = frozenset(data["breaks"])
        self.joins = frozenset(data["joins"])
        self.belongs = frozenset(data["belongs"])
        self.which = frozenset(data["which"])
        self.generic = frozenset(data["generic"])
        self.papers = frozenset(data["papers"])
        self.doers = frozenset(data["doers"])
        self.done = frozenset(data["done"])
        self.past: tuple[str, ...] = tuple(data["past"])
        self.others = frozenset(data["others"])
        self.no_done = frozenset(data["no_done"])
        self.imperatives = frozenset(data["imperatives"])
        self.not_done = frozenset(data["not_done"])
        self.abbreviated = frozenset(data["abbreviated"])

    @cached_property
    def alike(self) -> Mapping[str, Words]:
        """For each word of a group all its words, stemmed."""
        found: dict[str, set[str]] = {}
        for group in self._data["groups"]:
            stems = {stem(word) for word in group}
            for one in stems:
                found.setdefault(one, set()).update(stems)
        return {one: frozenset(others) for one, others in found.items()}

    def meant_by(self, word: str) -> tuple[str, ...]:
        """The stems by which a customer may have named what is asked for as `word`, its own first."""
        short = stem(word)
        return (short, *sorted(self.alike.get(short, frozenset()) - {short}))
