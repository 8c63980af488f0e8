"""Checks of listening: what was asked and not answered, what is not known and not asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks import given
from goodword.coach.checks.base import Hit, Kind, shorten, when
from goodword.coach.openness import surely_open
from goodword.coach.rule import Rule

MOST_WORDS = 100_000
ENOUGH_WORDS = 5  # a draft shorter than this has hardly begun


def open_question(rule: Rule, case: Case) -> Iterator[Hit]:
    """Each question of the kinds `kinds` whose answer is one of `answered`.

    `sure`: only those that are surely open, or are likely so in a short reply that is closed already.
    """
    if len(case.draft.lowers) < rule.options.get("from_words", ENOUGH_WORDS):
        return
    surely = surely_open(case) if rule.options.get("sure") and not _short_and_closed(case) else None
    for question in case.questions:
        if surely is not None and question.start not in surely:
            continue
        if question.kind in rule.options["kinds"] and question.answered in rule.options["answered"]:
            yield Hit(question.start, question.end, "customer", {"question": shorten(question.quote)})


def _short_and_closed(case: Case) -> bool:
    return (
        len(case.draft.lowers) < case.pack.trust.words and bool(case.acts) and case.acts[-1].act == "closing"
    )


def detail_missing(rule: Rule, case: Case) -> Iterator[Hit]:
    """A topic needs a detail that the customer did not give, the draft does not know and does not ask for."""
    for topic, needs in case.pack.data["questions"]["needs"].items():
        spans = case.customer_marks.spans(f"topic.{topic}")
        if not spans or len(case.customer.lowers) > needs.get("most_words", MOST_WORDS):
            continue
        given = {detail.kind for detail in case.details}
        missing = [kind for kind in needs["any_of"] if kind not in given]
        if len(missing) < len(needs["any_of"]) or _knows(case) or _asks_anything(case):
            continue
        sentence = case.customer.sentence_at(spans[0][0])
        values = {"detail": needs["name"], "topic": topic.replace("_", " ")}
        yield Hit(sentence.start, sentence.end, "customer", values, (needs["ask"],))
        return


def _knows(case: Case) -> bool:
    """The draft shows that the case was found: it says what was done, or gives a figure or date of it."""
    return bool(case.marks.has("done")) or any(map(str.isdigit, case.draft.raw)) or bool(case.commitments)


def _asks_anything(case: Case) -> bool:
    return any(act.act == "clarifying_question" for act in case.acts) or case.marks.has("asking")


def no_paraphrase(rule: Rule, case: Case) -> Iterator[Hit]:
    """Nothing in the draft takes up the customer's own words about what is wrong."""
    if len(case.draft.lowers) < rule.options.get("from_words", 25) or not case.customer.sentences:
        return
    if len(case.customer.lowers) < rule.options.get("from_customer_words", 12):
        return
    theirs = (set(case.customer.own_stems) - rule.made["common"]) - {""}
    mine: set[str] = set()
    for act in case.acts:
        if act.act not in ("greeting", "closing"):
            mine |= case.draft.own_stems_in(act.start, act.end)
    if len(theirs) >= 6 and len(theirs & mine) < rule.options["shared"]:
        sentence = _heart(case)
        yield Hit(sentence[0], sentence[1], "customer", suggestions=(_say_back(case, sentence),))


def _heart(case: Case) -> tuple[int, int]:
    """The customer's sentence that says what went wrong, or else what they want."""
    for tag in ("problem", "hardship.any"):
        for start, _ in case.customer_marks.spans(tag)[:1]:
            sentence = case.customer.sentence_at(start)
            return sentence.start, sentence.end
    if case.questions:
        return case.questions[0].start, case.questions[0].end
    longest = max(case.customer.sentences, key=lambda s: s.end - s.start)
    return longest.start, longest.end


def _say_back(case: Case, sentence: tuple[int, int]) -> str:
    """The customer's words turned round: 'my lamp' becomes 'your lamp'."""
    swap: Mapping[str, str] = case.pack.data["questions"]["turn_round"]
    text, (start, end) = case.customer, sentence
    out, at = [], start
    for word in text.words_in(start, end):
        out.append(text.raw[at : word.start])
        own = text.raw[word.start : word.end]
        out.append(swap.get(word.lower, own))
        at = word.end
    said = " ".join("".join(out).split()).rstrip(" .!?;:,")
    said = said if said[:2].isupper() else said[:1].lower() + said[1:]
    opening: str = case.pack.data["questions"]["say_back"]
    return opening.replace("{issue}", said)


def make_common(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"common": frozenset(rule.options.get("common", ()))}


KINDS = {
    "open_question": Kind(
        open_question,
        {"kinds": list, "answered": list, "from_words": int, "sure": bool},
        wakes=when("questions"),
    ),
    **given.KINDS,
    "detail_missing": Kind(detail_missing, wakes=when("customer")),
    "no_paraphrase": Kind(
        no_paraphrase,
        {"shared": int, "from_words": int, "from_customer_words": int, "common": list},
        make_common,
        when("customer"),
    ),
}
