"""Which part of the draft answers each question, and which questions it leaves open."""

from __future__ import annotations

from goodword.coach.asking_words import Scale
from goodword.coach.case import Case
from goodword.coach.readers.answer_signs import Signs, asked_of, signs_of_all
from goodword.coach.readers.units import Unit, units_of
from goodword.coach.results import Answered, Question

MOST = 40  # so many questions are looked at together; a message of more is read in turns


def answer_questions(case: Case) -> list[Question]:
    """The questions asked, each with its answer; without a draft they all stay open."""
    if not case.asked or case.language != case.pack.name:
        return case.asked
    units = units_of(case)
    found: list[Question] = []
    for start in range(0, len(case.asked), MOST):
        asked = [asked_of(case, question) for question in case.asked[start : start + MOST]]
        for one, (signs, unit) in zip(asked, signs_of_all(case, units, asked), strict=True):
            found.append(_answered(case, one.question, one.want, signs, unit))
    return found


def _answered(case: Case, question: Question, want: str, signs: Signs, unit: Unit | None) -> Question:
    if unit is None:
        return question
    scales = case.pack.asking.scales["care" if want == "care" else "deed" if want == "deed" else "question"]
    answered: Answered = "yes"
    if _reaches(scales["no"], signs):
        answered = "no"
    elif _reaches(scales["open"], signs):
        answered = "partly"
    by = None if answered == "no" else (unit.start, unit.end)
    return Question(question.start, question.end, question.quote, question.kind, answered, by)


def _reaches(scale: Scale, signs: Signs) -> bool:
    weights = scale.weights
    return sum(weights[name] * value for name, value in signs.items() if name in weights) >= scale.enough
