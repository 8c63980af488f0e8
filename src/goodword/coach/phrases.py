"""Thousands of phrases found in one pass; how they are written tells `variants`."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from ahocorasick_rs import AhoCorasick, Implementation

from goodword.coach.text import Text
from goodword.coach.variants import Frame, framed, rows_of, written_out
from goodword.coach.variants import expand as expand  # those who ask for phrases write them as a pack does

Span = tuple[int, int]
Tags = tuple[str, ...]


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


# Whose a text is: whether its first and its last character are of a word, the tags of the phrases that it is,
# those of them for which any ending will do, and tag and frame of the phrases that it is a part of.
Owner = tuple[bool, bool, Tags, Tags, tuple[tuple[str, Frame], ...]]
_NOBODY: tuple[Tags, Tags] = ((), ())


class PhraseBook:
    """All phrases of a pack under their tags, ready to be found in a text."""

    def __init__(self, phrases_by_tag: Mapping[str, Iterable[str]]) -> None:
        # Text → its tags, and those of them for which any ending will do. Most have one tag, and share it.
        owners: dict[str, tuple[Tags, Tags]] = {}
        frames: defaultdict[str, list[tuple[str, Frame]]] = defaultdict(list)
        for tag, phrases in phrases_by_tag.items():
            closed: tuple[Tags, Tags] = ((tag,), ())
            opened: tuple[Tags, Tags] = ((tag,), (tag,))
            for row in chain.from_iterable(map(rows_of, phrases)):
                in_frames = framed(row)
                for anchor, frame in in_frames:
                    frames[anchor].append((tag, frame))
                for variant in () if in_frames else written_out(row):
                    owner = opened if variant[-1:] == "*" else closed
                    bare = variant.rstrip("*")
                    known = owners.setdefault(bare, owner)
                    if known is not owner:
                        owners[bare] = _both(known[0], owner[0]), _both(known[1], owner[1])
        texts = list(owners | frames)
        same: dict[Owner, Owner] = {}  # they are few
        self._owners = [
            same.setdefault(owner, owner)
            for text in texts
            for owner in (_owner(text, owners.get(text, _NOBODY), frames.get(text, ())),)
        ]
        self._automaton = AhoCorasick(texts, implementation=Implementation.ContiguousNFA) if texts else None

    def find(self, text: Text) -> Marks:
        """Mark `text`. Of overlapping hits of one tag the longest is kept."""
        lower = text.lower
        if self._automaton is None or not lower:
            return Marks()
        found: defaultdict[str, list[Span]] = defaultdict(list)
        owners, padded = self._owners, f" {lower} "
        for pattern, start, end in self._automaton.find_matches_as_indexes(lower, overlapping=True):
            begins, ends, tags, opened, frames = owners[pattern]
            if frames:
                _find_framed(frames, padded, start, end, found)
            if begins and padded[start].isalnum():
                continue  # in the middle of a word
            if not (ends and padded[end + 1].isalnum()):
                for tag in tags:
                    found[tag].append((start, end))
            elif opened:
                span = start, _word_end(lower, end)
                for tag in opened:
                    found[tag].append(span)
        return Marks({tag: _longest(spans) if len(spans) > 1 else spans for tag, spans in found.items()})


def _find_framed(
    frames: Iterable[tuple[str, Frame]],
    padded: str,
    start: int,
    end: int,
    found: defaultdict[str, list[Span]],
) -> None:
    """Add to `found` the phrases that the text at `[start, end)` is a part of; `padded` is one longer."""
    last = len(padded) - 1
    for tag, frame in frames:
        if padded.startswith(frame[1], end + 1, last) and padded.endswith(frame[0], 1, start + 1):
            spans = _around(frame, padded, start, end)
            if spans:
                found[tag].extend(spans)


def _around(frame: Frame, padded: str, start: int, end: int) -> list[Span]:
    stops: list[int] = []
    for behind in frame.behind:
        if padded.startswith(behind, end + 1, len(padded) - 1):
            stop = end + len(behind)
            if not (padded[stop + 1].isalnum() and padded[stop].isalnum()):
                stops.append(stop)
            elif behind in frame.opened:
                stops.append(_word_end(padded, stop + 1) - 1)
    starts = [start - len(before) for before in frame.before if padded.endswith(before, 1, start + 1)]
    begun = [first for first in starts if not (padded[first].isalnum() and padded[first + 1].isalnum())]
    return [(first, stop) for first in begun for stop in stops]


def _owner(text: str, tags: tuple[Tags, Tags], frames: Iterable[tuple[str, Frame]]) -> Owner:
    return text[:1].isalnum(), text[-1:].isalnum(), *tags, tuple(frames)


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
