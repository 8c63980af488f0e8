"""Promises in the draft: who will do what by when, found by an own grammar of subjects, modals and verbs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from goodword.coach.case import Case
from goodword.coach.readers.promise_parts import (
    clause_end,
    condition_of,
    due_of,
    first_subject,
    first_verb,
    pieces_of,
    subject_of,
    tidy,
)
from goodword.coach.results import Commitment, Who
from goodword.coach.text import Sentence, Text, Word
from goodword.coach.when import Moment

OUTCOME = ("thing", "it")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a promise begins: its subject and the place of the word after the modal."""

    subject: str
    start: int
    verb: int
    firm: bool = True
    needs_due: bool = False


def find_commitments(case: Case) -> list[Commitment]:
    found: list[Commitment] = []
    if case.language != case.pack.name:
        return found
    draft, triggers = case.draft, case.pack.promise.triggers
    if triggers.isdisjoint(draft.word_set) and "'" not in draft.lower:
        return found
    for sentence in draft.sentences:
        if draft.raw[sentence.end - 1] != "?" and _may_promise(draft, sentence, triggers):
            found.extend(_in_sentence(case, sentence))
    return found


def _may_promise(draft: Text, sentence: Sentence, triggers: frozenset[str]) -> bool:
    return not triggers.isdisjoint(draft.lowers_in(*sentence)) or draft.lower.find("'", *sentence) >= 0


def _in_sentence(case: Case, sentence: Sentence) -> Iterator[Commitment]:
    words = case.draft.words_in(*sentence)
    anchors = list(_anchors(case, sentence, words))
    for place, anchor in enumerate(anchors):
        limit = anchors[place + 1].start if place + 1 < len(anchors) else sentence.end
        floor = _floor(case, words[anchors[place - 1].verb].end, anchor.start) if place else sentence.start
        yield from _promises(case, sentence, words, anchor, limit, floor)


def _floor(case: Case, start: int, end: int) -> int:
    """Where the clause of a later promise begins: after the last comma or 'and' before its subject."""
    lower = case.draft.lower
    cut = max(lower.rfind(mark, start, end) + len(mark) for mark in (", ", " and ", "; "))
    return cut if cut > start + 1 else end


def _anchors(case: Case, sentence: Sentence, words: tuple[Word, ...]) -> Iterator[Anchor]:
    """The places where a promise may begin; each word belongs to one at most."""
    promise, last = case.pack.promise, -1
    for at, word in enumerate(words):
        if at <= last or (word.lower not in promise.triggers and "'" not in word.lower):
            continue
        anchor = _anchor_at(case, sentence, words, at)
        if anchor is not None and not _supposed(case, anchor.start):
            if not promise.first(
                "reported", case.draft.lower, max(sentence.start, anchor.start - 120), word.start
            ):
                yield anchor
            last = max(anchor.verb - 1, _swallowed(case, words, anchor))


def _supposed(case: Case, start: int) -> bool:
    """'If it comes back': said of a case that may be, no promise."""
    before = case.draft.lower[max(0, start - 12) : start].split()
    return bool(before) and before[-1] in case.pack.promise.sets["supposing"]


def _swallowed(case: Case, words: tuple[Word, ...], anchor: Anchor) -> int:
    """The last word of 'make sure that it ships today': one promise, not two."""
    at = words[anchor.verb].start if anchor.verb < len(words) else 0
    opener = case.pack.promise.begins("sees_to", case.draft.lower, at)
    if opener is None:
        return -1
    stop = clause_end(case, at, words[-1].end)
    return bisect_left(words, (stop,)) - 1


def _anchor_at(case: Case, sentence: Sentence, words: tuple[Word, ...], at: int) -> Anchor | None:
    promise, word = case.pack.promise, words[at].lower
    if word.endswith("'ll"):
        subject = subject_of(case, words, at, word[:-3])
        return Anchor(subject[0], subject[1], at + 1) if subject else None
    if word in promise.sets["modals"] or word in promise.sets["hedged_modals"]:
        subject = _subject_before(case, words, at)
        hedged = word in promise.sets["hedged_modals"]
        if subject is None or (hedged and _is_advice(case, subject[0], words, at)):
            return None
        return Anchor(
            subject[0], subject[1], at + 1, firm=not hedged, needs_due=hedged and subject[0] != "agent"
        )
    if word == "let" and at + 1 < len(words) and words[at + 1].lower == "me":
        return Anchor("agent", words[at].start, at + 2) if _is_care_verb(case, words, at + 2) else None
    return _anchor_by_phrase(case, words, at)


def _subject_before(case: Case, words: tuple[Word, ...], at: int) -> tuple[str, int] | None:
    """The subject before the modal at `at`; 'and will' goes on from the subject of its sentence."""
    if not at:
        return None
    if words[at - 1].lower in case.pack.promise.sets["goes_on"]:
        kind = first_subject(case, words, at - 1)
        return (kind, words[at].start) if kind else None
    return subject_of(case, words, at - 1)


def _is_advice(case: Case, subject: str, words: tuple[Word, ...], at: int) -> bool:
    """'You should check', 'we should have told you': advice or regret, no promise."""
    phrases = case.pack.promise.phrases
    rest = [word.lower for word in words[at + 1 : at + 3]]
    if subject == "you":
        known = bool(rest) and (rest[0] in phrases["you_should"] or " ".join(rest) in phrases["you_should"])
        return not known or rest[-1] == "aware"
    if subject in ("agent", "company"):
        return " ".join(rest) not in phrases["we_should"]
    return rest[:1] == ["have"]


def _is_care_verb(case: Case, words: tuple[Word, ...], at: int) -> bool:
    verb = first_verb(case, words, at)
    return verb is not None and words[verb].lower in case.pack.promise.sets["care_verbs"]


def _anchor_by_phrase(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    promise, lower, start = case.pack.promise, case.draft.lower, words[at].start
    scheduled = promise.begins("scheduled", lower, start)
    if scheduled:
        subject = _subject_before(case, words, at)
        if subject is None or subject[0] == "you":
            return None
        return Anchor(subject[0], subject[1], at, needs_due=True)
    opener = promise.begins("openers", lower, start)
    if opener:
        subject = _subject_before(case, words, at)
        skip = at + len(opener.replace("'", " ").split()) - opener.startswith("'")
        if subject is None and (opener.startswith("please") or (at == 0 and opener.startswith("expect"))):
            return Anchor("you", start, at + opener.startswith("please"), needs_due=True)
        if subject is None or (subject[0] == "you" and "expect" not in opener and "should" not in opener):
            return None
        if subject[0] != "you" and opener.startswith(("can ", "should ", "please ")):
            return None
        hedged = promise.begins("hedges", lower, start) is not None and "can expect" not in opener
        return Anchor(subject[0], subject[1], skip, firm=not hedged, needs_due=subject[0] == "you" or hedged)
    return _progressive(case, words, at)


def _progressive(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    """'I'm sending it today', 'we are going to refund you', 'I call you at ten tomorrow'."""
    sets, word = case.pack.promise.sets, words[at].lower
    head, _, tail = word.partition("'")
    if tail in ("m", "re", "s"):
        subject = subject_of(case, words, at, head)
        verb = at + 1
    elif word in ("am", "are", "is"):
        subject, verb = (subject_of(case, words, at - 1) if at else None), at + 1
    else:
        return None
    if subject is None:
        return None
    while verb < len(words) and words[verb].lower in sets["adverbs"]:
        verb += 1
    if verb + 1 < len(words) and words[verb].lower == "going" and words[verb + 1].lower == "to":
        return Anchor(subject[0], subject[1], verb + 2)
    if (
        verb < len(words)
        and words[verb].lower in sets["care_ings"]
        and subject[0] in ("agent", "company", "team")
    ):
        return Anchor(subject[0], subject[1], verb, needs_due=True)
    return None


def _promises(
    case: Case, sentence: Sentence, words: tuple[Word, ...], anchor: Anchor, limit: int, floor: int
) -> Iterator[Commitment]:
    verb = first_verb(case, words, anchor.verb)
    if verb is None or words[verb].start >= limit or not _promised(case, words, anchor, verb):
        return
    end = clause_end(case, words[verb].end, limit)
    condition = condition_of(case, sentence, floor, anchor.start, words[verb].end, end)
    pieces = pieces_of(case, words, words[verb].start, end) if anchor.subject in ("agent", "company") else []
    pieces = pieces or [(words[verb].start, end)]
    for place, (start, stop) in enumerate(pieces):
        front = floor if place == 0 else start
        due = due_of(case, front, stop, condition, anchor.start if place == 0 else start)
        if due is not None and anchor.subject in ("agent", "company") and _takes(case, due):
            due = None
        if anchor.needs_due and (due is None or (due.due is None and not due.span)):
            continue
        begin = anchor.start if place == 0 else start
        if due is not None and front <= due.start < begin:
            begin = due.start
        begin, stop = tidy(case, begin, max(stop, due.end if due else stop))
        yield Commitment(
            start=begin,
            end=stop,
            quote=case.draft.quote(begin, stop),
            action=_action(case, start, stop, due, condition),
            who=_who(anchor.subject),
            due=due.due if due else None,
            due_text=case.draft.quote(due.start, due.end) if due else None,
            condition=case.draft.quote(*condition) if condition else None,
            firm=anchor.firm and not _hedged(case, floor, stop, condition),
        )


def _takes(case: Case, due: Moment) -> bool:
    """'I will fill it in, which takes ten minutes': no time by which it is done."""
    return case.draft.lower.startswith("tak", due.start)


def _promised(case: Case, words: tuple[Word, ...], anchor: Anchor, verb: int) -> bool:
    """Whether subject and verb together make a promise of ours."""
    promise, sets = case.pack.promise, case.pack.promise.sets
    between = words[anchor.verb : verb + 1]
    if any(word.lower in sets["negations"] or word.lower.endswith("n't") for word in between):
        return False
    at = words[anchor.verb].start if anchor.verb < len(words) else words[verb].start
    lower, first = case.draft.lower, words[verb].lower
    if any(promise.begins("not_after", lower, place) for place in {at, words[verb].start}):
        return False
    after = words[verb + 1].lower if verb + 1 < len(words) else ""
    if after in sets["to_us"] and first not in sets["takes"] and anchor.subject not in ("agent", "company"):
        return False  # "they will ring me"
    if anchor.subject in ("agent", "company"):
        return (first not in sets["not_verbs"] and first not in sets["past_helpers"]) or anchor.needs_due
    if anchor.subject == "you":
        return _you_get(case, words, anchor, verb)
    if anchor.subject in OUTCOME:
        if "be" in (word.lower for word in between):
            return first in sets["be_what"] or first.endswith(("ed", "en")) or first == "be"
        return first in sets["outcome_verbs"] or anchor.needs_due
    return True


def _you_get(case: Case, words: tuple[Word, ...], anchor: Anchor, verb: int) -> bool:
    sets = case.pack.promise.sets
    after = [word.lower for word in words[anchor.verb : verb + 2]]
    if "be" in after[:2]:
        return any(word in sets["you_get_passive"] for word in after)
    return words[verb].lower in sets["you_get"] or anchor.needs_due


def _who(subject: str) -> Who:
    if subject == "agent":
        return "agent"
    return "third_party" if subject == "third_party" else "company"


def _hedged(case: Case, start: int, end: int, condition: tuple[int, int] | None) -> bool:
    hedge = case.pack.promise.first("hedges", case.draft.lower, start, end)
    if hedge is None:
        return False
    return not (condition and condition[0] <= hedge[0] < condition[1])


def _action(case: Case, start: int, end: int, due: Moment | None, condition: tuple[int, int] | None) -> str:
    """What is promised, without its moment and condition."""
    gaps = sorted(span for span in (condition, (due.start, due.end) if due else None) if span)
    pieces, at = [], start
    for gap_start, gap_end in gaps:
        if start <= gap_start < end:
            pieces.append(case.draft.raw[at:gap_start])
            at = max(at, gap_end)
    pieces.append(case.draft.raw[at:end])
    return " ".join(" ".join(pieces).split()).strip(" ,.;:!-–—")
