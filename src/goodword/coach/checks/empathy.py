"""Checks of empathy: hardship that nobody acknowledged, stock phrases that touch nothing of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from goodword.coach.acknowledging import acknowledgements, takes_up
from goodword.coach.case import Case
from goodword.coach.checks.base import FACTS, Hit, Kind, Wake, by_phrases, fill, phrases_of, when
from goodword.coach.hardships import LIGHT, Hardship, hardships, passage
from goodword.coach.pressing import is_unlikely, pressing
from goodword.coach.rule import Rule
from goodword.coach.said_back import said_to
from goodword.coach.sounding import sounds_hard
from goodword.coach.text import Sentence, Text

ENOUGH_WORDS = 6
MILD = 3


def unacknowledged(rule: Rule, case: Case) -> Iterator[Hit]:
    """The gravest hardship the customer names, when no sentence of the draft acknowledges it.

    Only one is pointed at: a reply that answers each of five troubles with a sentence of pity is no better.
    """
    left = _left(case)
    if left is not None and left.name == rule.options["hardship"]:
        yield Hit(*passage(case, left), "customer", suggestions=_suggested(rule, case, left))


def may_press(rule: Rule, case: Case) -> Iterator[Hit]:
    """What was passed over as far as was learned, where no rule knows a hardship by its words."""
    found = pressing(case, "empathy")
    if found is None or len(case.draft.lowers) < ENOUGH_WORDS or _left(case) is not None:
        return
    if found.chance >= rule.options["at_least"] / 100:
        yield Hit(found.start, found.end, "customer")


def _left(case: Case) -> Hardship | None:
    return case.once("hardship passed over", _likely_passed_over)


def _likely_passed_over(case: Case) -> Hardship | None:
    left = _passed_over(case)
    return None if left is None or is_unlikely(case, "empathy") else left


def _passed_over(case: Case) -> Hardship | None:
    """The hardship that the draft does not take up, unless the draft says something hollow instead of it."""
    if len(case.draft.lowers) < ENOUGH_WORDS:
        return None
    gravest = next((one for one in hardships(case) if not _asked(case, one)), None)
    if (gravest is None or gravest.weight <= MILD) and not acknowledgements(case):
        sounding = sounds_hard(case)
        if sounding and not (gravest and gravest.sentence == sounding.sentence):
            gravest = sounding
    if gravest is None or takes_up(case, gravest):
        return None
    data = case.pack.data["empathy"]
    if gravest.weight <= LIGHT and case.marks.has(*data["stock_for_light"]):
        return None
    return None if gravest.met != "named" and any(_hollow(case, data["stock"])) else gravest


def _asked(case: Case, hardship: Hardship) -> bool:
    """A mild worry that is part of a question is dealt with by the answer."""
    start, end = hardship.sentence
    mild = hardship.name == "fear" and hardship.weight <= MILD
    return mild and any(question.start < end and start < question.end for question in case.questions)


def _suggested(rule: Rule, case: Case, left: Hardship) -> tuple[str, ...]:
    """The rule's sentences, those with a gap filled with the customer's own words."""
    words = said_to(case, *left.sentence)
    return tuple(fill(text, {"words": words}) for text in rule.suggestions if words or "{words}" not in text)


def upset_ignored(rule: Rule, case: Case) -> Iterator[Hit]:
    """An unhappy customer who names no hardship, and a draft that acknowledges nothing."""
    if len(case.draft.lowers) < ENOUGH_WORDS or case.mood.feeling not in rule.options["feelings"]:
        return
    if case.mood.strength < rule.options.get("from_strength", 1):
        return
    data = case.pack.data["empathy"]
    if hardships(case) or acknowledgements(case) or case.marks.has(*data["stock_for_light"]):
        return
    if any(_hollow(case, data["stock"])):
        return
    for start, end in case.mood.spans.get("feeling", [])[:1]:
        sentence = case.customer.sentence_at(start)
        yield Hit(sentence.start, max(sentence.end, end), "customer")


def stock_phrase(rule: Rule, case: Case) -> Iterator[Hit]:
    """A stock phrase in a sentence that shares no word with the customer's message."""
    theirs = set(case.customer.stems) - {""}
    for start, end in case.marks.spans(rule.tag):
        sentence = case.draft.sentence_at(start)
        begin, stop = _clause(case, sentence, start, end)
        if theirs.isdisjoint(_stems_beside(case.draft, begin, stop, start, end)):
            yield Hit(start, end)


def stock_understanding(rule: Rule, case: Case) -> Iterator[Hit]:
    """Words of understanding that fit anybody, with no acknowledgement of the case beside them."""
    for start, end in _hollow(case, rule.options["tags"]):
        yield Hit(start, end)


def _hollow(case: Case, tags: Iterable[str]) -> Iterator[tuple[int, int]]:
    told = {one.place for one in acknowledgements(case)}
    for tag in tags:
        for start, end in case.marks.spans(tag):
            place = case.draft.sentences.index(case.draft.sentence_at(start))
            if told.isdisjoint((place - 1, place, place + 1)):
                yield start, end


def pleasantry(rule: Rule, case: Case) -> Iterator[Hit]:
    """A bright formula; those of `ends_loud` only with an exclamation mark or a smile in their sentence.

    A greeting alone is none, and neither is a sentence that acknowledges: 'Great that nobody was hurt!'
    """
    innocent = {one.sentence for one in acknowledgements(case)}
    innocent |= {Sentence(act.start, act.end) for act in case.acts if act.act == "greeting"}
    for tag in rule.options["tags"]:
        for start, _ in case.marks.spans(tag):
            sentence = case.draft.sentence_at(start)
            loud = tag not in rule.options["ends_loud"] or _is_loud(case, sentence)
            if loud and sentence not in innocent:
                yield Hit(*sentence)


def _is_loud(case: Case, sentence: Sentence) -> bool:
    end = min(len(case.draft.raw), sentence.end + 3)
    loud = "!" in case.draft.raw[sentence.start : sentence.end]
    return loud or case.marks.first_within("cheer.smile", sentence.start, end) is not None


def _stems_beside(text: Text, begin: int, stop: int, start: int, end: int) -> list[str]:
    """The stems of the words in `[begin, stop)` that lie outside of `[start, end)`."""
    first, last = text.places(begin, stop)
    places = range(first, last)
    return [text.stems[at] for at in places if text.ends[at] <= start or text.starts[at] >= end]


def _clause(case: Case, sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The part of the sentence around `[start, end)`, from comma to comma."""
    lower = case.draft.lower
    begin = lower.rfind(",", sentence.start, start) + 1 or sentence.start
    stop = lower.find(",", end, sentence.end)
    return begin, stop if stop >= 0 else sentence.end


FACTS["hardship_passed_over"] = lambda case: bool(case.customer.lowers) and _left(case) is not None
KINDS = {
    "unacknowledged": Kind(unacknowledged, {"hardship": str}, wakes=when("hardship_passed_over")),
    "upset_ignored": Kind(
        upset_ignored, {"feelings": list, "from_strength": int}, wakes=when("customer", "upset")
    ),
    "stock_phrase": Kind(stock_phrase, {"phrases": list}, phrases_of, by_phrases),
    "may_press": Kind(may_press, {"at_least": int}, wakes=when("customer")),
    "pleasantry": Kind(
        pleasantry,
        {"tags": list, "ends_loud": list},
        wakes=lambda rule: Wake(draft=tuple(rule.options["tags"])),
    ),
    "stock_understanding": Kind(
        stock_understanding, {"tags": list}, wakes=lambda rule: Wake(draft=tuple(rule.options["tags"]))
    ),
}
