"""Checks for what is said twice: in one reply, in one sentence, or in a row of replies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, when
from goodword.coach.on_file import MOST, text_on_file
from goodword.coach.rule import Rule
from goodword.coach.sharing import Sayings

if TYPE_CHECKING:
    from goodword.coach.pack import Pack

_ALIKE, _SHARED = 0.75, 3  # so much of the longer one, and at least so many words of meaning
_SAME_WORDS = 4  # sentences of so many words are the same when all words are
_LONG, _WHOLE, _MOST_WHOLE = 6, 5, 20  # of words: a long sentence, one to be found whole within another
MOST_TOLD = 32  # customers whose earlier replies are kept
_RUN = 8  # so many words in a row are no accident

_LIST_MARKS = ("-", "*", "•", "–")  # the lines of a list are alike by nature

Words = tuple[str, ...]


class _Heard:
    """What was said so far, ready to tell whether a sentence says it again."""

    __slots__ = ("figures", "lengths", "runs", "sayings", "sentences", "text")

    def __init__(self) -> None:
        self.sentences: set[Words] = set()
        self.sayings = Sayings(())
        self.runs: set[Words] = set()
        self.lengths: set[int] = set()
        self.text = " "
        self.figures: list[set[str]] = []

    def add(self, words: Words, stems: set[str], *, recurs: bool = True) -> None:
        """Hear one more sentence; `recurs`: whether all its words may come again in a later one."""
        self.sentences.add(words)
        self.text += f"{' '.join(words)} . "
        if recurs and _WHOLE <= len(words) <= _MOST_WHOLE:
            self.lengths.add(len(words))
        self.sayings.add(stems)
        self.figures.append(_figures(words))

    def holds(self, words: Words, stems: set[str]) -> bool:
        """Whether one of the sentences says nearly the same, in these words or others."""
        figures = _figures(words)
        return self.holds_words(words) or any(
            (figures <= self.figures[place] and shared == len(stems) >= _SHARED and len(words) >= _LONG)
            or (
                figures == self.figures[place]
                and 1 < shared >= _ALIKE * max(len(stems), len(self.sayings.stems[place]))
                and (shared >= _SHARED or (len(words) >= _LONG and stems == self.sayings.stems[place]))
            )
            for place, shared in self.sayings.sharing(stems)
        )

    def holds_words(self, words: Words, *, recurs: bool = True) -> bool:
        """Whether these very words were said, alone or within a sentence, or a whole sentence within them."""
        if recurs and len(words) >= _SAME_WORDS and words in self.sentences:
            return True
        if recurs and len(words) >= _WHOLE and f" {' '.join(words)} " in self.text:
            return True
        return len(words) >= _LONG and any(self._inside(words, length) for length in self.lengths)

    def _inside(self, words: Words, length: int) -> bool:
        """Whether `words` hold a whole sentence of so many words that was said before."""
        return any(words[at : at + length] in self.sentences for at in range(len(words) - length + 1))


def _figures(words: Words) -> set[str]:
    """What stands in figures; two sentences that differ in it do not say the same."""
    return {word for word in words if not word.isalpha() and any(map(str.isdigit, word))}


def said_twice(rule: Rule, case: Case) -> Iterator[Hit]:
    """A sentence of the draft that says again what an earlier one said."""
    draft = case.draft
    again, stems_again = _recurring(draft.lowers), _recurring(draft.stems)
    told: list[tuple[int, int, Words, set[str], bool, bool]] = []
    for start, end in _with_content(case, ("greeting", "closing")):
        words, stems = tuple(draft.lowers_in(start, end)), draft.stems_in(start, end)
        much_is_new = len(stems & stems_again) < _ALIKE * len(stems)
        recurs = again.issuperset(words)  # else the sentence can neither stand whole in another nor be one
        told.append((start, end, words, stems, much_is_new, recurs))
    if all(much_is_new and not recurs for *_, much_is_new, recurs in told):
        return
    heard = _Heard()
    for start, end, words, stems, much_is_new, recurs in told:
        if heard.holds_words(words, recurs=recurs) if much_is_new else heard.holds(words, stems):
            yield Hit(start, end)
        heard.add(words, stems, recurs=recurs)


def _recurring(items: list[str]) -> set[str]:
    return {item for item, times in Counter(items).items() if times > 1}


def said_before(rule: Rule, case: Case) -> Iterator[Hit]:
    """A sentence, or a long run of words, that this customer already got in an earlier reply."""
    heard = _told_before(case.pack, case.earlier_replies)
    for start, end in _with_content(case, ("greeting", "closing", "thanks")):
        words = tuple(case.draft.lowers_in(start, end))
        if heard.holds(words, case.draft.stems_in(start, end)) or not heard.runs.isdisjoint(_runs(words)):
            yield Hit(start, end)


@lru_cache(maxsize=MOST_TOLD)
def _told_before(pack: Pack, replies: tuple[str, ...]) -> _Heard:
    """The replies as heard: while an answer is written, each look at it is held against the same."""
    heard = _Heard()
    for words, stems in (said for reply in replies for said in _sentences(pack, reply)):
        heard.add(words, stems)
        heard.runs.update(_runs(words))
    return heard


@lru_cache(maxsize=MOST)
def _sentences(pack: Pack, reply: str) -> list[tuple[Words, set[str]]]:
    """The words and stems of each sentence."""
    text = text_on_file(pack, reply)
    return [(tuple(text.lowers_in(*sentence)), text.stems_in(*sentence)) for sentence in text.sentences]


def _with_content(case: Case, forms: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """The sentences of the draft that are none of the `forms` every reply has."""
    for act, sentence in zip(case.acts, case.draft.sentences, strict=True):
        if act.act not in forms and not case.draft.raw[sentence.start].startswith(_LIST_MARKS):
            yield sentence


def _runs(words: Words) -> Iterator[Words]:
    return (words[at : at + _RUN] for at in range(len(words) - _RUN + 1))


def word_again(rule: Rule, case: Case) -> Iterator[Hit]:
    """A sentence that says the same word of meaning `times` times or more."""
    times, draft = rule.options["times"], case.draft
    often = [stem for stem, count in Counter(draft.own_stems).items() if count >= times]
    if not any(len(stem) > _SHARED for stem in often):
        return
    for start, end in draft.sentences:
        first, last = draft.places(start, end)
        if not times * 3 <= last - first <= rule.options["at_most"]:
            continue
        counts = Counter(
            stem for stem in draft.own_stems[first:last] if len(stem) > _SHARED and stem.isalpha()
        )
        for stem, count in counts.most_common(1):
            if count >= times and count * rule.options["in_words"] >= last - first:
                places = [n for n in range(first, last) if draft.own_stems[n] == stem]
                yield Hit(
                    draft.starts[places[0]], draft.ends[places[-1]], values={"word": draft.lowers[places[0]]}
                )


KINDS = {
    "said_twice": Kind(said_twice, wakes=when("two_sentences")),
    "said_before": Kind(said_before, wakes=when("earlier_replies")),
    "word_again": Kind(word_again, {"times": int, "in_words": int, "at_most": int}),
}
