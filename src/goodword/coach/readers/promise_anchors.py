"""Where promises begin: a subject with its modal, an opening phrase, or a verb in the present with a day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping

from goodword.coach.case import Case
from goodword.coach.readers.present_promises import present_anchor, verbless_anchor
from goodword.coach.readers.promise_parts import (
    Anchor,
    clause_end,
    first_subject,
    first_verb,
    opens_clause,
    subject_of,
)
from goodword.coach.readers.sounding_promises import sounding_anchor
from goodword.coach.text import Sentence, Word


def anchors(case: Case, sentence: Sentence, words: tuple[Word, ...]) -> Iterator[Anchor]:
    """The places where a promise may begin; each word belongs to one at most."""
    promise, last, found = case.pack.promise, -1, False
    for at, word in enumerate(words):
        if at <= last or (word.lower not in promise.triggers and "'" not in word.lower):
            continue
        anchor = _anchor_at(case, words, at) or present_anchor(case, words, at)
        if anchor is None or _supposed(case, anchor.start):
            continue
        last = max(at, anchor.verb, _swallowed(case, words, anchor))
        if not _reported(case, sentence, anchor, word):
            found = True
            yield anchor
    if found:
        return
    anchor = verbless_anchor(case, sentence, words) or sounding_anchor(case, sentence, words)
    if anchor is not None and not _supposed(case, anchor.start):
        yield anchor


def _reported(case: Case, sentence: Sentence, anchor: Anchor, word: Word) -> bool:
    """'You were told that we would', 'I cannot promise that it will': said before, or not said at all."""
    lower, start = case.draft.lower, max(sentence.start, anchor.start - 120)
    if anchor.start > sentence.start and case.draft.raw[anchor.start - 1] in "'\"‘“„«":
        return True  # another's words
    turns = (lower.rfind(turn, start, anchor.start) for turn in case.pack.promise.phrases["turns"])
    start = max([start, *turns])
    return case.pack.promise.first("reported", lower, start, word.start) is not None


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


def _anchor_at(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    promise, word = case.pack.promise, words[at].lower
    if word.endswith("'ll"):
        subject = subject_of(case, words, at, word[:-3])
        return Anchor(subject[0], subject[1], at + 1) if subject else None
    if word in promise.sets["modals"] or word in promise.sets["hedged_modals"]:
        return _by_modal(case, words, at)
    if word == "let" and at + 1 < len(words) and words[at + 1].lower == "me":
        return Anchor("agent", words[at].start, at + 2) if _is_care_verb(case, words, at + 2) else None
    return _by_phrase(case, words, at)


def _by_modal(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    hedged = words[at].lower in case.pack.promise.sets["hedged_modals"]
    subject = _subject_before(case, words, at)
    if subject is None and _unsaid(case, words, at, hedged=hedged):
        subject = ("thing" if hedged else "agent", words[at].start)
    if subject is None or (hedged and _is_advice(case, subject[0], words, at)):
        return None
    if subject[0] in ("it", "team") and _says_before(case, subject[1]):
        subject = ("third_party", subject[1])  # 'the council says it will'
    return Anchor(subject[0], subject[1], at + 1, firm=not hedged, needs_due=hedged and subject[0] != "agent")


def _says_before(case: Case, start: int) -> bool:
    before = case.draft.lower[max(0, start - 24) : start].split()
    words = before[:-1] if before[-1:] == ["that"] else before
    return bool(words) and words[-1] in case.pack.promise.sets["says"]


def _unsaid(case: Case, words: tuple[Word, ...], at: int, *, hedged: bool) -> bool:
    """'Will call you at three', 'should be with you on Friday': the subject goes without saying."""
    after = words[at + 1].lower if at + 1 < len(words) else ""
    verbs = case.pack.promise.sets["should_verbs" if hedged else "clause_verbs"]
    joined = at > 0 and "," in case.draft.raw[words[at - 1].end : words[at].start]
    return after in verbs and not joined and opens_clause(case, words, at)


def _subject_before(case: Case, words: tuple[Word, ...], at: int) -> tuple[str, int] | None:
    """The subject before the modal at `at`; 'and will' goes on from the subject of its sentence."""
    if not at:
        return None
    if words[at - 1].lower in case.pack.promise.sets["goes_on"]:
        kind = first_subject(case, words, at - 1)
        if kind is None:
            opens = words[0].lower in case.pack.promise.sets["determiners"] or words[0].lower.isdigit()
            kind = "other" if opens else None
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
    return rest[:1] == ["have"] and (
        rest[-1].endswith(("ed", "en")) or rest[-1] in case.pack.promise.sets["had"]
    )


def _is_care_verb(case: Case, words: tuple[Word, ...], at: int) -> bool:
    verb = first_verb(case, words, at)
    return verb is not None and words[verb].lower in case.pack.promise.sets["care_verbs"]


def _by_phrase(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    promise, lower, start = case.pack.promise, case.draft.lower, words[at].start
    if promise.begins("can_be", lower, start) is not None:
        return _can_be(case, words, at)
    if promise.begins("frames", lower, start) and (framed := _framed(case, words, at)) is not None:
        return framed
    if (booked := promise.begins("scheduled", lower, start)) is not None:
        subject = _subject_before(case, words, at)
        if "'ve" in booked:
            subject = ("agent" if booked.startswith("i") else "company", start)
        elif booked.startswith("is due") and not promise.sets["owed"].isdisjoint(
            one.lower for one in words[max(0, at - 4) : at]
        ):
            return None
        if subject is None or subject[0] == "you":
            return None
        return Anchor(subject[0], subject[1], at, needs_due=True, settled=True)
    opener = promise.begins("openers", lower, start)
    if opener is None:
        return _progressive(case, words, at)
    subject = _subject_before(case, words, at)
    skip = at + len(opener.replace("'", " ").split()) - opener.startswith("'")
    hedged = promise.begins("hedges", lower, start) is not None and "can expect" not in opener
    if subject is None and hedged and opens_clause(case, words, at):
        return Anchor("agent", start, skip, firm=False)
    if subject is None or (subject[0] == "you" and "expect" not in opener and "should" not in opener):
        return None
    if subject[0] != "you" and opener.startswith(("can ", "should ", "please ")):
        return None
    return Anchor(subject[0], subject[1], skip, firm=not hedged, needs_due=subject[0] == "you" or hedged)


def _can_be(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    """'Ravi can be with you on Friday': said flatly a promise, with an 'if' or an 'or' only an offer."""
    said = {word.lower for word in words}
    subject = _subject_before(case, words, at)
    if subject is None or subject[0] == "you" or not case.pack.promise.sets["offering"].isdisjoint(said):
        return None
    return Anchor(subject[0], subject[1], at, needs_due=True, settled=True)


def _framed(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    """'Expect our call on Monday', 'you can count on a parcel by the 18th', 'look out for the crew'."""
    lower, first = case.draft.lower, at
    while first and words[first - 1].lower in case.pack.promise.sets["frame_leads"]:
        first -= 1
    if not opens_clause(case, words, first):
        return None
    stop = clause_end(case, words[at].end, words[-1].end)
    said = [word.lower for word in words[at:] if word.start < stop]
    if not case.pack.promise.sets["no_frame"].isdisjoint(said):
        return None
    ours = case.pack.promise.sets["from_us"].isdisjoint(said)
    kind = "agent" if "me" in said or "my" in said else "company"
    firm = case.pack.promise.first("hedges", lower, words[first].start, stop) is None
    return Anchor(kind, words[first].start, at, firm=firm, needs_due=ours, settled=True, whole=True)


def _progressive(case: Case, words: tuple[Word, ...], at: int) -> Anchor | None:
    """'I'm sending it today', 'we are going to refund you', 'it is being posted tomorrow'."""
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
        known = case.pack.promise.begins("under_way", case.draft.lower, words[at].end + 1)
        return Anchor("company", words[at].start, verb, settled=True) if known else None
    while verb < len(words) and words[verb].lower in sets["adverbs"] - {"be", "to"}:
        verb += 1
    if verb + 1 < len(words) and words[verb].lower == "going" and words[verb + 1].lower == "to":
        return Anchor(subject[0], subject[1], verb + 2)
    if _is_slot(case, words, subject[1], at):
        return Anchor(subject[0], subject[1], at, needs_due=True, settled=True)
    kind = _progress(case, words, subject[0], verb)
    return Anchor(subject[0], subject[1], verb, needs_due=kind == "dated", settled=True) if kind else None


def _is_slot(case: Case, words: tuple[Word, ...], start: int, at: int) -> bool:
    """'Your new date is Tuesday 1 December': a day said of what is arranged."""
    named = {word.lower for word in words[max(0, at - 4) : at] if word.start >= start}
    if "your" not in named or case.pack.promise.sets["slots"].isdisjoint(named):
        return False
    return bool(case.times_in(words[at].end, words[at].end + 6))


def _is_doing(sets: Mapping[str, frozenset[str]], word: str) -> bool:
    """'Sending', 're-laying': what we do for the customer, not 'hoping' or 'travelling'."""
    return word in sets["care_ings"] or (word.endswith("ing") and word not in sets["idle_ings"])


def _progress(case: Case, words: tuple[Word, ...], subject: str, verb: int) -> str | None:
    """Whether the verb after 'is' promises by itself ('given') or with a day ('dated')."""
    sets, lower = case.pack.promise.sets, case.draft.lower
    if verb >= len(words):
        return None
    word, after = words[verb].lower, words[verb + 1].lower if verb + 1 < len(words) else ""
    if word in ("being", "to") and subject != "you":
        done = words[verb + 2].lower if after in ("be", "get") and verb + 2 < len(words) else after
        return "dated" if done in sets["done_to"] and (word == "being" or after == "be") else None
    if subject in ("agent", "company"):
        return "given" if word in sets["giving_ings"] else "dated" if _is_doing(sets, word) else None
    if subject == "you":
        return "dated" if word in sets["getting_ings"] else None
    if case.pack.promise.begins("under_way", lower, words[verb].start):
        return "given"
    known = word in sets["care_ings"] or word in sets["moving_ings"]
    return "dated" if known or case.pack.promise.begins("states", lower, words[verb].start) else None
