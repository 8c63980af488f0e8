"""Which sentence of the draft answers each question: shared words, and the kind of answer it wants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from goodword.coach.case import Case
from goodword.coach.results import Act, Question

LONG = 5  # stems of a long question: of these a sentence must share two, of fewer one
AROUND = {0: 3}  # a question without stems of its own is read with the sentences before it
_EMPTY = ("greeting", "closing", "thanks")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the draft with the stems it carries."""

    act: Act
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences of the draft, how well each fits what is wanted, and whether it names a sum."""

    said: list[Said]
    fits: list[int]
    sums: list[bool]


def answer_questions(case: Case) -> list[Question]:
    """The questions asked, each with its answer; without a draft they all stay open."""
    if not case.asked or case.language != case.pack.name:
        return case.asked
    said = [
        Said(act, frozenset(case.pack.vocabulary.stems(case.draft.words_in(act.start, act.end))))
        for act in case.acts
        if act.act not in _EMPTY
    ]
    wants = [_wants(case, question) for question in case.asked]
    # Looked at once for each kind of answer, not for each question: there may be hundreds of both.
    fitting = {want: [_fits(case, want, sentence.act) for sentence in said] for want in set(wants)}
    sums = [_names_amount(case, sentence.act) for sentence in said] if "deed" in fitting else []
    times = Counter(wants)
    alone = {want: sum(fit > 1 for fit in fits) >= times[want] for want, fits in fitting.items()}
    return [
        _answered(case, question, Told(said, fitting[want], sums), want, alone=alone[want])
        for question, want in zip(case.asked, wants, strict=True)
    ]


def _answered(case: Case, question: Question, told: Told, wants: str, *, alone: bool) -> Question:
    """The question with its answer; `alone`: there is a sure answer for each that wants its kind."""
    stems = _stems(case, question)
    of_money = wants == "deed" and bool(stems & case.pack.vocabulary.money)
    best: tuple[float, Said] | None = None
    partly: tuple[float, Said] | None = None
    before: frozenset[str] = frozenset()
    for place, (sentence, fits) in enumerate(zip(told.said, told.fits, strict=True)):
        shared = len(stems & (sentence.stems | before if wants == "deed" else sentence.stems))
        shared += of_money and told.sums[place]
        if _is_answer(wants, fits, shared, len(stems), alone=alone):
            rank = shared + fits
            best = (rank, sentence) if best is None or rank > best[0] else best
        elif shared >= 2 and sentence.act.act != "clarifying_question":
            partly = (shared, sentence) if partly is None or shared > partly[0] else partly
        before = sentence.stems
    if best is not None:
        return replace(question, answered="yes", answered_by=(best[1].act.start, best[1].act.end))
    if partly is not None:
        return replace(question, answered="partly", answered_by=(partly[1].act.start, partly[1].act.end))
    return question


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
    found = set(case.pack.vocabulary.stems(case.customer.words_in(question.start, question.end)))
    around = AROUND.get(len(found), 0)
    before = [s for s in case.customer.sentences if s.end <= question.start]
    for sentence in before[len(before) - around :]:
        found |= set(case.pack.vocabulary.stems(case.customer.words_in(*sentence)))
    return frozenset(found)


def _wants(case: Case, question: Question) -> str:
    """The kind of answer: when, amount, where, why, how, yes_no, deed or care."""
    if question.kind != "concern":
        for want in case.pack.data["questions"]["wants"]:
            if case.customer_marks.any_within([f"want.{want}"], question.start, question.end):
                return str(want)
    return {"request": "deed", "concern": "care"}.get(question.kind, "yes_no")


def _names_amount(case: Case, act: Act) -> bool:
    """'I have sent you €400' answers a wish for compensation without the word."""
    return case.marks.any_within(["answer.currency"], act.start, act.end) is not None


def _fits(case: Case, wants: str, act: Act) -> int:
    """0: not that kind of answer; 1: may be; 2: surely is."""
    start, end = act.start, act.end
    if act.act == "clarifying_question":
        return 0
    if wants == "when":
        return 2 if any(not moment.vague for moment in case.times_in(start, end)) else 0
    if wants == "amount":
        digits = any(char.isdigit() for char in case.draft.raw[start:end])
        found = case.marks.any_within(["answer.amount"], start, end) is not None
        return 2 if found else int(digits)
    if wants in ("where", "why", "how"):
        doing = (wants == "how" and act.act in ("instruction", "option")) or (
            wants == "why" and act.act == "explanation"
        )
        return 2 if doing or case.marks.any_within([f"answer.{wants}"], start, end) else 1
    if wants == "plan":
        doing = act.act in ("commitment", "instruction", "option", "suggestion", "refusal")
        return 2 if doing or case.marks.any_within(["done", "offer"], start, end) else 0
    if wants == "care":
        return 2 if act.act in ("apology", "acknowledgement", "reassurance") else 1
    starts = any(span[0] == start for span in case.marks.within("answer.starts", start, end))
    if wants == "deed":
        doing = act.act in ("commitment", "refusal", "option", "instruction", "suggestion")
        done = case.marks.any_within(["done", "offer"], start, end) is not None
        return 2 if starts else int(doing or done)
    starts = starts or any(span[0] == start for span in case.marks.within("answer.can_starts", start, end))
    return 2 if starts else 1
