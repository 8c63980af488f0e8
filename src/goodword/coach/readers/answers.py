"""Which part of the draft answers each question, and which questions it leaves open."""

from __future__ import annotations

from goodword.coach.asking_words import Scale
from goodword.coach.both_texts import MOST_ASKED, left_open
from goodword.coach.case import Case
from goodword.coach.openness import surely_open
from goodword.coach.readers.answer_signs import Signs, asked_of, scale_of, signs_of_all
from goodword.coach.readers.learned_signs import HEARD
from goodword.coach.readers.units import Unit, senses_in, units_of
from goodword.coach.results import Answered, Question
from goodword.coach.sharing import Sayings

_ENOUGH = 2  # words that such a question and its answer share
_KNOWN = f"{HEARD}question"


def answer_questions(case: Case) -> list[Question]:
    """The questions asked, each with its answer; without a draft they all stay open."""
    if not case.asked or case.language != case.pack.name:
        return case.asked
    units = units_of(case)
    asked = [asked_of(case, question) for question in case.asked[:MOST_ASKED]]
    known = zip(asked, signs_of_all(case, units, asked), strict=True)
    found = [
        _answered(case, one.question, one.want, signs, unit, left_open(case, place))
        for place, (one, (signs, unit)) in enumerate(known)
    ]
    return found + _looked_up(case, units, case.asked[MOST_ASKED:])


def _looked_up(case: Case, units: list[Unit], questions: list[Question]) -> list[Question]:
    if not questions:
        return []
    sayings = Sayings(unit.stems for unit in units)
    found: list[Question] = []
    for question in questions:
        stems = senses_in(case, question.start, question.end)
        shared, place = max(((many, at) for at, many in sayings.sharing(stems)), default=(0, 0))
        found.append(_with(question, "yes", units[place]) if shared >= _ENOUGH else question)
    return found


def _answered(
    case: Case, question: Question, want: str, signs: Signs, unit: Unit | None, left: float | None
) -> Question:
    """`left`: the log odds of it being left open, told from both texts as wholes."""
    if unit is None:
        return question
    if want == "yes_no" and case.marks.has("answer.both"):
        return _with(question, "yes", unit)
    scales = case.pack.asking.scales[scale_of(want)]
    answered: Answered = "yes"
    more = beyond(scales["no"], signs, left)
    if more >= 0:
        answered = "no"
        if more >= scales["no"].sure:
            surely_open(case).add(question.start)
    elif beyond(scales["open"], signs, left) >= 0:
        answered = "partly"
    return question if answered == "no" else _with(question, answered, unit)


def _with(question: Question, answered: Answered, unit: Unit) -> Question:
    span = unit.start, unit.end
    return Question(question.start, question.end, question.quote, question.kind, answered, span)


def beyond(scale: Scale, signs: Signs, left: float | None = None) -> float:
    """By how much the signs, and what both texts tell, weigh more than is enough."""
    weights = scale.weights
    enough = scale.enough if _KNOWN in signs else scale.unaided
    own = sum([weights[name] * value for name, value in signs.items() if name in weights]) - enough
    return own if left is None else scale.line * own + scale.left * left + scale.base
