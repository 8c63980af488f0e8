"""What a customer went through: which hardships a message names, how grave each is, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from goodword.coach.case import Case
from goodword.coach.text import Sentence

if TYPE_CHECKING:
    from goodword.coach.pack import Pack

Span = tuple[int, int]
_CLOSE = 2  # how many sentences from the gravest another may stand and still be part of the same story
_WHOLE = 5  # words of a sentence with which a story goes on
LIGHT = 2  # the weight up to which a hardship is not pointed at beside other remarks


class Hardship(NamedTuple):
    """One hardship: its family, its weight 1 to 7, what takes it up, its words and their sentence."""

    name: str
    weight: int
    met: str
    start: int
    end: int
    sentence: Sentence


def hardships(case: Case) -> list[Hardship]:
    """The hardships that the customer names, those that want an acknowledgement most first."""
    return case.once("hardships", _hardships)


def is_upset(case: Case) -> bool:
    """The customer shows a bad feeling or names a hardship of weight."""
    return _feels_bad(case) or case.mood.complaint or any(one.weight > LIGHT for one in hardships(case))


def in_trouble(case: Case) -> bool:
    """Something went wrong for the customer, or they feel bad."""
    return case.once("in_trouble", _in_trouble)


def _feels_bad(case: Case) -> bool:
    return case.mood.feeling in case.pack.data["empathy"]["bad_feelings"] and case.mood.strength > 0


def _in_trouble(case: Case) -> bool:
    data = case.pack.data["empathy"]
    if _feels_bad(case) or case.mood.complaint:
        return True
    signs = data["complaints"] if case.mood.feeling in data["good_feelings"] else data["trouble"]
    return case.customer_marks.has(*signs)


def passage(case: Case, hardship: Hardship) -> Span:
    """The hardship's sentence, and those close before and after it that tell of one too."""
    telling = {one.sentence for one in hardships(case)}
    sentences = case.customer.sentences
    first = last = sentences.index(hardship.sentence)
    for at in range(max(0, first - _CLOSE), first):
        if sentences[at] in telling:
            first = at
            break
    for at in range(min(last + _CLOSE, len(sentences) - 1), last, -1):
        if sentences[at] in telling:
            last = at
            break
    if last + 1 < len(sentences) and _goes_on(case, sentences[last + 1]):
        last += 1
    return sentences[first].start, sentences[last].end


def _goes_on(case: Case, sentence: Sentence) -> bool:
    """Whether the story goes on in the sentence: it is a whole one and asks for nothing."""
    if case.customer.raw[sentence.end - 1] == "?" or len(case.customer.lowers_in(*sentence)) < _WHOLE:
        return False
    asked = (one for one in case.questions if one.kind != "concern")
    return not any(one.start < sentence.end and sentence.start < one.end for one in asked)


def _hardships(case: Case) -> list[Hardship]:
    """One of each family in each sentence; sentences with the gravest, and with most of them, come first."""
    found: dict[tuple[Sentence, str], Hardship] = {}
    marked = case.customer_marks.by_tag.keys()
    for family in (family for tags, family in _families(case.pack) if not tags.isdisjoint(marked)):
        for start, end in _spans(case, family):
            sentence = case.customer.sentence_at(start)
            weight = family["weight"]
            if case.customer.raw[sentence.end - 1] == "?":
                weight -= 2  # 'Will it happen again?' asks; it tells of little
            if weight < LIGHT:
                continue
            one = Hardship(family["name"], weight, family["met"], start, end, sentence)
            known = found.get((sentence, one.name))
            if known is None or known.weight < one.weight:
                found[(sentence, one.name)] = one
    if len(found) < 2:
        return list(found.values())
    load: dict[Sentence, int] = {}
    for one in found.values():
        load[one.sentence] = load.get(one.sentence, 0) + one.weight
    order = {family["name"]: -place for place, (_, family) in enumerate(reversed(_families(case.pack)))}
    return sorted(
        found.values(),
        key=lambda one: (-one.weight, -load[one.sentence], order[one.name], -one.start),
    )


@lru_cache(maxsize=16)
def _families(pack: Pack) -> tuple[tuple[frozenset[str], Mapping[str, Any]], ...]:
    """Each family of hardships with the tags of which one must be marked."""
    return tuple(
        (frozenset((*family.get("said", ()), *(first for first, _ in family.get("pairs", ())))), family)
        for family in pack.data["empathy"]["hardship"]
    )


def _spans(case: Case, family: Mapping[str, Any]) -> Iterable[Span]:
    marks = case.customer_marks
    spans = [span for tag in family.get("said", ()) if tag in marks.by_tag for span in marks.spans(tag)]
    spans += [span for first, second in family.get("pairs", ()) for span in _near(case, first, second)]
    if not spans or (family.get("needs_trouble") and not in_trouble(case)):
        return ()
    return [span for span in spans if not _excused(case, family, span)]


def _near(case: Case, first: str, second: str) -> Iterator[Span]:
    """Words of `first` that have words of `second` near them in the same sentence; both together."""
    marks = case.customer_marks
    if not (marks.has(first) and marks.has(second)):
        return
    reach: int = case.pack.data["empathy"]["reach"]
    for start, end in marks.spans(first):
        sentence = case.customer.sentence_at(start)
        begin, stop = max(sentence.start, start - reach), min(sentence.end, end + reach)
        for other_start, other_end in marks.within(second, begin, stop):
            if other_end <= start or other_start >= end:
                yield min(start, other_start), max(end, other_end)
                break


def _excused(case: Case, family: Mapping[str, Any], span: Span) -> bool:
    """Denied ('not worried'), in no hurry, or of a thing ('the battery died') where people are meant."""
    data = case.pack.data["empathy"]
    sentence = case.customer.sentence_at(span[0])
    if family["name"] in data["may_wait"] and case.customer_marks.any_within(data["calm"], *sentence):
        return True
    before = case.customer.lowers_in(max(0, span[0] - 40), span[0])[-2:]
    if family.get("of_somebody"):
        words = case.customer.words_in(max(0, span[0] - 40), span[0])
        named = words and case.customer.raw[words[-1].start].isupper()
        return not named or words[-1].lower in data["lifeless"]
    if family.get("may_be_denied"):
        return any(word in case.pack.data["mood"]["negations"] or word.endswith("n't") for word in before)
    return False
