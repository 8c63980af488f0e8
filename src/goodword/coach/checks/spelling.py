"""Words one typical slip away from a frequent one: letters swapped, doubled, left out, a vowel mistaken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from itertools import compress
from string import ascii_lowercase
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind
from goodword.coach.rule import Rule

_SHORTEST = 6
_LONG, _LONG_INFLECTED = (
    8,
    10,
)  # from here on a letter left out or a wrong vowel can be told from another word
_INFLECTED = ("ing", "ed", "s", "er", "ers", "est")
_MISTAKEN = "aei"
_ENDINGS = ("'s", "s", "es", "ed", "d", "ing", "ly", "er", "ers", "r", "rs")
_MOST_KNOWN = 20_000
_ALIKE = 0.79
_NO_NAME = 8  # letters; a shorter word with a capital may be anybody's name


class Speller:
    """Tells what a word was meant to be; a bounded memory of what follows from the word list alone."""

    def __init__(self, words: str, look_alikes: str) -> None:
        self._words, self._look_alikes = words, look_alikes
        self._meant: dict[str, str] = {}

    @cached_property
    def rank(self) -> Mapping[str, int]:
        return {word: place for place, word in enumerate(self._words.split())}

    @cached_property
    def longest(self) -> int:
        """Letters of the longest word that may be a slip; trying longer ones would take for ever."""
        return max(map(len, self.rank), default=0) + 1

    @cached_property
    def right(self) -> frozenset[str]:
        return frozenset(self._look_alikes.split()) | self.rank.keys()

    def meant(self, word: str) -> str:
        """The frequent word of which `word` is a slip; empty where it may well be right."""
        found = self._meant.get(word)
        if found is None:
            if len(self._meant) >= _MOST_KNOWN:
                self._meant.clear()
            found = self._meant[word] = self._find(word)
        return found

    def _find(self, word: str) -> str:
        if not _SHORTEST <= len(word) <= self.longest or not (word.isascii() and word.isalpha()):
            return ""
        if self._formed(word):
            return ""
        slips = (one for one in _undone(word) if one in self.rank)
        return min(slips, key=self.rank.__getitem__, default="")

    def _formed(self, word: str) -> bool:
        """Whether it is a right word or one with an ending."""
        return word in self.right or any(
            word.endswith(ending) and word[: -len(ending)] in self.right for ending in _ENDINGS
        )


def _undone(word: str) -> Iterator[str]:
    """The words of which `word` may be a slip; the first letter and the last are hardly ever wrong."""
    size, inflected = len(word), word.endswith(_INFLECTED)
    for at in range(1, size):
        if at < size - 1 and word[at] != word[at + 1]:
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        if word[at] == word[at - 1]:
            yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at - 1] + word[at:]
    if size >= (_LONG_INFLECTED if inflected else _LONG):
        for at in range(1, size - 1):
            if word[at] in _MISTAKEN:
                yield from (word[:at] + vowel + word[at + 1 :] for vowel in _MISTAKEN)
    if size >= (_LONG_INFLECTED - 1 if inflected else _LONG):
        for at in range(1, size):
            yield from (word[:at] + letter + word[at:] for letter in ascii_lowercase)


def make_misspelled(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    known = data.get(rule.options.get("words_from", ""), {})
    if "words" not in known:
        raise ValueError("'words_from' is missing; name the file in data/ that holds the words")
    return {"speller": Speller(known["words"], known.get("look_alikes", ""))}


def misspelled(rule: Rule, case: Case) -> Iterator[Hit]:
    """A word that is a slip of a frequent one, and none of the customer's own words."""
    speller: Speller = rule.made["speller"]
    draft, raw = case.draft, case.draft.own
    names = f"{case.customer_name} {case.agent_name}".lower().split()
    new = draft.word_set.difference(speller.right, case.customer.word_set, names)
    meant = {word: better for word in new if (better := speller.meant(word))}
    for place in compress(range(len(draft.lowers)), map(meant.__contains__, draft.lowers)) if meant else ():
        start, end = draft.starts[place], draft.ends[place]
        long = end - start >= _NO_NAME and raw[start + 1 : end].islower()
        if raw[start].islower() or (long and _begins(case, start)):
            better = meant[draft.lowers[place]]
            yield Hit(start, end, values={"better": f"'{better}'"}, suggestions=(better,))
    yield from _own_name(case)


def _begins(case: Case, start: int) -> bool:
    """At the beginning of a sentence, where a capital makes no name; a signature is one."""
    return any(act.start == start and act.act != "closing" for act in case.acts)


def _own_name(case: Case) -> Iterator[Hit]:
    """The agent's own name under the reply, misspelled."""
    names = [name.strip(",.") for name in case.agent_name.split()]
    for act in case.acts if names else ():
        for start, end, lower in case.draft.words_in(act.start, act.end) if act.act == "closing" else ():
            written = case.draft.raw[start:end]
            if written[0].isupper() and written not in names and lower not in case.customer.word_set:
                for name in get_close_matches(written, names, n=1, cutoff=_ALIKE):
                    yield Hit(start, end, values={"better": f"'{name}'"}, suggestions=(name,))


KINDS = {"misspelled": Kind(misspelled, {"words_from": str}, make_misspelled)}
