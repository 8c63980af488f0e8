"""Checks of apologies: one that is owed and missing, and a fault of ours told as nobody's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from goodword.coach.acknowledging import acknowledgements, acknowledges_fault
from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, by_phrases, phrases_of, when
from goodword.coach.pressing import is_unlikely
from goodword.coach.rule import Rule
from goodword.coach.text import Sentence

ENOUGH_WORDS = 6
_MOST_IN_SYMPATHY = 12


def apology_missing(rule: Rule, case: Case) -> Iterator[Hit]:
    """The customer's words for a fault of ours, when the draft neither apologises nor owns up."""
    if len(case.draft.lowers) < ENOUGH_WORDS or _met(case) or is_unlikely(case, "apology"):
        return
    for start, end in _faults(case):
        yield Hit(start, end, "customer")
        return


def _met(case: Case) -> bool:
    """An apology or an owning word, beside mere sympathy with a loss."""
    met = (span for tag in case.pack.data["fault"]["met"] for span in case.marks.spans(tag))
    return any(not _condoles(case, case.draft.sentence_at(start)) for start, _ in met)


def _condoles(case: Case, sentence: Sentence) -> bool:
    """A short sentence of sympathy; a longer one says what else it is sorry for."""
    first, last = case.draft.places(*sentence)
    return last - first <= _MOST_IN_SYMPATHY and bool(
        case.marks.any_within(case.pack.data["fault"]["no_apology"], *sentence)
    )


def _faults(case: Case) -> Iterator[tuple[int, int]]:
    """Where the customer tells of a fault of ours, the plainest first."""
    marks, sentences = case.customer_marks, case.customer.sentences
    warm = any(one.warm and not _condoles(case, one.sentence) for one in acknowledgements(case))
    for kind in case.pack.data["fault"]["kind"]:
        if warm and kind.get("unless_warm"):
            continue
        for start, _ in marks.spans(kind["said"]):
            place = bisect_left(sentences, case.customer.sentence_at(start))
            if _only_asks(case, sentences[place], kind):
                continue
            if "needs" in kind and not marks.first_within(kind["needs"], *sentences[place]):
                continue
            if "with" not in kind:
                yield sentences[place]
                continue
            last = _completed(case, kind["with"], place, kind.get("reach", 0), start)
            if last is not None:
                yield sentences[place].start, sentences[last].end


def _only_asks(case: Case, sentence: Sentence, kind: Mapping[str, Any]) -> bool:
    """A question, or a sentence that wonders whether, tells of no fault."""
    if not set(case.customer.lowers_in(*sentence)).isdisjoint(case.pack.data["fault"]["wondering"]):
        return True
    return case.customer.raw[sentence.end - 1] == "?" and not kind.get("even_asked")


def _completed(case: Case, tags: list[str], place: int, reach: int, start: int) -> int | None:
    """The first sentence, from `place` to `reach` further, in which one of `tags` completes the fault."""
    sentences = case.customer.sentences
    for at in range(place, min(place + reach + 1, len(sentences))):
        begin = start if reach and at == place else sentences[at].start
        if case.customer_marks.any_within(tags, begin, sentences[at].end):
            return at
    return None


def fault_without_sorry(rule: Rule, case: Case) -> Iterator[Hit]:
    """A fault of ours told in the passive or as a perhaps, with no apology in the sentences beside it."""
    sentences = case.draft.sentences
    for start, end in case.marks.spans(rule.tag):
        place = sentences.index(case.draft.sentence_at(start))
        near = Sentence(sentences[max(0, place - 1)].start, sentences[min(place + 1, len(sentences) - 1)].end)
        if not acknowledges_fault(case, near):
            yield Hit(start, end)


KINDS = {
    "apology_missing": Kind(apology_missing, wakes=when("customer")),
    "fault_without_sorry": Kind(fault_without_sorry, {"phrases": list}, phrases_of, by_phrases),
}
