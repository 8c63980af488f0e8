"""What each sentence of the draft does."""

from __future__ import annotations

from bisect import bisect_left

from goodword.coach.case import Case
from goodword.coach.results import Act
from goodword.coach.text import Sentence

# Tried in this order; the first whose words stand in the sentence is what it does.
_ORDER = [
    "refusal",
    "apology",
    "clarifying_question",
    "commitment",
    "paraphrase",
    "acknowledgement",
    "thanks",
    "option",
    "instruction",
    "suggestion",
    "reassurance",
    "explanation",
]
_BY_WORDS = [(act, f"act.{act}") for act in _ORDER]
_LAST = 3


def find_acts(case: Case) -> list[Act]:
    sentences = case.draft.sentences
    if case.language != case.pack.name:
        return [Act(start, end, "other") for start, end in sentences]
    told = _Told(case)
    return [Act(*sentence, _act(told, sentence, place)) for place, sentence in enumerate(sentences)]


class _Told:
    """What is the same for all sentences of a draft: the acts whose words stand in it, and its promises."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.count = len(case.draft.sentences)
        self.promises = [promise.start for promise in case.commitments]
        self.named = case.agent_name.lower()
        marked = case.marks.by_tag
        self.by_words = [
            (act, tag) for act, tag in _BY_WORDS if tag in marked or (act == "commitment" and self.promises)
        ]

    def promises_in(self, start: int, end: int) -> bool:
        return bisect_left(self.promises, start) < bisect_left(self.promises, end)


def _act(told: _Told, sentence: Sentence, place: int) -> str:
    case, (start, end) = told.case, sentence
    marks = case.marks
    if place <= 1 and _greets(case, start, end):
        return "greeting"
    if place >= told.count - _LAST and _closes(told, sentence, place):
        return "closing"
    if case.draft.raw[end - 1] == "?":
        return "option" if marks.first_within("act.option", start, end) else "clarifying_question"
    for act, tag in told.by_words:
        if act == "commitment":
            if told.promises_in(start, end):
                return act
        elif marks.first_within(tag, start, end) and not _denied(case, act, start, end):
            return act
    return "explanation" if place and marks.first_within("done", start, end) else "other"


def _greets(case: Case, start: int, end: int) -> bool:
    if not case.marks.begins("act.greeting", start, end):
        return False
    first, last = case.draft.places(start, end)
    return last - first <= 5


def _closes(told: _Told, sentence: Sentence, place: int) -> bool:
    case, (start, end) = told.case, sentence
    marks, draft = case.marks, case.draft
    if marks.begins("act.closing", start, end) or marks.first_within("act.closing_line", start, end):
        return True
    first, last = draft.places(start, end)
    if last - first > 6:
        return False
    before = draft.sentences[place - 1] if place else None
    if before is not None and marks.first_within("act.closing", before.start, before.end):
        return True
    if told.named and told.named.startswith(draft.lower[start:end].rstrip(". ")):
        return True
    unended = draft.raw[end - 1] not in ".!?:,;" and place == told.count - 1 and told.count > 2
    return unended and last - first <= 4


def _denied(case: Case, act: str, start: int, end: int) -> bool:
    return act == "refusal" and case.marks.first_within("not_refusal", start, end) is not None
