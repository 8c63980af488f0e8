"""Checks for who takes care of it: what follows, who does it and when, and what is handed on."""

from __future__ import annotations

from collections.abc import Iterator

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, phrases_of, when
from goodword.coach.phrases import Span
from goodword.coach.readers.deeds import has_deed
from goodword.coach.results import Commitment
from goodword.coach.rule import Rule

_ENOUGH_WORDS = 12
_NEAR = 36  # letters between 'contact' and whom
_OURS = ("agent", "company")
_EMPTY = ("apology", "acknowledgement", "paraphrase", "thanks")
_NO_CONTENT = ("greeting", "closing", "thanks")
_STEPS = ("commitment", "option", "clarifying_question", "suggestion")


def no_next_step(rule: Rule, case: Case) -> Iterator[Hit]:
    """A reply to trouble in which nothing was done, nothing is promised, and nothing offered."""
    if len(case.draft.lowers) < _ENOUGH_WORDS or not case.customer.lowers or not _is_trouble(case):
        return
    if case.commitments or has_deed(case) or any(act.act in _STEPS for act in case.acts):
        return
    if case.marks.has("offer", "alternative") or _is_answered(case):
        return
    for act in reversed(case.acts):
        if case.marks.first_within("hollow_closing", act.start, act.end):
            yield Hit(act.start, act.end)
            return
    body = [act for act in case.acts if act.act not in _NO_CONTENT]
    if body and all(act.act in _EMPTY for act in body):
        yield Hit(body[-1].start, body[-1].end)


def _is_trouble(case: Case) -> bool:
    """Something is wrong: a complaint, a bad feeling, a problem."""
    bad = case.mood.feeling in case.pack.data["empathy"]["bad_feelings"] and case.mood.strength > 0
    return bad or case.mood.complaint or case.customer_marks.has("problem", "our_fault")


def _is_answered(case: Case) -> bool:
    return bool(case.questions) and all(question.answered == "yes" for question in case.questions)


def handed_on(rule: Rule, case: Case) -> Iterator[Hit]:
    """The customer is sent to somebody else, or the matter passed on, and nobody here stays with it."""
    if any(promise.who in _OURS and promise.due for promise in case.commitments):
        return
    named = [start for tag in (rule.tag, "hand_party") for start, _ in case.marks.spans(tag)]
    for sentence in sorted({case.draft.sentence_at(start) for start in named}):
        found = case.marks.within(rule.tag, *sentence) or _sent_on(case, *sentence)
        if found and not _promised_within(case, *sentence):
            yield Hit(found[0][0], found[-1][1])


def _sent_on(case: Case, start: int, end: int) -> list[Span]:
    """'You may want to raise this with the seller': told to turn to somebody else, in trouble."""
    if not _is_trouble(case) or case.draft.raw[end - 1] == "?":
        return []
    told = case.marks.first_within("hand_you", start, end)
    if told is None:
        told = _bidden(case, start, end)
    for verb in case.marks.within("hand_verb", told[1], end) if told else ():
        party = case.marks.first_within("hand_party", verb[0], min(end, verb[1] + _NEAR))
        if (
            party
            and told
            and case.pack.promise.sets["to_us"].isdisjoint(case.draft.lowers_in(told[0], party[0]))
        ):
            return [told, party]
    return []


def _bidden(case: Case, start: int, end: int) -> Span | None:
    """Where an order to turn to somebody begins: at the sentence's start or behind a comma."""
    verb = case.marks.first_within("hand_verb", start, end)
    if verb and (verb[0] == start or case.draft.raw[verb[0] - 2 : verb[0]] == ", "):
        return verb[0], verb[0]
    return None


def _promised_within(case: Case, start: int, end: int) -> bool:
    return any(start <= one.start < end and one.who == "agent" for one in case.commitments)


def commitment_without_time(rule: Rule, case: Case) -> Iterator[Hit]:
    """A promise that is only to look into it or to be in touch, with no day in the whole draft."""
    if any(not moment.vague for moment in case.times):
        return
    for promise in case.commitments:
        if _is_timeless(case, promise) and case.marks.any_within(
            ("promise_vague",), promise.start, promise.end
        ):
            yield Hit(promise.start, promise.end)


def _is_timeless(case: Case, promise: Commitment) -> bool:
    """Without a day, and not waiting for something the customer does."""
    return promise.due_text is None and promise.firm and not promise.condition


def vague_commitment(rule: Rule, case: Case) -> Iterator[Hit]:
    """A promise of ours whose time is vague ('soon', 'in due course')."""
    for promise in case.commitments:
        if promise.due_text is None or promise.due is not None or promise.who == "customer":
            continue
        for moment in case.times_in(promise.start, promise.end):
            if moment.vague and moment.end <= promise.end:
                yield Hit(moment.start, moment.end)


KINDS = {
    "no_next_step": Kind(no_next_step, wakes=when("customer")),
    "handed_on": Kind(
        handed_on, {"phrases": list}, phrases_of, wakes=lambda rule: Wake(draft=(rule.tag, "hand_party"))
    ),
    "commitment_without_time": Kind(commitment_without_time, wakes=when("promises")),
    "vague_commitment": Kind(vague_commitment, wakes=when("promises")),
}
