"""Questions, requests and concerns in the customer's message, also the indirect ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from goodword.coach.case import Case
from goodword.coach.results import Kind, Question
from goodword.coach.text import Sentence

_MOST_PIECES = 4
_ASKS = ("ask.indirect", "ask.request", "ask.concern")


def find_questions(case: Case) -> list[Question]:
    found: list[Question] = []
    if case.customer_language != case.pack.name:
        return found
    if "?" not in case.customer.raw and not case.customer_marks.has(*_ASKS):
        return found
    for sentence in case.customer.sentences:
        found.extend(_in_sentence(case, sentence))
    return _without_echoes(case, found)


def _in_sentence(case: Case, sentence: Sentence) -> Iterator[Question]:
    marks, (start, end) = case.customer_marks, sentence
    if marks.any_within(["ask.rhetorical"], start, end):
        if case.customer.raw[start:end].endswith("?"):
            yield _question(case, start, end, "concern")
        return
    if "?" in case.customer.raw[max(start, end - 3) : end]:
        for piece in _pieces(case, start, end):
            yield _question(case, *piece, _kind(case, *piece))
        return
    if marks.any_within(["ask.polite_close"], start, end) and not marks.any_within(
        ["ask.indirect"], start, end
    ):
        return
    indirect = marks.any_within(["ask.indirect"], start, end)
    request = marks.any_within(["ask.request"], start, end)
    if indirect and not (request and request[0] < indirect[0]):
        yield _question(case, start, end, "question")
    elif request and not marks.any_within(["ask.no_request"], start, end):
        yield _question(case, start, end, "request")
    elif marks.any_within(["ask.concern"], start, end):
        yield _question(case, start, end, "concern")


def _kind(case: Case, start: int, end: int) -> Kind:
    return "request" if case.customer_marks.any_within(["ask.please_do"], start, end) else "question"


def _question(case: Case, start: int, end: int, kind: Kind) -> Question:
    return Question(start, end, case.customer.quote(start, end), kind)


def _pieces(case: Case, start: int, end: int) -> list[tuple[int, int]]:
    """'When does it arrive, and can I change the address?' is two questions."""
    cuts = [span[0] for span in case.customer_marks.within("ask.join", start, end)][: _MOST_PIECES - 1]
    edges = [start, *(cut for cut in cuts if cut - start > 12), end]
    lower = case.customer.lower
    pieces: list[tuple[int, int]] = []
    for one, two in pairwise(edges):
        stop = two
        while stop > one and lower[stop - 1] in " ,;-":
            stop -= 1
        begin = one + len(lower[one:stop]) - len(lower[one:stop].lstrip(" ,;-"))
        pieces.append((begin + 4 if lower.startswith("and ", begin) else begin, stop))
    return pieces


def _without_echoes(case: Case, found: list[Question]) -> list[Question]:
    """A concern that only leads up to a question about the same thing is not asked twice."""
    kept: list[Question] = []
    for place, question in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else None
        if question.kind == "concern" and following and following.kind != "concern":
            mine = case.customer.stems_in(question.start, question.end)
            theirs = case.customer.stems_in(following.start, following.end)
            if theirs and len(mine & theirs) * 2 >= len(theirs) and following.start - question.end < 4:
                continue
        kept.append(question)
    return kept
