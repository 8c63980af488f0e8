"""Which sentence of the draft answers each question: shared words, and the kind of answer it wants."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from goodword.coach.case import Case
from goodword.coach.results import Act, Answered, Question
from goodword.coach.sharing import Sayings
from goodword.coach.text import Sentence

LONG = 5  # stems of a long question: of these a sentence must share two, of fewer one
AROUND = 3  # a question without stems of its own is read with the sentences before it
_EMPTY = ("greeting", "closing", "thanks")


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences of the draft that may answer, with their stems, and whether each names a sum."""

    acts: list[Act]
    sayings: Sayings
    sums: frozenset[int]


@dataclass(frozen=True, slots=True)
class Fitting:
    """How well each sentence fits a kind of answer, and which come first of those that fit.

    `alone`: there is a sure answer for each question that wants this kind.
    """

    fits: list[int]
    sure: int | None
    sums: list[int]
    alone: bool


def answer_questions(case: Case) -> list[Question]:
    """The questions asked, each with its answer; without a draft they all stay open."""
    if not case.asked or case.language != case.pack.name:
        return case.asked
    acts = [act for act in case.acts if act.act not in _EMPTY]
    wants = [_wants(case, question) for question in case.asked]
    sums = [_names_amount(case, act) for act in acts] if "deed" in wants else []
    told = Told(
        acts,
        Sayings(case.draft.stems_in(act.start, act.end) for act in acts),
        frozenset(place for place, named in enumerate(sums) if named),
    )
    # Looked at once for each kind of answer, not for each question: there may be hundreds of both.
    fitting = {want: _fitting(case, told, want, times) for want, times in Counter(wants).items()}
    return [
        _answered(case, question, told, fitting[want], want)
        for question, want in zip(case.asked, wants, strict=True)
    ]


def _fitting(case: Case, told: Told, want: str, times: int) -> Fitting:
    fits = [_fits(case, want, act) for act in told.acts]
    sure = next((place for place, fit in enumerate(fits) if fit > 1), None)
    # A sum that is named answers a wish for money; the best and earliest of each fit are enough.
    firsts = {fits[place]: place for place in sorted(told.sums, reverse=True)}
    return Fitting(fits, sure, sorted(firsts.values()), sum(fit > 1 for fit in fits) >= times)


def _answered(case: Case, question: Question, told: Told, fitting: Fitting, wants: str) -> Question:
    """The question with its answer."""
    stems = _stems(case, question)
    of_money = wants == "deed" and not stems.isdisjoint(case.pack.vocabulary.money)
    best: tuple[float, int] | None = None
    partly: tuple[float, int] | None = None
    for place, shared in _candidates(told, fitting, stems, wants, of_money=of_money):
        fits = fitting.fits[place]
        if _is_answer(wants, fits, shared, len(stems), alone=fitting.alone):
            best = (shared + fits, place) if best is None or shared + fits > best[0] else best
        elif shared >= 2 and told.acts[place].act != "clarifying_question":
            partly = (shared, place) if partly is None or shared > partly[0] else partly
    if best is not None:
        return _with(question, "yes", told.acts[best[1]])
    return _with(question, "partly", told.acts[partly[1]]) if partly is not None else question


def _with(question: Question, answered: Answered, act: Act) -> Question:
    return Question(
        question.start, question.end, question.quote, question.kind, answered, (act.start, act.end)
    )


def _candidates(
    told: Told, fitting: Fitting, stems: frozenset[str], wants: str, *, of_money: bool
) -> list[tuple[int, int]]:
    """The sentences that may answer, in order, each with how much it shares with the question.

    What a deed is about may stand in the sentence before.
    """
    found: dict[int, int] = {} if fitting.sure is None else {fitting.sure: 0}
    if of_money:
        found.update(dict.fromkeys(fitting.sums, 0))
    found.update(told.sayings.sharing(stems))
    if wants == "deed":
        after = {place + 1 for place in found if place + 1 < len(told.acts)}
        for place in after | found.keys():
            found[place] = told.sayings.shared(stems, place, with_before=True)
    if of_money:
        found = {place: shared + (place in told.sums) for place, shared in found.items()}
    return sorted(found.items())


def _is_answer(wants: str, fits: int, shared: int, asked: int, *, alone: bool) -> bool:
    """Whether a sentence that fits so well and shares so many stems answers the question."""
    if not fits:
        return False
    if fits > 1 and (shared or alone):
        return True
    if wants == "deed":
        return shared >= 1
    return shared >= (2 if asked >= LONG else 1)


def _stems(case: Case, question: Question) -> frozenset[str]:
    """The question's stems, with those of the sentences before it where it says little itself ('Why?')."""
    found = case.customer.stems_in(question.start, question.end)
    if not found:
        sentences = case.customer.sentences
        here = bisect_right(sentences, question.start, key=_end)
        around = AROUND if here >= AROUND else 1  # near the beginning there is mostly a greeting
        for sentence in sentences[max(0, here - around) : here]:
            found |= case.customer.stems_in(*sentence)
    return frozenset(found)


def _end(sentence: Sentence) -> int:
    return sentence.end


def _wants(case: Case, question: Question) -> str:
    """The kind of answer: when, amount, where, why, how, yes_no, deed or care."""
    if question.kind != "concern":
        for want in case.pack.data["questions"]["wants"]:
            if case.customer_marks.first_within(f"want.{want}", question.start, question.end):
                return str(want)
    return {"request": "deed", "concern": "care"}.get(question.kind, "yes_no")


def _names_amount(case: Case, act: Act) -> bool:
    """'I have sent you €400' answers a wish for compensation without the word."""
    return case.marks.first_within("answer.currency", act.start, act.end) is not None


def _fits(case: Case, wants: str, act: Act) -> int:
    """0: not that kind of answer; 1: may be; 2: surely is."""
    start, end = act.start, act.end
    if act.act == "clarifying_question":
        return 0
    if wants == "when":
        return 2 if any(not moment.vague for moment in case.times_in(start, end)) else 0
    if wants == "amount":
        digits = any(map(str.isdigit, case.draft.raw[start:end]))
        found = case.marks.first_within("answer.amount", start, end) is not None
        return 2 if found else int(digits)
    if wants in ("where", "why", "how"):
        doing = (wants == "how" and act.act in ("instruction", "option")) or (
            wants == "why" and act.act == "explanation"
        )
        return 2 if doing or case.marks.first_within(f"answer.{wants}", start, end) else 1
    if wants == "plan":
        doing = act.act in ("commitment", "instruction", "option", "suggestion", "refusal")
        return 2 if doing or case.marks.any_within(["done", "offer"], start, end) else 0
    if wants == "care":
        return 2 if act.act in ("apology", "acknowledgement", "reassurance") else 1
    starts = case.marks.begins("answer.starts", start, end)
    if wants == "deed":
        doing = act.act in ("commitment", "refusal", "option", "instruction", "suggestion")
        done = case.marks.any_within(["done", "offer"], start, end) is not None
        return 2 if starts else int(doing or done)
    return 2 if starts or case.marks.begins("answer.can_starts", start, end) else 1
