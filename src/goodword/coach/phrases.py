"""Thousands of phrases found in one pass: `a (b|c|) d` stands for several, a final `*` for any ending."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

from goodword.coach.text import Text, fold

_PLAIN = re.compile(r"[^()|]*")
_SPACES = re.compile(r" {2,}")
_ESCAPED = {"(": "\ue000", ")": "\ue001", "|": "\ue002"}  # '\(' is a bracket that stands in the text
_UNESCAPED = str.maketrans({stand_in: char for char, stand_in in _ESCAPED.items()})
MOST_VARIANTS = 2500

Span = tuple[int, int]
Tags = tuple[str, ...]


@lru_cache(maxsize=50_000)
def expand(phrase: str) -> tuple[str, ...]:
    """Every phrase that `phrase` stands for, folded; ValueError when it cannot be read or is too many."""
    if not phrase.strip("* "):
        raise ValueError(f"{phrase!r} holds no words; write those to find")
    if "(" not in phrase and "|" not in phrase and ")" not in phrase:
        return (fold(phrase.strip()),)
    escaped = "\\" in phrase
    for char, stand_in in _ESCAPED.items() if escaped else ():
        phrase = phrase.replace(f"\\{char}", stand_in)
    variants, at = _choices(phrase, 0)
    if at != len(phrase):
        raise ValueError(f"the brackets of {phrase!r} do not match; there is a ')' too many")
    tidy = _SPACES.sub(" ", fold("\x1f".join(variants))).split("\x1f")
    known = dict.fromkeys(map(str.strip, tidy))
    return tuple(one.translate(_UNESCAPED) if escaped else one for one in known if one.strip("* "))


def _choices(phrase: str, at: int) -> tuple[list[str], int]:
    """Read alternatives from `at` to a closing bracket or the end; return them and where it stopped."""
    done: list[str] = []
    here = [""]
    while at < len(phrase) and phrase[at] != ")":
        if phrase[at] == "(":
            inner, stop = _choices(phrase, at + 1)
            if stop >= len(phrase):
                raise ValueError(f"the brackets of {phrase!r} do not match; a ')' is missing")
            here = [one + two for one in here for two in inner]
            at = stop + 1
        elif phrase[at] == "|":
            done, here, at = done + here, [""], at + 1
        else:
            stop = _PLAIN.match(phrase, at).end()  # type: ignore[union-attr]
            here, at = [one + phrase[at:stop] for one in here], stop
        if len(done) + len(here) > MOST_VARIANTS:
            raise ValueError(f"{phrase!r} stands for more than {MOST_VARIANTS} phrases; split it")
    return done + here, at


@dataclass(slots=True)
class Marks:
    """The phrases found in one text, by tag, in order of their start."""

    by_tag: dict[str, list[Span]] = field(default_factory=dict)

    def spans(self, tag: str) -> list[Span]:
        return self.by_tag.get(tag, [])

    def has(self, *tags: str) -> bool:
        return not self.by_tag.keys().isdisjoint(tags)

    def within(self, tag: str, start: int, end: int) -> list[Span]:
        """The spans of `tag` that lie wholly inside `[start, end)`."""
        spans = self.by_tag.get(tag)
        if not spans:
            return []
        first = bisect_left(spans, (start, start))
        last = bisect_left(spans, (end, end), first)
        return [span for span in spans[first:last] if span[1] <= end]

    def first_within(self, tag: str, start: int, end: int) -> Span | None:
        """The first span of `tag` that lies wholly inside `[start, end)`."""
        spans = self.by_tag.get(tag)
        if spans is None:
            return None
        for place in range(bisect_left(spans, (start, start)), len(spans)):
            span = spans[place]
            if span[0] >= end:
                return None
            if span[1] <= end:
                return span
        return None

    def begins(self, tag: str, start: int, end: int) -> bool:
        """Whether a span of `tag` stands at the very beginning of `[start, end)`."""
        found = self.first_within(tag, start, end)
        return found is not None and found[0] == start

    def any_within(self, tags: Iterable[str], start: int, end: int) -> Span | None:
        for tag in tags:
            if tag in self.by_tag and (found := self.first_within(tag, start, end)):
                return found
        return None


class PhraseBook:
    """All phrases of a pack under their tags, ready to be found in a text."""

    def __init__(self, phrases_by_tag: Mapping[str, Iterable[str]]) -> None:
        # Phrase → its tags, and those of them for which any ending will do. Most have one tag, and share it.
        owners: dict[str, tuple[Tags, Tags]] = {}
        for tag, phrases in phrases_by_tag.items():
            closed: tuple[Tags, Tags] = ((tag,), ())
            opened: tuple[Tags, Tags] = ((tag,), (tag,))
            for phrase in phrases:
                for variant in expand(phrase):
                    owner = opened if variant[-1:] == "*" else closed
                    bare = variant.rstrip("*")
                    known = owners.setdefault(bare, owner)
                    if known is not owner:
                        owners[bare] = _both(known[0], owner[0]), _both(known[1], owner[1])
        same: dict[tuple[bool, bool, Tags, Tags], tuple[bool, bool, Tags, Tags]] = {}  # they are few
        self._owners = [
            same.setdefault(about, about)
            for phrase, tags in owners.items()
            for about in ((phrase[:1].isalnum(), phrase[-1:].isalnum(), *tags),)
        ]
        self._automaton = (
            AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA) if owners else None
        )

    def find(self, text: Text) -> Marks:
        """Mark `text`. Of overlapping hits of one tag the longest is kept."""
        lower = text.lower
        if self._automaton is None or not lower:
            return Marks()
        found: defaultdict[str, list[Span]] = defaultdict(list)
        owners, padded = self._owners, f" {lower} "
        for pattern, start, end in self._automaton.find_matches_as_indexes(lower, overlapping=True):
            begins, ends, tags, tags_of_any_ending = owners[pattern]
            if begins and padded[start].isalnum():
                continue  # in the middle of a word
            if not (ends and padded[end + 1].isalnum()):
                for tag in tags:
                    found[tag].append((start, end))
            elif tags_of_any_ending:
                span = start, _word_end(lower, end)
                for tag in tags_of_any_ending:
                    found[tag].append(span)
        return Marks({tag: _longest(spans) if len(spans) > 1 else spans for tag, spans in found.items()})


def _both(one: Tags, two: Tags) -> Tags:
    return (*one, *(tag for tag in two if tag not in one))


def _word_end(lower: str, at: int) -> int:
    limit = min(len(lower), at + 24)
    while at < limit and lower[at].isalnum():
        at += 1
    return at


def _longest(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(set(spans), key=_place):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
        elif span[1] - span[0] > kept[-1][1] - kept[-1][0]:
            kept[-1] = span
    return kept


def _place(span: Span) -> Span:
    return span[0], -span[1]
