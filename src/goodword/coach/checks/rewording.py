"""Says a sentence better with its own words, and takes words out so that what is left still reads well."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from goodword.coach.rule import Rewriting
from goodword.coach.text import Sentence, Text

_GAP = re.compile(r"\{(\d)(?:\|(\w++))?\}")
_WORD = re.compile(r"[^\W_]++(?:['’\-][^\W_]++)*+")
_ADVERB = re.compile(r"[^\W_]{3,20}ly")


class Replacement(NamedTuple):
    """`text` takes the place of `[start, end)`."""

    start: int
    end: int
    text: str


def reworded(rewrites: Sequence[Rewriting], text: Text, start: int, end: int) -> Replacement | None:
    """The first of `rewrites` that fits the sentence of `[start, end)` at these words, or nothing."""
    sentence = text.sentence_at(start)
    for one in rewrites:
        for match in one.find.finditer(text.lower, sentence.start, max(sentence.end, end)):
            if match.start() < end and start < match.end():
                said = _said(one.say, match, text.raw)
                if match.start() == sentence.start:
                    said = capital(said)
                return Replacement(match.start(), match.end(), said)
    return None


def _said(say: str, match: re.Match[str], raw: str) -> str:
    def group(gap: re.Match[str]) -> str:
        begin, stop = match.span(int(gap[1]))
        return _FORMS[gap[2] or "as_is"](raw[begin:stop]) if begin >= 0 else ""

    return _GAP.sub(group, say)


def capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def small(said: str) -> str:
    """`said` for the middle of a sentence: a capital goes, save that of 'I' and of a word all in capitals."""
    first = said.split(" ", 1)[0]
    keeps = first in ("I", "I'm", "I've", "I'll", "I'd") or first[1:2].isupper()
    return said if keeps else said[:1].lower() + said[1:]


_FORMS: Mapping[str, Callable[[str], str]] = {"as_is": str, "capital": capital, "small": small}


def without(text: Text, start: int, end: int) -> Replacement | None:
    """How to take out the words `[start, end)`; nothing where the rest would not read well."""
    raw, sentence = text.raw, text.sentence_at(start)
    if start <= sentence.start and end >= _stop(raw, sentence):
        return _whole(raw, start, sentence.end)
    comma_after, comma_before = raw[end : end + 2] == ", ", raw[max(0, start - 2) : start] == ", "
    lone_adverb = _ADVERB.fullmatch(raw, start, end) is not None and raw[end : end + 1] == " "
    if start <= sentence.start:
        return _opening(raw, start, end) if comma_after or lone_adverb else None
    if comma_before and (comma_after or end >= _stop(raw, sentence)):
        return Replacement(start - 2, end + 1 if comma_after else end, "")
    if raw[start - 1] == " " and (comma_after or lone_adverb):
        return Replacement(start, end + 2 if comma_after else end + 1, "")
    return None


def _stop(raw: str, sentence: Sentence) -> int:
    """Where the marks begin that end the sentence."""
    at = sentence.end
    while at > sentence.start and raw[at - 1] in ".!?":
        at -= 1
    return at


def _whole(raw: str, start: int, end: int) -> Replacement:
    """A whole sentence, with the space that parted it from its neighbour."""
    if raw[end : end + 1] == " ":
        return Replacement(start, end + 1, "")
    if raw[start - 1 : start] == " ":
        return Replacement(start - 1, end, "")
    return Replacement(start, end + 2 if raw[end : end + 2] == "\n\n" else end, "")


def _opening(raw: str, start: int, end: int) -> Replacement | None:
    """The beginning of a sentence goes, and the next word gets its capital."""
    word = _WORD.match(raw, end + 2 if raw[end] == "," else end + 1)
    return Replacement(start, word.end(), capital(word.group())) if word else None
