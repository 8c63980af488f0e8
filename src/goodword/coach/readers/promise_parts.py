"""The parts of a promise: its subject, its verb, where its clause ends, its condition and its due moment."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from goodword.coach.case import Case
from goodword.coach.text import Sentence, Word
from goodword.coach.when import Moment

Span = tuple[int, int]
Subject = tuple[str, int]  # its kind and where it starts
_LEAD = 12  # letters before a day that stands first: 'So, by Friday …'
_FAR = 10  # words looked back for the head of a subject


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a promise begins: its subject and the place of the word after the modal.

    `needs_due`: a promise only with a day or hour. `settled`: subject and verb are known to go together.
    `whole`: the action is all of it, from its first word.
    """

    subject: str
    start: int
    verb: int
    firm: bool = True
    needs_due: bool = False
    settled: bool = False
    whole: bool = False


def opens_clause(case: Case, words: tuple[Word, ...], at: int) -> bool:
    """Whether word `at` is the first of its sentence, or follows a mark of punctuation or a joining word."""
    if at == 0:
        return True
    if _broken(case.draft.raw[words[at - 1].end : words[at].start]):
        return True
    return words[at - 1].lower in case.pack.promise.sets["clause_leads"]


def subject_of(case: Case, words: tuple[Word, ...], at: int, word: str = "") -> Subject | None:
    """The kind of the subject that ends at word `at`, and where it starts; None when it promises nothing.

    Kinds: agent, company, you, it, thing, product, other, nothing, team, named, third_party.
    """
    sets = case.pack.promise.sets
    while (
        at >= 0
        and not word
        and words[at].lower in sets["adverbs"]
        and words[at].lower not in ("that", "all", "both")
    ):
        at -= 1
    if at < 0:
        return None
    word = word or words[at].lower
    start = words[at].start
    for kind in ("agent", "company", "you"):
        if word in sets[kind]:
            return None if kind == "you" and at and words[at - 1].lower == "as" else (kind, start)
    if word in sets["it"]:
        if at and words[at - 1].lower in sets["negations"]:
            return None
        if word in sets["people"]:
            return "team", start
        return ("it", start) if word not in ("there", "which") else ("thing", start)
    if word == "who" and at and "," in case.draft.raw[words[at - 1].end : start]:
        return ("team", start) if words[0].lower not in sets["told_to"] else None
    if word == "nothing":
        return "nothing", start
    return _noun_subject(case, words, at, word)


def first_subject(case: Case, words: tuple[Word, ...], end: int) -> str | None:
    """The kind of the first subject in `words[:end]`: of the clause that an 'and will' goes on from."""
    sets = case.pack.promise.sets
    for word in words[: min(end, _FAR)]:
        for kind in ("agent", "company", "you"):
            if word.lower in sets[kind]:
                return kind
        found = _better_kind(case, None, word.lower)
        if found or word.lower in sets["it"]:
            return found or ("team" if word.lower in sets["people"] else "it")
        if word.lower in sets["subject_stops"] and word is not words[0]:
            break
    capital = end and case.draft.raw[words[0].start].isupper() and words[0].lower not in sets["names_never"]
    return "named" if capital and words[0].lower not in sets["subject_stops"] else None


def _noun_subject(case: Case, words: tuple[Word, ...], at: int, word: str) -> Subject | None:
    """Look back through the noun phrase: 'the refund of £24', 'a colleague from billing', 'Priya'."""
    sets, raw = case.pack.promise.sets, case.draft.raw
    kind: str | None = None
    start, opened = words[at].start, False
    if word in sets["never_subjects"] or word in sets["no_subject"]:
        return None
    for place in range(at, max(-1, at - _FAR), -1):
        here = word if place == at else words[place].lower
        if place < at and _broken(raw[words[place].end : words[place + 1].start]):
            break
        if here in sets["negations"]:
            return ("nothing", words[place].start) if here in ("no", "nothing") else None
        if place < at and here in sets["subject_stops"]:
            break
        kind = _better_kind(case, kind, here)
        start = words[place].start
        if here in sets["determiners"] or here.isdigit():
            opened = True
            if not (place and words[place - 1].lower in sets["of"]):
                break
    if kind in ("team", "third_party"):
        everyone = case.draft.lower.startswith(case.pack.promise.phrases["everyone"], start)
        return None if everyone else (kind, start)
    if word in sets["products"]:
        return "product", start
    if kind:
        return kind, start
    if raw[words[at].start].isupper() and word not in sets["names_never"]:
        return "named", words[at].start
    return ("other", start) if opened else None


def _better_kind(case: Case, kind: str | None, word: str) -> str | None:
    """The kind of a noun phrase so far, with `word` added to its left: a person outdoes a thing."""
    sets = case.pack.promise.sets
    one = word[:-1] if word.endswith("s") else word
    for name, found in (("third_parties", "third_party"), ("teams", "team"), ("things", "thing")):
        if (word in sets[name] or one in sets[name]) and (
            kind is None or (kind == "thing" and found != "thing")
        ):
            return found
    return kind


def _broken(gap: str) -> bool:
    return any(char in gap for char in ",;:()—–!") or "\n\n" in gap


def first_verb(case: Case, words: tuple[Word, ...], at: int) -> int | None:
    """The place of the first word after `at` that is no adverb; None when the clause ends first."""
    sets = case.pack.promise.sets
    past = 0
    for place in range(at, min(len(words), at + _FAR)):
        word = words[place].lower
        if place < past or word in sets["adverbs"] or _is_adverb(word):
            continue
        if word in sets["asides"] and place and "," in _gap(case, words, place):
            past = _aside_end(case, words, place)
            if past > place:
                continue
        return place
    return len(words) - 1 if at < len(words) else None


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") and len(word) > 4 and word != "reply"


def _aside_end(case: Case, words: tuple[Word, ...], at: int) -> int:
    """The word after 'as a small thank-you, ' set between commas; `at` where no comma closes it."""
    for place in range(at + 1, min(len(words), at + _FAR)):
        if "," in _gap(case, words, place):
            return place
    return at


def _gap(case: Case, words: tuple[Word, ...], place: int) -> str:
    """What stands before word `place`."""
    return case.draft.raw[words[place - 1].end : words[place].start]


def clause_end(case: Case, start: int, limit: int) -> int:
    """Where the clause that goes on at `start` ends, at `limit` at the latest."""
    return case.pack.promise.first_mark("clause_ends", case.draft.lower, start, limit)


def pieces_of(case: Case, words: tuple[Word, ...], start: int, end: int) -> list[Span]:
    """Cut 'check this and call you by five' into its promises, at 'and' or a comma before a verb."""
    sets, lower = case.pack.promise.sets, case.draft.lower
    cuts: list[int] = []
    inside = words[bisect_left(words, (start,)) : bisect_left(words, (end,))]
    for one, two, three in zip(inside, inside[1:], [*inside[2:], None], strict=False):
        joined = one.lower == "and" or "," in lower[one.end : two.start]
        verb = two if two.lower not in sets["adverbs"] or two.lower in ("make", "ensure") else three
        if two.lower == "and":
            continue
        if (
            joined
            and verb is not None
            and verb.lower in sets["care_verbs"]
            and not _noun_use(lower, verb, one)
        ):
            cuts.append(two.start)
    edges = [start, *cuts]
    return [(at, edges[place + 1] if place + 1 < len(edges) else end) for place, at in enumerate(edges)]


def by_moment(case: Case, words: tuple[Word, ...], start: int, end: int) -> list[Span]:
    """Cut 'the lease by tonight, the keys on 5 December' in two: what has a day of its own is one promise."""
    moments = [moment for moment in case.times_in(start, end) if not moment.vague]
    cuts = []
    for one, two in pairwise(moments):
        between = words[bisect_left(words, (one.end,)) : bisect_left(words, (two.start,))]
        if case.draft.lower[one.end : one.end + 1] != "," and (not between or between[0].lower != "and"):
            continue
        own = [word for word in between if word.lower not in case.pack.promise.sets["no_item"]]
        if own and any(word.lower in case.pack.promise.sets["item_leads"] for word in between):
            cuts.append(between[0].start)
    edges = [start, *cuts, end]
    return list(pairwise(edges))


def _noun_use(lower: str, verb: Word, before: Word) -> bool:
    """'your order and post code', 'call or text': the verb's form used as a noun."""
    after = lower[verb.end : verb.end + 1]
    return after in (".", ",", "'") and before.lower != "and"


def condition_of(
    case: Case, sentence: Sentence, floor: int, subject: int, verb_end: int, end: int
) -> Span | None:
    """'If you send the photo, …' before the subject, or '… once it is back' after the verb."""
    promise, lower = case.pack.promise, case.draft.lower
    before = promise.first("conditions", lower, floor, subject)
    if before is not None and (not _asks(case, before[0]) or lower.endswith(" and ", 0, before[0])):
        comma = lower.find(",", before[0], subject)
        stop = subject if comma < 0 or lower.find(",", comma + 1, subject) >= 0 else comma
        return tidy(case, before[0], stop)
    after = promise.first("conditions", lower, verb_end, end)
    if after is not None and not _asks(case, after[0]):
        comma = lower.find(", ", after[0], end)
        return tidy(case, after[0], comma if comma >= 0 else end)
    return None


def _asks(case: Case, at: int) -> bool:
    """'see if', 'ask whether': no condition."""
    before = case.draft.lower[max(0, at - 12) : at].split()
    return bool(before) and before[-1] in case.pack.promise.phrases["asks"]


def due_of(case: Case, start: int, end: int, condition: Span | None, subject: int) -> Moment | None:
    """The moment by which it is to happen; one inside the condition does not count."""
    inside = [
        moment
        for moment in case.times_in(start, end)
        if not (condition and condition[0] <= moment.start < condition[1])
        and (moment.start >= subject or _fronted(case, moment, start, subject))
        and not case.draft.lower.endswith(case.pack.promise.phrases["only_after"], start, moment.start)
    ]
    if not inside:
        return None
    after = [moment for moment in inside if moment.start >= subject]
    chosen = next((m for m in after if not m.vague), None) or next((m for m in inside if not m.vague), None)
    if chosen is None:
        return (after or inside)[-1]
    chosen = _later_choice(case, chosen, inside)
    waits = condition is not None and case.draft.lower.startswith(
        case.pack.promise.phrases["waits"], condition[0]
    )
    if chosen.span and waits:
        return Moment(chosen.start, chosen.end, None, span=True)
    if chosen.span and case.draft.lower.startswith(case.pack.promise.phrases["counts_from"], chosen.end):
        stop = clause_end(case, chosen.end, end)
        return Moment(chosen.start, tidy(case, chosen.start, stop)[1], None, span=True)
    return chosen


def _fronted(case: Case, moment: Moment, start: int, subject: int) -> bool:
    """'By Friday you will have it': the day stands first in the clause, or right before its subject."""
    gap = case.draft.lower[moment.end : subject]
    return moment.start - start <= _LEAD or (gap.count(" ") <= 2 and " and" not in gap)


def _later_choice(case: Case, chosen: Moment, inside: list[Moment]) -> Moment:
    """'Monday or Tuesday': the later of the two."""
    for other in inside:
        gap = case.draft.lower[chosen.end : other.start]
        if other.start > chosen.end and gap.strip() in case.pack.promise.phrases["or_later"]:
            return Moment(chosen.start, other.end, other.due, span=other.span)
    return chosen


def tidy(case: Case, start: int, end: int) -> Span:
    """The span without white space, joining words and punctuation at its ends."""
    raw, lower = case.draft.raw, case.draft.lower
    while start < end and (raw[start].isspace() or raw[start] in ",;:-–—"):
        start += 1
    again = True
    while again and start < end:
        again = False
        while end > start and (raw[end - 1].isspace() or raw[end - 1] in ",;:.!-–—"):
            end -= 1
        for word in case.pack.promise.phrases["joins"]:
            if lower.endswith(word, start, end):
                end -= len(word)
                again = True
    return start, end
