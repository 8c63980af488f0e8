"""An immutable text with its sentences and words; every offset counts code points of the raw text."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

# Every replacement has the same length, so that an offset in the folded text is one in the raw text.
_SAME_LENGTH = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "‑": "-", "\u00a0": " ", "\u202f": " "}
    | {"\n": " ", "\r": " ", "\t": " ", "\v": " ", "\f": " "}
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_LINE = re.compile(r"[^\n]*\n?")
_STOP = re.compile(r"[.!?…]++[\"'”’)\]]{0,3}(?=\s|$)")
_LIST_ITEM = re.compile(r"\s{0,8}(?:[-*•]|\d{1,2}[.)])\s")
LONGEST_SENTENCE = 1500
_LONG_LINE = 50  # a line this long was probably wrapped by a mail program, so its end ends nothing


class Word(NamedTuple):
    """A word with its place; `lower` is folded (small letters, straight apostrophes)."""

    start: int
    end: int
    lower: str


class Sentence(NamedTuple):
    """A sentence without the white space around it."""

    start: int
    end: int


def fold(raw: str) -> str:
    """Return `raw` in small letters with plain quotes and spaces, of exactly the same length."""
    lower = raw.lower()
    if len(lower) != len(raw):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in raw)
    if not lower.isascii():
        lower = _SURROGATES.sub("\ufffd", lower)
    return lower.translate(_SAME_LENGTH)


@dataclass(frozen=True)
class Text:
    """One text to be read. What is derived from it is computed once, on first use.

    Lines quoted from an earlier mail (`> ...`) are blanked in `lower`, so nothing is found in them.
    """

    raw: str
    abbreviations: frozenset[str] = frozenset()

    @cached_property
    def lower(self) -> str:
        if ">" not in self.raw:
            return fold(self.raw)
        lines = (m.group() for m in _LINE.finditer(self.raw))
        return fold("".join(" " * len(line) if line.lstrip().startswith(">") else line for line in lines))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        lower = self.lower
        return tuple(Word(m.start(), m.end(), m.group()) for m in _WORD.finditer(lower))

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        found: list[Sentence] = []
        for start, end in self._blocks():
            found.extend(self._split(start, end))
        return tuple(found)

    @cached_property
    def _word_starts(self) -> list[int]:
        return [word.start for word in self.words]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that begin inside `[start, end)`."""
        starts = self._word_starts
        return self.words[bisect_left(starts, start) : bisect_left(starts, end)]

    def quote(self, start: int, end: int) -> str:
        return self.raw[start:end]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds `offset`, or the nearest one before it."""
        sentences = self.sentences
        if not sentences:
            return Sentence(0, len(self.raw))
        return sentences[max(bisect_left(self._sentence_starts, offset + 1) - 1, 0)]

    def _blocks(self) -> list[tuple[int, int]]:
        """Runs of lines that belong together: paragraphs, list items, greeting and signature lines."""
        blocks: list[tuple[int, int]] = []
        start, at, raw = 0, 0, self.raw
        while at < len(raw):
            newline = raw.find("\n", at)
            if newline < 0:
                break
            if self._breaks(at, newline):
                blocks.append((start, newline))
                start = newline + 1
            at = newline + 1
        blocks.append((start, len(raw)))
        return blocks

    def _breaks(self, line_start: int, newline: int) -> bool:
        raw = self.raw
        line, after = raw[line_start:newline].strip(), raw[newline + 1 : newline + 2]
        if not line or not after.strip() or raw[line_start : line_start + 1] == ">" or after == ">":
            return True
        if _LIST_ITEM.match(raw, newline + 1):
            return True
        return not after.islower() and (len(line) < _LONG_LINE or line[-1] in ".!?:;,")

    def _split(self, start: int, end: int) -> list[Sentence]:
        found: list[Sentence] = []
        begin = start
        for stop in _STOP.finditer(self.lower, start, end):
            if self._ends_sentence(stop.start(), stop.end(), end):
                self._add(found, begin, stop.end())
                begin = stop.end()
        self._add(found, begin, end)
        return found

    def _ends_sentence(self, stop: int, after: int, end: int) -> bool:
        if self.raw[stop] != ".":
            return True
        rest = self.raw[after : after + 3].lstrip()
        if after < end and rest[:1].islower():
            return False
        token = self.lower[max(0, stop - 8) : stop].rsplit(" ", 1)[-1].lstrip("(\"'")
        if after < end and token in self.abbreviations:
            return False
        return not (
            token.isdigit() and self.lower[:stop].endswith(token) and _is_list_number(self, stop, token)
        )

    def _add(self, found: list[Sentence], start: int, end: int) -> None:
        while end - start > LONGEST_SENTENCE:  # a sentence without an end must not make anything slow
            cut = self.lower.rfind(" ", start + 1, start + LONGEST_SENTENCE)
            cut = cut if cut > start else start + LONGEST_SENTENCE
            self._add(found, start, cut)
            start = cut
        piece = self.lower[start:end]
        stripped = piece.strip()
        if stripped and any(char.isalnum() for char in stripped):
            begin = start + piece.index(stripped[0]) if not piece[0].strip() else start
            found.append(Sentence(begin, begin + len(stripped)))


def _is_list_number(text: Text, stop: int, token: str) -> bool:
    before = text.raw[max(0, stop - len(token) - 1) : stop - len(token)]
    return before in ("", "\n") and len(token) <= 2
