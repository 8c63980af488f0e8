"""The words of a language that make, hedge or unmake a promise, as sets ready for look-up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ahocorasick_rs import AhoCorasick


def _of_one(verb: str) -> str:
    """'Send' becomes 'sends', 'fix' 'fixes' and 'carry' 'carries'."""
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "x", "sh", "ch", "go", "do")) else f"{verb}s"


class PromiseWords:
    """Sets of single words, and phrases as tuples sorted longest first; from a pack's `promise.toml`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.sets: dict[str, frozenset[str]] = {
            name: frozenset(words) for name, words in data["words"].items()
        }
        self.phrases: dict[str, tuple[str, ...]] = {
            name: tuple(sorted(phrases, key=len, reverse=True)) for name, phrases in data["phrases"].items()
        }

        lists = ("openers", "scheduled", "frames", "fragments", "can_be")
        begins = [phrase.split()[0] for name in lists for phrase in self.phrases[name]]
        modals = self.sets["modals"] | self.sets["hedged_modals"] | self.sets["being"]
        verbs = (
            "care_verbs",
            "our_verbs",
            "person_verbs",
            "thing_verbs",
            "getting",
            "deed_verbs",
            "we_and_i",
        )
        self.sets["present"] = frozenset().union(*(self.sets[name] for name in verbs))
        deeds = self.sets["care_verbs"] | self.sets["outcome_verbs"] | self.sets["our_verbs"]
        self.sets["deeds_of_one"] = frozenset(_of_one(verb) for verb in deeds) - self.sets["present"]
        self.sets["present"] |= self.sets["deeds_of_one"]
        self.sets["clause_starts"] = frozenset(phrase.split()[0] for phrase in self.phrases["fragments"])
        self.sets["clause_starts"] |= self.sets["care_ings"]
        self.triggers = frozenset(begins) | modals | self.sets["present"] | self.sets["care_ings"] | {"let"}
        self._found = {name: AhoCorasick(list(phrases)) for name, phrases in self.phrases.items()}
        self._by_start: dict[str, dict[str, list[str]]] = {}
        for name, phrases in self.phrases.items():
            starts = self._by_start.setdefault(name, {})
            for phrase in phrases:
                starts.setdefault(phrase[:2], []).append(phrase)

    def begins(self, name: str, lower: str, at: int) -> str | None:
        """The longest phrase of the list `name` that stands at `at`, as whole words."""
        for phrase in self._by_start[name].get(lower[at : at + 2], ()):
            if lower.startswith(phrase, at) and not lower[at + len(phrase) : at + len(phrase) + 1].isalnum():
                return phrase
        return None

    def first(self, name: str, lower: str, start: int, end: int) -> tuple[int, int] | None:
        """Where the earliest phrase of the list stands in `[start, end)`, as whole words."""
        best: tuple[int, int] | None = None
        for _, first, last in self._found[name].find_matches_as_indexes(lower[start:end], overlapping=True):
            at, stop = start + first, start + last
            if (at and lower[at - 1].isalnum()) or lower[stop : stop + 1].isalnum():
                continue
            if best is None or at < best[0] or (at == best[0] and stop > best[1]):
                best = (at, stop)
        return best

    def first_mark(self, name: str, lower: str, start: int, end: int) -> int:
        """Where the earliest mark of the list begins in `[start, end)`; `end` without one."""
        found = self._found[name].find_matches_as_indexes(lower[start:end])
        return start + found[0][1] if found else end
