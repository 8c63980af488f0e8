"""Which sentence of the draft answers each question: shared words, and the kind of answer it wants."""

from __future__ import annotations

from dataclasses import dataclass, replace

from goodword.coach.case import Case
from goodword.coach.results import Act, Question

# How much of a question's own words a sentence must share to be about it.
ABOUT = 0.34
CLOSELY = 0.5
_EMPTY = ("greeting", "closing", "thanks")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the draft with the stems it carries."""

    act: Act
    stems: frozenset[str]


def answer_questions(case: Case) -> list[Question]:
    """The questions asked, each with its answer; without a draft they all stay open."""
    if not case.asked or case.language != case.pack.name:
        return case.asked
    said = [
        Said(act, frozenset(case.pack.vocabulary.stems(case.draft.words_in(act.start, act.end))))
        for act in case.acts
        if act.act not in _EMPTY
    ]
    return [_answered(case, question, said) for question in case.asked]


def _answered(case: Case, question: Question, said: list[Said]) -> Question:
    wants = _wants(case, question)
    stems = _stems(case, question)
    best: tuple[float, Said] | None = None
    partly: tuple[float, Said] | None = None
    for sentence in said:
        share = _share(stems, sentence.stems)
        fits = _fits(case, wants, question, sentence.act)
        if fits and (share >= ABOUT or (fits > 1 and _alone(case, question, wants))):
            rank = share + fits
            best = max(best, (rank, sentence), key=lambda pair: pair[0]) if best else (rank, sentence)
        elif share >= CLOSELY and sentence.act.act != "clarifying_question":
            partly = max(partly, (share, sentence), key=lambda pair: pair[0]) if partly else (share, sentence)
    if best is not None:
        return replace(question, answered="yes", answered_by=(best[1].act.start, best[1].act.end))
    if partly is not None:
        return replace(question, answered="partly", answered_by=(partly[1].act.start, partly[1].act.end))
    return question


def _stems(case: Case, question: Question) -> frozenset[str]:
    """The question's stems; those of the sentence before, when it says hardly anything itself ('Why?')."""
    own = frozenset(case.pack.vocabulary.stems(case.customer.words_in(question.start, question.end)))
    if len(own) >= 2:
        return own
    before = [s for s in case.customer.sentences if s.end <= question.start][-1:]
    around = [stem for s in before for stem in case.pack.vocabulary.stems(case.customer.words_in(*s))]
    return own | frozenset(around)


def _share(asked: frozenset[str], said: frozenset[str]) -> float:
    if not asked or not said:
        return 0.0
    return len(asked & said) / min(max(len(asked), 2), 5)


def _wants(case: Case, question: Question) -> str:
    """The kind of answer: when, amount, where, why, how, yes_no, deed or any."""
    for want in case.pack.data["questions"]["wants"]:
        if case.customer_marks.any_within([f"want.{want}"], question.start, question.end):
            return str(want)
    return {"request": "deed", "concern": "care"}.get(question.kind, "yes_no")


def _alone(case: Case, question: Question, wants: str) -> bool:
    """Whether no other question wants that kind of answer, so that the answer needs no shared words."""
    return sum(_wants(case, other) == wants for other in case.asked) == 1


def _fits(case: Case, wants: str, question: Question, act: Act) -> int:
    """0: not that kind of answer; 1: may be; 2: surely is."""
    start, end = act.start, act.end
    if act.act == "clarifying_question":
        return 0
    if wants == "when":
        moments = [moment for moment in case.times_in(start, end) if not moment.vague]
        return 2 if moments else 0
    if wants in ("amount", "where", "why", "how"):
        found = case.marks.any_within([f"answer.{wants}"], start, end) is not None
        digits = wants == "amount" and any(char.isdigit() for char in case.draft.raw[start:end])
        return 2 if digits and found else int(found or digits)
    if wants in ("deed", "care"):
        doing = act.act in ("commitment", "refusal", "option", "instruction", "apology", "acknowledgement")
        done = case.marks.any_within(["done", "offer", "answer.yes_no"], start, end) is not None
        return 1 if doing or done or act.act in ("explanation", "reassurance", "suggestion") else 0
    found = case.marks.any_within(["answer.yes_no"], start, end) is not None
    return 2 if found and act.act in ("refusal", "option") else 1
