"""Promises in the draft: who will do what by when, found by an own grammar of subjects, modals and verbs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from goodword.coach.case import Case
from goodword.coach.readers.promise_anchors import anchors
from goodword.coach.readers.promise_kinds import kind_of
from goodword.coach.readers.promise_parts import (
    Anchor,
    by_moment,
    clause_end,
    condition_of,
    due_of,
    first_verb,
    pieces_of,
    tidy,
)
from goodword.coach.readers.sounding_promises import unpromising
from goodword.coach.results import Commitment, Who
from goodword.coach.text import Sentence, Word
from goodword.coach.when import Moment

OUTCOME = ("thing", "it", "product", "other")
OURS = ("agent", "company")
SAID_OF_THINGS = (*OUTCOME, "nothing", "named")
_HEADING = 20  # a colon so near its first word ends a heading: 'Coming from me: a quote by Friday'


def find_commitments(case: Case) -> list[Commitment]:
    found: list[Commitment] = []
    if case.language != case.pack.name:
        return found
    draft, triggers = case.draft, case.pack.promise.triggers
    if triggers.isdisjoint(draft.word_set) and "'" not in draft.lower and not case.times:
        return found
    for sentence in draft.sentences:
        if draft.raw[sentence.end - 1] == "?" or not _may_promise(case, sentence, triggers):
            continue
        found.extend(_in_sentence(case, sentence))
    return found


def _may_promise(case: Case, sentence: Sentence, triggers: frozenset[str]) -> bool:
    if not triggers.isdisjoint(case.draft.lowers_in(*sentence)) or case.times_in(*sentence):
        return True
    return case.draft.lower.find("'", *sentence) >= 0


def _in_sentence(case: Case, sentence: Sentence) -> Iterator[Commitment]:
    words = case.draft.words_in(*sentence)
    begun = list(anchors(case, sentence, words))
    before: Commitment | None = None
    for place, anchor in enumerate(begun):
        limit = begun[place + 1].start if place + 1 < len(begun) else sentence.end
        before_it = words[begun[place - 1].verb].end if place else sentence.start
        floor = _floor(case, before_it, anchor.start, first=not place)
        for promise in _promises(case, sentence, words, anchor, limit, floor):
            goes_on = before is not None and _goes_on(case, words, promise.start)
            before = _same_day(case, before, promise) if before and goes_on else promise
            yield before


def _goes_on(case: Case, words: tuple[Word, ...], start: int) -> bool:
    """'… and write to you': the verb follows 'and', its subject stands before."""
    lower = case.draft.lower
    joined = lower[max(0, start - 8) : start].split()
    if not joined or joined[-1] not in case.pack.promise.sets["goes_on"]:
        return False
    first = lower[start : start + 24].split()[0]
    return first in case.pack.promise.sets["care_verbs"] or first in case.pack.promise.sets["modals"]


def _same_day(case: Case, before: Commitment, promise: Commitment) -> Commitment:
    """'I'll check it on Friday and write to you': the second is due on that day too."""
    if promise.due_text or not (before.due and before.due_text):
        return promise
    if promise.condition and promise.condition not in (before.condition, *_in_case(case, promise.condition)):
        return promise
    if before.due_text.lower().startswith(case.pack.promise.phrases["deadlines"]):
        return promise
    return replace(promise, due=before.due[:10], due_text=before.due_text)


def _floor(case: Case, start: int, end: int, *, first: bool) -> int:
    """Where the clause of a promise begins: a later one's after a comma or 'and'."""
    lower = case.draft.lower
    if first:
        stop = lower.rfind("; ", start, end)
        return stop + 2 if stop >= 0 else start
    cut = max(lower.rfind(mark, start, end) + len(mark) for mark in (", ", " and ", "; "))
    return cut if cut > start + 1 else end


def _in_case(case: Case, condition: str) -> tuple[str, ...]:
    """'… in case he needs a part' waits for nothing."""
    return (condition,) if condition.lower().startswith(case.pack.promise.phrases["no_wait"]) else ()


def _promises(
    case: Case, sentence: Sentence, words: tuple[Word, ...], anchor: Anchor, limit: int, floor: int
) -> Iterator[Commitment]:
    verb = anchor.verb if anchor.settled else first_verb(case, words, anchor.verb)
    if verb is None or words[verb].start >= limit:
        return
    sure = "sure" if anchor.settled else _promised(case, words, anchor, verb)
    if sure == "no" or (anchor.subject in SAID_OF_THINGS and _only_happens(case, sentence, words, anchor)):
        return
    dated = anchor.needs_due or sure == "dated"
    colon = case.draft.lower.find(": ", words[verb].end, words[verb].end + _HEADING) if anchor.whole else -1
    end = clause_end(case, max(words[verb].end, colon + 2), limit)
    condition = condition_of(case, sentence, floor, anchor.start, words[verb].end, end)
    if condition and anchor.subject == "team" and _is_procedure(case, condition, anchor):
        dated = True
    pieces = pieces_of(case, words, words[verb].start, end) if anchor.subject in OURS else []
    parts = pieces or [(words[verb].start, end)]
    for place, (start, stop) in enumerate(cut for part in parts for cut in by_moment(case, words, *part)):
        front = floor if place == 0 else start
        due = due_of(case, front, stop, condition, anchor.start if place == 0 else start)
        if due is not None and _takes(case, due, anchor.subject):
            due = None
        if dated and (due is None or (due.vague and anchor.firm and not due.span)):
            continue
        begin = anchor.start if place == 0 else start
        if due is not None and front <= due.start < begin:
            begin = due.start
        begin, stop = tidy(case, begin, max(stop, due.end if due else stop))
        whole = place == 0 and (anchor.whole or anchor.subject not in OURS)
        yield Commitment(
            start=begin,
            end=stop,
            quote=case.draft.quote(begin, stop),
            action=_action(case, anchor.start if whole else start, stop, due, condition),
            who=_who(case, anchor.subject, begin, stop),
            due=due.due if due else None,
            due_text=case.draft.quote(due.start, due.end) if due else None,
            condition=case.draft.quote(*condition) if condition else None,
            firm=anchor.firm and not _hedged(case, floor, stop, condition),
            kind=kind_of(case, begin, stop),
        )


def _only_happens(case: Case, sentence: Sentence, words: tuple[Word, ...], anchor: Anchor) -> bool:
    """'Leave it to soak and it will come out', 'keeping it upright will help': it comes of what one does."""
    first = case.draft.lowers_in(anchor.start, sentence.end)[0]
    if unpromising(case, sentence) or (first.endswith("ing") and not first.endswith("thing")):
        return True
    told = words[0].lower in case.pack.given.imperatives and anchor.subject != "thing"
    return told and case.draft.lower.endswith(" and ", sentence.start, anchor.start)


def _is_procedure(case: Case, condition: tuple[int, int], anchor: Anchor) -> bool:
    """'When you return the box, the shop will scan the label': how it goes with everybody."""
    return case.draft.lower.startswith("when you", condition[0]) and case.draft.lower.startswith(
        "the ", anchor.start
    )


def _takes(case: Case, due: Moment, subject: str) -> bool:
    """'I will fill it in, which takes ten minutes', 'it will take an hour to dry': no day by which."""
    takes = case.draft.lower.startswith("tak", due.start)
    before = case.draft.lower[max(0, due.start - 24) : due.start]
    if due.span and due.days is not None and due.days <= 1 and subject not in OURS:
        return takes or " take " in before or " takes " in before
    return takes and subject in OURS


def _promised(case: Case, words: tuple[Word, ...], anchor: Anchor, verb: int) -> str:
    """Whether subject and verb together promise: 'sure', 'no', or 'dated' where a day must be named."""
    promise, sets = case.pack.promise, case.pack.promise.sets
    between = words[anchor.verb : verb + 1]
    if any(word.lower in sets["negations"] or word.lower.endswith("n't") for word in between):
        return "no"
    at = words[anchor.verb].start if anchor.verb < len(words) else words[verb].start
    lower, first = case.draft.lower, words[verb].lower
    if any(promise.begins("not_after", lower, place) for place in {at, words[verb].start}):
        return "no"
    after = words[verb + 1].lower if verb + 1 < len(words) else ""
    if after in sets["to_us"] and first not in sets["takes"] and anchor.subject not in OURS:
        return "no"  # "they will ring me"
    if first == "have" and after == "been":
        done = words[verb + 2].lower if verb + 2 < len(words) else ""
        return "dated" if done in sets["done_to"] else "no"
    if first == "be" and after in sets["glad"]:
        return "sure" if _gladly(case, words, verb + 2) and anchor.subject in OURS else "no"
    if first in sets["past_helpers"] or first in sets["being"] - {"be"}:
        return "dated" if anchor.needs_due and first not in sets["past_helpers"] else "no"
    if anchor.subject in OURS:
        return "sure" if first not in sets["not_verbs"] or anchor.needs_due else "no"
    if anchor.subject == "you":
        return _you_get(case, words, anchor, verb)
    if anchor.subject == "nothing":
        return "sure" if first in sets["nothing_verbs"] else "no"
    if anchor.subject in OUTCOME:
        return _outcome(case, words, anchor, verb)
    if first in sets["idle_verbs"]:
        return "no"
    if anchor.subject == "named":  # a name, or only a word with a capital
        return "sure" if first in sets["care_verbs"] | sets["be_what"] | sets["be_where"] else "dated"
    return "sure"


def _gladly(case: Case, words: tuple[Word, ...], at: int) -> bool:
    """'We will be happy to look into it' names a deed, 'I will be happy to help' does not."""
    rest = [word.lower for word in words[at : at + 2]]
    known = case.pack.promise.sets["care_verbs"] | case.pack.promise.sets["clause_verbs"]
    return len(rest) == 2 and rest[0] == "to" and rest[1] in known - {"help"}


def _outcome(case: Case, words: tuple[Word, ...], anchor: Anchor, verb: int) -> str:
    """What a thing will do or what will be done to it."""
    sets, first = case.pack.promise.sets, words[verb].lower
    if (anchor.subject == "product" and first in sets["machine_verbs"]) or first in sets["idle_things"]:
        return "no"
    if anchor.needs_due:
        return "dated"
    if any(word.lower == "be" for word in words[anchor.verb : verb + 1]):
        if first in sets["done_to"] or (anchor.subject in ("thing", "it") and first.endswith(("ed", "en"))):
            return "sure"
        if anchor.subject in ("thing", "it") and first in sets["be_what"]:
            return "sure"
        if case.draft.lower.startswith("there", anchor.start):
            return "sure" if _there_is(case, words, verb) else "no"
        known = first in sets["be_what"] or first in sets["be_where"]
        return "dated" if known or not case.times_in(words[verb].start, words[verb].end) else "no"
    if first in sets["takes"]:
        return "dated"
    if anchor.subject == "it":
        return "sure" if first in sets["outcome_verbs"] else "dated" if first in sets["thing_verbs"] else "no"
    if anchor.subject == "thing" and (first in sets["thing_verbs"] or first in sets["outcome_verbs"]):
        return "sure"
    if anchor.subject == "product":
        return "sure" if first in sets["strong_verbs"] else "dated"
    known = first in sets["outcome_verbs"] | sets["thing_verbs"] | sets["care_verbs"]
    return "dated" if known else "no"


def _there_is(case: Case, words: tuple[Word, ...], verb: int) -> bool:
    """'There will be a credit on your bill'."""
    sets = case.pack.promise.sets
    near = {word.lower for word in words[verb : verb + 5]}
    if not near.isdisjoint(sets["costs"]):
        return False
    return not near.isdisjoint(sets["things"]) or not near.isdisjoint(sets["teams"])


def _you_get(case: Case, words: tuple[Word, ...], anchor: Anchor, verb: int) -> str:
    sets = case.pack.promise.sets
    after = [word.lower for word in words[anchor.verb : verb + 2]]
    if "be" in after[:2]:
        if any(word in sets["you_get_passive"] for word in after):
            return "sure"
        return "dated" if any(word in sets["you_are_dated"] for word in after) else "no"
    first, second = words[verb].lower, after[-1]
    if first == "have" and (second.endswith("ed") or second in sets["had"]):
        return "no"  # "you'll have noticed"
    if first in sets["you_get"] or anchor.needs_due:
        return "sure"
    if first not in sets["you_find"]:
        return "no"
    near = {word.lower for word in words[verb : verb + 9]}
    return "dated" if sets["where_seen"].isdisjoint(near) else "sure"


def _who(case: Case, subject: str, start: int, end: int) -> Who:
    if subject == "agent" or case.pack.promise.first("by_me", case.draft.lower, start, end):
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
