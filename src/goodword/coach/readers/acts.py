"""What each sentence of the draft does."""

from __future__ import annotations

from bisect import bisect_left

from goodword.coach.case import Case
from goodword.coach.results import Act
from goodword.coach.text import Sentence

# Tried in this order; the first whose words stand in the sentence is what it does.
_BY_WORDS = [
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
_LAST = 3


def find_acts(case: Case) -> list[Act]:
    if case.language != case.pack.name:
        return [Act(sentence.start, sentence.end, "other") for sentence in case.draft.sentences]
    count = len(case.draft.sentences)
    return [
        Act(sentence.start, sentence.end, _act(case, sentence, place, count))
        for place, sentence in enumerate(case.draft.sentences)
    ]


def _act(case: Case, sentence: Sentence, place: int, count: int) -> str:
    marks, (start, end) = case.marks, sentence
    short = len(case.draft.words_in(start, end)) <= 5
    if place <= 1 and short and any(span[0] == start for span in marks.within("act.greeting", start, end)):
        return "greeting"
    if place >= count - _LAST and _closes(case, sentence, place, count):
        return "closing"
    if case.draft.raw[end - 1] == "?":
        return "option" if marks.any_within(["act.option"], start, end) else "clarifying_question"
    for act in _BY_WORDS:
        if act == "commitment":
            if _promises(case, start, end):
                return act
        elif marks.any_within([f"act.{act}"], start, end) and not _denied(case, act, start, end):
            return act
    return "explanation" if place and marks.any_within(["done"], start, end) else "other"


def _closes(case: Case, sentence: Sentence, place: int, count: int) -> bool:
    marks, (start, end) = case.marks, sentence
    if any(span[0] == start for span in marks.within("act.closing", start, end)):
        return True
    words = case.draft.words_in(start, end)
    if marks.any_within(["act.closing_line"], start, end):
        return True
    before = case.draft.sentences[place - 1] if place else None
    after_closing = (
        before is not None and marks.any_within(["act.closing"], before.start, before.end) is not None
    )
    named = bool(case.agent_name) and case.agent_name.lower().startswith(
        case.draft.lower[start:end].rstrip(". ")
    )
    unended = case.draft.raw[end - 1] not in ".!?:,;" and place == count - 1 and count > 2
    return len(words) <= 6 and (after_closing or named or (unended and len(words) <= 4))


def _promises(case: Case, start: int, end: int) -> bool:
    starts = [promise.start for promise in case.commitments]
    return bisect_left(starts, start) < bisect_left(starts, end)


def _denied(case: Case, act: str, start: int, end: int) -> bool:
    return act == "refusal" and case.marks.any_within(["not_refusal"], start, end) is not None
