"""Promises without a modal: 'the screws go out today', 'I fit it on Monday', 'back to you by noon'."""

from __future__ import annotations

from goodword.coach.case import Case
from goodword.coach.readers.promise_parts import (
    Anchor,
    Subject,
    clause_end,
    first_subject,
    opens_clause,
    subject_of,
)
from goodword.coach.readers.sounding_promises import promising
from goodword.coach.text import Sentence, Word

_FAR_AHEAD = 5  # words looked ahead for what the customer gets


def present_anchor(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    """A promise whose verb, in the present, stands at word `at`; most of them need a day."""
    sets, word = case.pack.promise.sets, words[at].lower
    if word in sets["clause_starts"] and opens_clause(case, words, at):
        anchor = _fragment(case, words, at)
        if anchor is not None:
            return anchor
    if word == "follow" and at and words[at - 1].lower == "to":
        return _to_follow(case, words, at)
    if word in sets["we_and_i"]:
        return _we_do(case, words, at)
    if not at or word not in sets["present"]:
        return None
    subject = _subject(case, words, at)
    if subject is not None and case.pack.promise.begins("to_you", case.draft.lower, words[at].start):
        return Anchor(subject[0], subject[1], at, settled=True)
    if subject is None or _is_subordinate(case, words, subject[1]):
        return None
    kind, start = subject
    if kind == "you":
        return _you_get(case, words, at, start)
    if not _fits(case, words, at, subject):
        return None
    return Anchor(kind, start, at, needs_due=not _is_gift(case, words, at, kind), settled=True)


def _we_do(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    """'We move everyone to the barn on Friday': any verb in the present, with a day of its own."""
    sets, verb = case.pack.promise.sets, at + 1
    while verb < len(words) and words[verb].lower in sets["plain_adverbs"]:
        verb += 1
    if verb >= len(words) or _is_subordinate(case, words, words[at].start):
        return None
    word = words[verb].lower
    if word in sets["no_deeds"] or word in sets["not_present"] or word.endswith(("ed", "ing", "n't", "ly")):
        return None
    stop = clause_end(case, words[verb].end, words[-1].end)
    said = {one.lower for one in words[at:] if one.start < stop}
    if not sets["habits"].isdisjoint(said):
        return None
    kind = "agent" if words[at].lower == "i" else "company"
    gift = _is_gift(case, words, verb, kind) or promising(case, words[at].start)
    return Anchor(kind, words[at].start, verb, needs_due=not gift, settled=True)


def _subject(case: Case, words: tuple[Word, ...], at: int) -> Subject | None:
    sets, place = case.pack.promise.sets, at - 1
    while place > 0 and words[place].lower in sets["plain_adverbs"]:
        place -= 1
    before = words[place].lower
    if before == "us" and place > 1 and words[place - 1].lower == "of":
        return "company", words[place - 2].start  # 'two of us'
    if before in sets["no_subject"] or before.endswith(("'d", "n't", "'ve", "'ll")):
        return None
    if before in sets["goes_on"]:
        kind = first_subject(case, words, place)
        return (kind, words[at].start) if kind else None
    if before == "who":
        return "team", words[place].start
    return subject_of(case, words, place)


def _is_subordinate(case: Case, words: tuple[Word, ...], start: int) -> bool:
    """'When we deliver on Saturday', 'the box that we send': said beside, not promised."""
    before = case.draft.lower[max(words[0].start, start - 24) : start].split()
    if not before or before[-1] not in case.pack.promise.sets["subordinators"]:
        return False
    return before[-1] != "that" or before[-2:-1] not in (["word"], ["promise"], ["assured"], ["sure"])


def _fits(case: Case, words: tuple[Word, ...], at: int, subject: Subject) -> bool:
    """Whether subject and verb go together: 'I send', 'the engineer comes', 'your card reaches you'."""
    sets, word, (kind, start) = case.pack.promise.sets, words[at].lower, subject
    if kind in ("agent", "company"):
        return word not in sets["not_present"]
    named = {one.lower for one in words if start <= one.start < words[at].start}
    if not _agrees(case, words, at, start) or not sets["vague_many"].isdisjoint(named):
        return False
    stop = clause_end(case, words[at].end, words[-1].end)
    said = {one.lower for one in words[at : at + 14] if one.start < stop}
    if not sets["habits"].isdisjoint(said | named):
        return False
    if words[at - 1].lower in sets["timetabled"] and said.isdisjoint(("you", "us")):
        return False
    if kind == "product" and word not in sets["strong_verbs"]:
        return False
    if kind == "named" and start != words[0].start and word in sets["thing_verbs"]:
        return True
    if kind == "named":
        return word in sets["person_verbs"]
    if word in sets["deeds_of_one"] and words[at - 1].lower not in sets["determiners"]:
        return promising(case, start)
    if kind in ("team", "third_party"):
        return word in sets["person_verbs"] or word in sets["thing_verbs"] or _takes_it(case, words, at)
    if word not in sets["thing_verbs"]:
        return False
    return word in sets["strong_verbs"] or not sets["ours_or_yours"].isdisjoint(said | named)


def _takes_it(case: Case, words: tuple[Word, ...], at: int) -> bool:
    """'The courier takes it along': a deed with something of the customer's."""
    sets, after = case.pack.promise.sets, words[at + 1].lower if at + 1 < len(words) else ""
    return words[at].lower in sets["deed_verbs"] and after in sets["the_case"]


def _agrees(case: Case, words: tuple[Word, ...], at: int, start: int) -> bool:
    """'The fitter comes', 'the screws go': 'the fitter call' is no subject with its verb."""
    sets = case.pack.promise.sets
    if words[at].lower.endswith("s") or start == words[at].start:
        return True
    head = next((word for word in reversed(words[:at]) if word.lower not in sets["plain_adverbs"]), words[at])
    several = any(one.lower.endswith("s") for one in words[:at] if one.start >= start)
    return several or head.lower in sets["plural"]


def _is_gift(case: Case, words: tuple[Word, ...], at: int, kind: str) -> bool:
    """'We pay for that too', 'the driver rings you before he comes': a promise without a day."""
    sets, after = case.pack.promise.sets, [word.lower for word in words[at + 1 : at + 4]]
    stop = clause_end(case, words[at].end, words[-1].end)
    said = {word.lower for word in words if words[at].start < word.start < stop}
    if not sets["habits"].isdisjoint(said | {words[at - 1].lower}):
        return False
    if kind in ("agent", "company"):
        if words[at].lower in sets["paying"] and not sets["the_case"].isdisjoint(after):
            return True
        theirs = words[at].lower in sets["care_verbs"] and not sets["the_case"].isdisjoint(after)
        return (
            theirs and case.pack.promise.first("for_you", case.draft.lower, words[at].end, stop) is not None
        )
    return kind == "team" and words[at].lower in sets["calling"] and after[:1] == ["you"]


def _you_get(case: Case, words: tuple[Word, ...], at: int, start: int) -> Anchor | None:
    """'You get a full refund to your card'."""
    sets = case.pack.promise.sets
    if words[at].lower not in sets["getting"]:
        return None
    after = {word.lower for word in words[at + 1 : at + 1 + _FAR_AHEAD]}
    if sets["gifts"].isdisjoint(after):
        return None
    return Anchor("you", start, at, settled=True)


def _fragment(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    """'Back to you by noon', 'More from me at four', 'Coming from me: a quote by Friday'."""
    promise = case.pack.promise
    lead = promise.begins("fragments", case.draft.lower, words[at].start)
    if lead is None and words[at].lower not in promise.sets["care_ings"]:
        return None
    return Anchor("agent", words[at].start, at, needs_due=True, settled=True, whole=True)


def _to_follow(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    """'Refund to follow': a heading with no verb of its own."""
    sets, first = case.pack.promise.sets, at - 1
    while first and not opens_clause(case, words, first):
        first -= 1
    said = {word.lower for word in words[first : at - 1]}
    if first >= at - 1 or not sets["finite"].isdisjoint(said) or sets["things"].isdisjoint(said):
        return None
    return Anchor("company", words[first].start, at, settled=True, whole=True)


def verbless_anchor(case: Case, sentence: Sentence, words: tuple[Word, ...]) -> Anchor | None:
    """'£41.30 back to your card by Tuesday': what goes where by when, with no verb at all."""
    moments = case.times_in(sentence.start, sentence.end)
    if not moments or moments[0].vague:
        return None
    promise, lower = case.pack.promise, case.draft.lower
    if promise.first("goes_where", lower, sentence.start, moments[0].start + 1) is None:
        return None
    said = {word.lower for word in words if word.start < moments[0].start}
    if not promise.sets["finite"].isdisjoint(said) or any("'" in word for word in said):
        return None
    return Anchor("company", words[0].start, 0, needs_due=True, settled=True, whole=True)
