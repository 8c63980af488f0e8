"""Which sentences of a reply show that the customer was understood, and of what they speak.

Recognised by structure, not by sentence: an apology that says for what, a judgement on what happened, words
that say the customer is right, good wishes, or the customer's own words for the hardship said back to them.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from goodword.coach.case import Case
from goodword.coach.hardships import Hardship, hardships
from goodword.coach.learned import said
from goodword.coach.text import Sentence

# Without any of these no sentence acknowledges, unless it sounds so.
_ACKNOWLEDGING = tuple(
    f"ack.{sign}" for sign in ("sorry", "wishes", "judges", "accepts", "winces", "retells", "owns", "eases")
)
_NO_STATEMENT = ("refusal", "instruction", "clarifying_question", "greeting", "closing")
_NOT_SAID_BACK = (*_NO_STATEMENT, "thanks", "option")
_NOT_TOLD = (*_NOT_SAID_BACK, "commitment", "reassurance")
_MOST_AFTER_SORRY = 60
_MOST_BARE = 6
_CLAUSE = 5  # as many words make what follows 'sorry' a clause
_BESIDE = 25  # how far around the words of a hardship its own words reach


class Acknowledgement(NamedTuple):
    """One sentence; `warm` when it judges, understands or wishes, and does not only apologise."""

    sentence: Sentence
    place: int
    warm: bool


def acknowledgements(case: Case) -> list[Acknowledgement]:
    return case.once("acknowledgements", _acknowledgements)


def takes_up(case: Case, hardship: Hardship) -> bool:
    """Whether the draft acknowledges `hardship`.

    A grave one must be spoken of; for a middling one warm words will do, for a light one any honest apology.
    """
    found = acknowledgements(case)
    if says_back(case, hardship):
        return True
    if (found and hardship.met == "any") or case.marks.has("ack.deep"):
        return True
    if hardship.met == "warm" and any(one.warm for one in found):
        return True
    if hardship.name in case.pack.data["empathy"]["eased"] and case.marks.has("ack.eases"):
        return True
    return any(speaks_of_it(case, one, hardship) for one in found)


def is_hollow(case: Case, sentence: Sentence) -> bool:
    """An acknowledgement in words that fit anybody, with nothing of the case beside them."""
    tags = case.pack.data["empathy"]["hollow"]
    spans = [span for tag in tags for span in case.marks.within(tag, sentence.start, sentence.end)]
    if not spans:
        return False
    text, known = case.draft, _their_stems(case)
    first, last = text.places(sentence.start, sentence.end)
    empty = case.pack.data["empathy"]["empty"]
    return not any(
        text.own_stems[at] in known and text.lowers[at] not in empty
        for at in range(first, last)
        if not any(start <= text.starts[at] < end for start, end in spans)
    )


def _their_stems(case: Case) -> frozenset[str]:
    return case.once("their_stems", lambda case: frozenset(case.customer.own_stems) - {""})


def _acknowledgements(case: Case) -> list[Acknowledgement]:
    found: list[Acknowledgement] = []
    warm_from = case.pack.data["empathy"]["sounds"]["warm"]
    if not case.marks.has(*_ACKNOWLEDGING) and said(case).most("ack") < warm_from:
        return found
    for place, act in enumerate(case.acts):
        sentence = Sentence(act.start, act.end)
        warm = _warmth(case, sentence, act.act)
        if warm is not None:
            found.append(Acknowledgement(sentence, place, warm))
        elif place and _is_bare_sorry(case, sentence):
            before = Sentence(case.acts[place - 1].start, case.acts[place - 1].end)
            told = case.acts[place - 1].act not in _NOT_TOLD and case.draft.raw[before.end - 1] != "?"
            if told and _shared(case, before, _their_stems(case)) >= 2:
                found.append(Acknowledgement(before, place - 1, True))
    return found


def _is_bare_sorry(case: Case, sentence: Sentence) -> bool:
    """'I'm sorry.' and no more: what it is for stands in the sentence before it, or nowhere."""
    first, last = case.draft.places(*sentence)
    begins = case.marks.first_within("ack.sorry", *sentence)
    return begins is not None and (last - first <= _MOST_BARE or is_hollow(case, sentence))


def _warmth(case: Case, sentence: Sentence, act: str) -> bool | None:
    """True for warm words, False for a mere apology, None for a sentence that acknowledges nothing."""
    if case.draft.raw[sentence.end - 1] == "?" or _is_cheer(case, sentence) or is_hollow(case, sentence):
        return None
    if case.marks.any_within(case.pack.data["empathy"]["half"], *sentence):
        return None
    start, end = sentence
    conditional = case.draft.lower.startswith("if ", start)
    if not conditional and case.marks.first_within("ack.wishes", start, end):
        return True
    words = case.draft.lowers_in(*sentence)
    if not words or words[0] in case.pack.data["empathy"]["no_beginning"]:
        return None
    sorry = _sorry_for_something(case, sentence)
    stated = act not in _NO_STATEMENT or sorry
    if stated and (_judges(case, sentence) or case.marks.first_within("ack.accepts", start, end)):
        return True
    winces = case.marks.first_within("ack.winces", start, end)
    if winces and _shared(case, sentence, _their_stems(case)):
        return True
    if stated and (_retells(case, sentence) or (sorry and _sorry_for_them(case, sentence))):
        return True
    if act not in _NOT_SAID_BACK and _sounds_warm(case, sentence):
        return True
    plain = sorry or case.marks.any_within(("ack.owns", "ack.eases"), start, end)
    return False if plain else None


def _sounds_warm(case: Case, sentence: Sentence) -> bool:
    """The sentence sounds like an acknowledgement, in whatever words."""
    told = said(case)
    chances = told.chances("ack")
    place = bisect_left(told.sentences, sentence)
    enough: float = case.pack.data["empathy"]["sounds"]["warm"]
    return place < len(chances) and told.sentences[place] == sentence and chances[place] >= enough


def _is_cheer(case: Case, sentence: Sentence) -> bool:
    return "!!" in case.draft.raw[sentence.start : sentence.end] or bool(
        case.marks.first_within("cheer.smile", sentence.start, sentence.end)
    )


def _judges(case: Case, sentence: Sentence) -> bool:
    """A judging word that is not denied: 'that is hard', and not 'don't worry'."""
    undo = case.pack.data["empathy"]["denials"]
    for start, _ in case.marks.within("ack.judges", sentence.start, sentence.end):
        before = case.draft.lowers_in(max(sentence.start, start - 30), start)[-2:]
        if not any(word in undo for word in before):
            return True
    return False


def _retells(case: Case, sentence: Sentence) -> bool:
    """'You waited in for us' says back what happened; 'if you had a photo' does not."""
    told = case.marks.first_within("ack.retells", sentence.start, sentence.end)
    if told is None or case.draft.lower.startswith("if ", sentence.start):
        return False
    return any(_shared(case, sentence, _core(case, one)) for one in hardships(case))


def _core(case: Case, hardship: Hardship) -> set[str]:
    """The words for the hardship and those right beside them."""
    return case.customer.own_stems_in(
        max(hardship.sentence.start, hardship.start - _BESIDE),
        min(hardship.sentence.end, hardship.end + _BESIDE),
    )


def _sorry_for_something(case: Case, sentence: Sentence) -> bool:
    """An apology that names what it is for, in words of its own or in a whole clause, without an 'if'."""
    text, data = case.draft, case.pack.data["empathy"]
    for _, end in case.marks.within("ack.sorry", sentence.start, sentence.end):
        first, last = text.places(end, min(sentence.end, end + _MOST_AFTER_SORRY))
        after = text.lowers[first:last]
        if after and after[0] in data["half_apologies"]:
            continue
        if any(text.own_stems[at] and text.lowers[at] not in data["empty"] for at in range(first, last)):
            return True
        if len(after) >= _CLAUSE and after[0] in data["clause_begins"]:
            return True
        if _shared(case, sentence, _their_stems(case)) > 0:
            return True
    return False


def _sorry_for_them(case: Case, sentence: Sentence) -> bool:
    """'Sorry that nobody wrote to you': the apology is for what it did to the customer, in a whole clause."""
    data = case.pack.data["empathy"]
    for _, end in case.marks.within("ack.sorry", sentence.start, sentence.end):
        after = case.draft.lowers_in(end, min(sentence.end, end + _MOST_AFTER_SORRY))
        begins = bool(after) and after[0] in data["clause_begins"]
        if begins and len(after) >= _CLAUSE and not set(after).isdisjoint(data["persons"]):
            return True
    return False


def _shared(case: Case, sentence: Sentence, stems: frozenset[str] | set[str]) -> int:
    """How many of `stems` the sentence has, leaving out words that say nothing of the case."""
    first, last = case.draft.places(sentence.start, sentence.end)
    return len(stems.intersection(case.once("telling stems", _telling_stems)[first:last]))


def _telling_stems(case: Case) -> list[str]:
    """The stem of each word of the draft, empty for one that says nothing of the case."""
    empty = case.pack.data["empathy"]["empty"]
    text = case.draft
    return ["" if word in empty else stem for word, stem in zip(text.lowers, text.own_stems, strict=True)]


def speaks_of_it(case: Case, one: Acknowledgement, hardship: Hardship) -> bool:
    """The acknowledgement (if warm, a sentence beside it) has a word of the hardship or of its kind."""
    reach = 1 if one.warm else 0
    near = case.acts[max(0, one.place - reach) : one.place + reach + 1]
    words = _core(case, hardship)
    kind = case.pack.data["empathy"]["taken_up"].get(hardship.name, [])
    return any(
        _shared(case, Sentence(act.start, act.end), words) > 0
        or (one.warm and case.marks.any_within(kind, act.start, act.end))
        for act in near
    ) or (one.warm and _speaks_of_somebody(case, one.sentence))


def _speaks_of_somebody(case: Case, sentence: Sentence) -> bool:
    """'That must have been hard for her': somebody whom only the customer can have brought up."""
    somebody = case.pack.data["empathy"]["somebody"]
    return not set(case.draft.lowers_in(*sentence)).isdisjoint(somebody)


def says_back(case: Case, hardship: Hardship) -> bool:
    """A plain statement that says the customer's own words for the hardship back."""
    words = case.customer.own_stems_in(hardship.start, hardship.end)
    around = case.customer.own_stems_in(hardship.sentence.start, hardship.sentence.end)
    if not words:
        return False
    for act in case.acts:
        sentence = Sentence(act.start, act.end)
        if act.act in _NOT_SAID_BACK or case.draft.raw[act.end - 1] in "?!":
            continue
        if _shared(case, sentence, words) and _shared(case, sentence, around) >= min(2, len(around)):
            return True
    return False


def acknowledges_fault(case: Case, span: Sentence) -> bool:
    """Whether an apology or words that own up stand within `span`."""
    return case.marks.any_within(("ack.sorry", "ack.owns"), *span) is not None
