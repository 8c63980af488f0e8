"""Questions, requests and concerns in the customer's message, also the indirect ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from goodword.coach.case import Case
from goodword.coach.hardships import hardships
from goodword.coach.readers.clauses import ASKED, WISHED, Clause, Reader
from goodword.coach.results import Kind, Question
from goodword.coach.text import Sentence

if TYPE_CHECKING:
    from goodword.coach.pack import Pack

_SHORT, _LONG = 2, 8
_BREATH = 4  # characters between two sentences that follow each other
_TALKING = 9  # words of a sentence with a question mark that opens like a statement and is then one


def find_questions(case: Case) -> list[Question]:
    if case.customer_language != case.pack.name:
        return []
    reader, worry = Reader(case), Worry(case)
    found: list[Question] = []
    for sentence in case.customer.sentences:
        for question in _in_sentence(case, reader, worry, sentence):
            before = found[-1] if found else None
            if before and _one_worry(worry, before, question):
                found[-1] = _question(case, before.start, question.end, "concern")
            elif before and _leads_up(case, before, question):
                found[-1] = question
            else:
                found.append(question)
    return found


def _question(case: Case, start: int, end: int, kind: Kind) -> Question:
    return Question(start, end, case.customer.raw[start:end], kind)


def _one_worry(worry: Worry, one: Question, other: Question) -> bool:
    """Whether two concerns that follow each other are one, told in two breaths: neither is strong alone."""
    if one.kind != "concern" or other.kind != "concern" or other.start - one.end > _BREATH:
        return False
    return min(worry.of(one), worry.of(other)) < worry.strong


def _leads_up(case: Case, concern: Question, asked: Question) -> bool:
    """'I am worried: where is my refund?' asks once."""
    near = concern.kind == "concern" and asked.kind != "concern" and asked.start - concern.end <= _BREATH
    return near and len(case.customer.stems_in(concern.start, concern.end)) <= 1


def _in_sentence(case: Case, reader: Reader, worry: Worry, sentence: Sentence) -> Iterator[Question]:
    first, last = case.customer.places(*sentence)
    if first == last or case.customer_marks.first_within("ask.rhetorical", *sentence):
        return
    clauses = reader.clauses(sentence, first, last)
    for clause in clauses:
        start, end = reader.span(clause)
        if clause.kind == ASKED:
            wished = case.customer_marks.first_within("ask.please_do", start, end)
            told = _only_told(case, reader, clause, clauses)
            yield _question(case, start, end, "request" if wished else "concern" if told else "question")
        elif clause.kind == WISHED and _wishes(case, start, end):
            yield _question(case, start, end, "request")
        elif worry.told_in(start, end):
            yield _question(case, start, end, "concern")


def _wishes(case: Case, start: int, end: int) -> bool:
    """'I look forward to your reply' and 'I would like to thank you' wish for nothing that could be open."""
    marks = case.customer_marks
    return not marks.any_within(("ask.polite_close", "ask.no_request"), start, end)


def _only_told(case: Case, reader: Reader, clause: Clause, clauses: list[Clause]) -> bool:
    """'You want to raise my payment to 155??' is a complaint, although it has a question mark."""
    if len(clauses) > 1 or clause.last - clause.first < _TALKING:
        return False
    return case.customer.lowers[clause.first] in reader.words.statements and not reader.inquires(clause)


@lru_cache(maxsize=16)
def _troubles(pack: Pack) -> tuple[tuple[Sequence[str], float], ...]:
    """What speaks of trouble: tags, and what one of them weighs."""
    data = pack.data["questions"]["trouble"]
    lists: Mapping[str, Sequence[str]] = data["lists"]
    return tuple((lists.get(name, (f"trouble.{name}",)), weight) for name, weight in data["weights"].items())


class Worry:
    """Weighs what a clause tells: trouble, worry and disappointment want an answer too."""

    def __init__(self, case: Case) -> None:
        data = case.pack.data["questions"]["trouble"]
        self.enough: float = data["enough"]
        self.strong: float = data["strong"]
        self._weights: Mapping[str, float] = data["weights"]
        self._case = case
        marked = case.customer_marks.by_tag
        found = (([tag for tag in tags if tag in marked], weight) for tags, weight in _troubles(case.pack))
        self._tags = [(tags, weight) for tags, weight in found if tags] if marked else []
        self._hardships = sorted(one.start for one in hardships(case))

    def of(self, concern: Question) -> float:
        return self.weigh(concern.start, concern.end)

    def told_in(self, start: int, end: int) -> bool:
        return self.weigh(start, end) >= self.enough

    def weigh(self, start: int, end: int) -> float:
        """How much trouble stands in `[start, end)`."""
        marks, text = self._case.customer_marks, self._case.customer
        found: float = sum(weight for tags, weight in self._tags if marks.any_within(tags, start, end))
        if bisect_left(self._hardships, start) < bisect_left(self._hardships, end):
            found += self._weights["hardship"]
        first, last = text.places(start, end)
        if not found or first == last:
            return 0
        if last - first >= _LONG:
            found += self._weights["long"]
        elif last - first <= _SHORT:
            found += self._weights["short"]
        if text.lowers[first] in self._case.pack.asking.reasons:
            found += self._weights["part"]
        return found
