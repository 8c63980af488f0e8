"""An immutable text with its sentences and words; every offset counts code points of the raw text."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from goodword.coach.stems import Vocabulary

# Every replacement has the same length, so that an offset in the folded text is one in the raw text.
_SAME_LENGTH = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "‑": "-", "\u00a0": " ", "\u202f": " "}
    | {"\n": " ", "\r": " ", "\t": " ", "\v": " ", "\f": " "}
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"([^\W_]++(?:['’\-][^\W_]++)*+)")
_QUOTED = re.compile(r"^[^\S\n]*+>[^\n]*+", re.MULTILINE)
# The look behind keeps it from being tried at each of ten thousand dots in a row.
_STOP = re.compile(r"[.!?…](?<![.!?…]{2})[.!?…]*+[\"'”’)\]]{0,3}(?=\s|$)")
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


_word = partial(tuple.__new__, Word)  # what NamedTuple does, without a call in Python for each word


def fold(raw: str) -> str:
    """Return `raw` in small letters with plain quotes and spaces, of exactly the same length."""
    lower = raw.lower()
    if len(lower) != len(raw):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in raw)
    if not lower.isascii():
        lower = _SURROGATES.sub("\ufffd", lower)
    return lower.translate(_SAME_LENGTH)


def may_hold(text: str, chars: bytes, least: int) -> bool:
    """Whether `least` of the ASCII `chars` stand in `text`; one with other letters may always hold more."""
    if not text.isascii():
        return True
    raw = text.encode()
    return len(raw) - len(raw.translate(None, chars)) >= least


def _blank(quoted: re.Match[str]) -> str:
    return " " * len(quoted.group())


class Text:
    """One text to be read, with what several readers want of it, each computed once. Do not change it.

    `own` is the text with lines quoted from an earlier mail (`> ...`) blank, so that nothing is found in
    them, and `lower` the same folded. `starts`, `ends` and `lowers` tell of each word where it stands and how
    it reads; `words` holds the same as records. `stems` and `own_stems` run beside them, empty for words
    without meaning; a text made without a vocabulary has none. `told` holds what others found out of it.
    """

    __slots__ = (
        "_own_stems",
        "_sentence_starts",
        "_sentences",
        "_stems",
        "_word_set",
        "_words",
        "abbreviations",
        "ends",
        "lower",
        "lowers",
        "own",
        "raw",
        "starts",
        "told",
        "vocabulary",
    )

    def __init__(
        self,
        raw: str,
        abbreviations: frozenset[str] = frozenset(),
        vocabulary: Vocabulary | None = None,
    ) -> None:
        self.raw = raw
        self.abbreviations = abbreviations
        self.vocabulary = vocabulary
        self.own = _QUOTED.sub(_blank, raw) if ">" in raw else raw
        self.lower = fold(self.own)
        # Words and the gaps between them in turn; adding up their lengths gives every place.
        pieces = _WORD.split(self.lower)
        edges = list(accumulate(map(len, pieces)))
        self.starts = edges[0:-1:2]
        self.ends = edges[1::2]
        self.lowers = pieces[1::2]
        self._words: tuple[Word, ...] | None = None
        self._word_set: frozenset[str] | None = None
        self._sentences: tuple[Sentence, ...] | None = None
        self._sentence_starts: list[int] = []
        self._stems: list[str] | None = None
        self._own_stems: list[str] | None = None
        self.told: dict[str, Any] = {}

    @property
    def words(self) -> tuple[Word, ...]:
        if self._words is None:
            self._words = tuple(map(_word, zip(self.starts, self.ends, self.lowers, strict=True)))
        return self._words

    @property
    def word_set(self) -> frozenset[str]:
        """Every folded word that stands in the text."""
        if self._word_set is None:
            self._word_set = frozenset(self.lowers)
        return self._word_set

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        if self._sentences is None:
            found: list[Sentence] = []
            for start, end in self._blocks() if "\n" in self.raw else ((0, len(self.raw)),):
                self._split(found, start, end)
            self._sentences = tuple(found)
            self._sentence_starts = [sentence[0] for sentence in found]
        return self._sentences

    @property
    def stems(self) -> list[str]:
        """For each word its stem, synonyms brought to one; empty where it carries no meaning."""
        if self._stems is None:
            self._stems = (
                self.vocabulary.shared_of(self.lowers) if self.vocabulary else [""] * len(self.lowers)
            )
        return self._stems

    @property
    def own_stems(self) -> list[str]:
        """For each word its own stem; empty where it carries no meaning."""
        if self._own_stems is None:
            self._own_stems = (
                self.vocabulary.own_of(self.lowers) if self.vocabulary else [""] * len(self.lowers)
            )
        return self._own_stems

    def places(self, start: int, end: int) -> tuple[int, int]:
        """Which words begin inside `[start, end)`: the place of the first, and the place after the last."""
        starts = self.starts
        first = bisect_left(starts, start)
        return first, bisect_left(starts, end, first)

    def words_in(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that begin inside `[start, end)`."""
        first, last = self.places(start, end)
        return self.words[first:last]

    def lowers_in(self, start: int, end: int) -> list[str]:
        """The folded words that begin inside `[start, end)`."""
        first, last = self.places(start, end)
        return self.lowers[first:last]

    def stems_in(self, start: int, end: int) -> set[str]:
        """The stems of the words that begin inside `[start, end)`, synonyms brought to one."""
        first, last = self.places(start, end)
        found = set(self.stems[first:last])
        found.discard("")
        return found

    def own_stems_in(self, start: int, end: int) -> set[str]:
        """The stems of the words that begin inside `[start, end)`, as they are."""
        first, last = self.places(start, end)
        found = set(self.own_stems[first:last])
        found.discard("")
        return found

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

    def _split(self, found: list[Sentence], start: int, end: int) -> None:
        begin = start
        for stop in _STOP.finditer(self.lower, start, end):
            last, after = stop.span()
            if self._ends_sentence(last, after, end):
                self._add(found, begin, after)
                begin = after
        self._add(found, begin, end)

    def _ends_sentence(self, stop: int, after: int, end: int) -> bool:
        if self.raw[stop] != ".":
            return True
        token = self._token_before(stop)
        if token.isdigit() and self._is_list_number(stop, token):
            return False
        if after >= end:
            return True
        return token not in self.abbreviations and not self.raw[after : after + 3].lstrip()[:1].islower()

    def _token_before(self, stop: int) -> str:
        return self.lower[max(0, stop - 8) : stop].rsplit(" ", 1)[-1].lstrip("(\"'")

    def _is_list_number(self, stop: int, token: str) -> bool:
        """Whether the figures `token` before a dot begin a line."""
        if len(token) > 2 or not self.lower.startswith(token, stop - len(token)):
            return False
        return self.raw[max(0, stop - len(token) - 1) : stop - len(token)] in ("", "\n")

    def _add(self, found: list[Sentence], start: int, end: int) -> None:
        lower = self.lower
        while end - start > LONGEST_SENTENCE:  # a sentence without an end must not make anything slow
            cut = lower.rfind(" ", start + 1, start + LONGEST_SENTENCE)
            cut = cut if cut > start else start + LONGEST_SENTENCE
            self._add(found, start, cut)
            start = cut
        piece = lower[start:end].lstrip()
        begin = end - len(piece)
        piece = piece.rstrip()
        if piece and (piece[0].isalnum() or any(map(str.isalnum, piece))):
            found.append(Sentence(begin, begin + len(piece)))
