"""What the learned head for promises adds to their grammar: it hears them in words that no list holds.

Where the heads are not installed the grammar stands alone.
"""

from __future__ import annotations

from bisect import bisect_left

from goodword.coach.case import Case
from goodword.coach.learned import said
from goodword.coach.readers.promise_parts import Anchor, clause_end, first_subject
from goodword.coach.text import Sentence, Word

_FEWEST = 3  # words of a clause that says what will happen when


def promising(case: Case, start: int) -> bool:
    """Whether the sentence around `start` sounds like a promise."""
    chance = _chance(case, case.draft.sentence_at(start))
    return chance is not None and chance >= case.pack.data["promise"]["sounds"]["promising"]


def unpromising(case: Case, sentence: Sentence) -> bool:
    """Whether it hardly sounds like one, whatever its words."""
    chance = _chance(case, sentence)
    return chance is not None and chance < case.pack.data["promise"]["sounds"]["unpromising"]


def sounding_anchor(case: Case, sentence: Sentence, words: tuple[Word, ...]) -> Anchor | None:
    """'The pallet stands in your yard by eleven': a clause in the present with a day, in whatever words."""
    moments = [moment for moment in case.times_in(*sentence) if not moment.vague]
    chance = _chance(case, sentence) if moments else None
    if chance is None or chance < case.pack.data["promise"]["sounds"]["sure"]:
        return None
    for moment in reversed(moments):
        first = _clause_start(case, words, bisect_left(words, (moment.start,)))
        stop = clause_end(case, moment.end, sentence.end)
        clause = words[first : bisect_left(words, (stop,))]
        if len(clause) >= _FEWEST and _tells(case, clause):
            kind = first_subject(case, clause, len(clause))
            kind = kind if kind in ("agent", "company", "third_party") else "thing"
            return Anchor(kind, clause[0].start, first, needs_due=True, settled=True, whole=True)
    return None


def _chance(case: Case, sentence: Sentence) -> float | None:
    told = said(case)
    chances, place = told.chances("promise"), bisect_left(told.sentences, sentence)
    known = place < len(chances) and told.sentences[place] == sentence
    return chances[place] if known else None


def _clause_start(case: Case, words: tuple[Word, ...], at: int) -> int:
    """The first word of the clause in which word `at` stands: after a mark, 'and', 'so' or 'but'."""
    sets, first = case.pack.promise.sets, at
    breaks = sets["clause_leads"] | sets["goes_on"]
    while first:
        gap = case.draft.lower[words[first - 1].end : words[first].start]
        broken = any(mark in gap for mark in ",;:(–—") or words[first - 1].lower in breaks
        if broken and at - first >= _FEWEST - 1:
            break
        first -= 1
    return first


def _tells(case: Case, clause: tuple[Word, ...]) -> bool:
    """A statement about us or the case, neither denied nor supposed, and of what is still to come."""
    sets = case.pack.promise.sets
    said_words = {word.lower for word in clause}
    if not sets["unsounded"].isdisjoint(said_words) or any("n't" in word for word in said_words):
        return False
    first = clause[0].lower
    deeds = said_words & (sets["present"] | sets["being"])
    if first not in sets["we_and_i"] and not any(word.endswith(("s", "e")) for word in deeds):
        return False
    if first in sets["present"]:
        return first.endswith("s")
    if first[:1].isdigit() or case.draft.lower[max(0, clause[0].start - 1)] in sets["coins"]:
        return True
    known = ("determiners", "it", "company", "agent", "things", "teams", "third_parties")
    return any(first in sets[name] for name in known) or first.endswith("'s")
