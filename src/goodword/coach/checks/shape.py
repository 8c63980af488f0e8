"""Checks of how the draft is written: long sentences, shouting, repetition, acronyms, hidden actors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import compress, count, islice
from operator import eq
from string import ascii_letters, ascii_uppercase
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, when
from goodword.coach.rule import Rule
from goodword.coach.text import Sentence, Text

_ACRONYM = re.compile(
    r"(?<![\w.&-])[A-Z]{2,6}s?(?![\w&]|-(?!registered|compliant|approved|certified|accredited|rated))"
)
_LETTERS, _UPPERCASE = ascii_letters.encode(), ascii_uppercase.encode()
# What must stand in a text before a costlier expression is tried; one that begins with a class is quick.
_CAPITALS = re.compile("[A-Z][A-Z]+")
_LOUD_PAIR = re.compile(r"[A-Z][A-Z](?:'[A-Z]{1,2})?[ ,]{1,2}[A-Z][A-Z]")
_SIGN_PAIRS = ("!!", "??", "?!", "!?")
_ROUTE = re.compile(r"\b[A-Z]{3} (?:to|and|-|–|→) [A-Z]{3}\b")
_BY_WHOM = re.compile(r"(?: \w{1,20}){0,2} by ")
_SPEAKERS = frozenset({"i", "i'll", "i've", "i'm", "i'd"})
_STEPS = "steps.next"
_BEFORE_BE = frozenset({"will", "may", "might", "shall", "can", "could", "would", "should", "to"})
_IN_BRACKETS = re.compile(r"\(([A-Z]{2,6})s?\)")
_SHOUT = re.compile(
    r"(?<![\w-])[A-Z]{2,}(?:'[A-Z]{1,2})?(?:[ ,]{1,2}[A-Z]{2,}(?:'[A-Z]{1,2})?){1,40}(?![\w-])"
)
_STORM = re.compile(r"!{2,40}|[?]{3,40}|(?:[!?]){3,40}")
_I = frozenset({"i", "i'm", "i'll", "i've", "i'd"})
_SMALL_AFTER = re.compile("[.!?] {1,2}[a-z]")
_SMALL_START = re.compile(r"\b([a-z]{2,20})[.!?] {1,2}([a-z]{2,20})(?=[ ,'])")


def long_sentence(rule: Rule, case: Case) -> Iterator[Hit]:
    """A sentence with more than `most` words; with `knots`, only where so many of the phrases tie it up.

    One in which the agent speaks as 'I' may have up to `spoken` words.
    """
    most, knots = rule.options["most"], rule.options.get("knots", 0)
    for start, end in case.draft.sentences:
        first, last = case.draft.places(start, end)
        if last - first <= most or len(case.marks.within(rule.tag, start, end)) < knots:
            continue
        spoken = rule.options.get("spoken", 0) >= last - first and not _SPEAKERS.isdisjoint(
            case.draft.lowers[first:last]
        )
        short = last - first <= rule.options.get("at_most", last) and not spoken
        if short and not _is_list(case.draft, Sentence(start, end)):
            yield Hit(start, end, values={"count": str(last - first)})


def make_long_sentence(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"phrases": rule.options.get("phrases", [])}


def _is_list(text: Text, sentence: Sentence) -> bool:
    """A sentence that is mostly an enumeration, an address or a line of links."""
    raw = text.raw[sentence.start : sentence.end]
    return raw.count(",") * 4 > len(raw.split()) or raw.count("/") > 6


def acronym(rule: Rule, case: Case) -> Iterator[Hit]:
    """Capitals that stand for something the customer was not told and did not write."""
    raw, usual = case.draft.own, rule.made["known"]
    found = [match for match in _acronyms(raw) if match.group().rstrip("s") not in usual]
    if not found or _loud(raw):
        return
    known = {match.group() for match in _acronyms(case.customer.raw)} | set(_IN_BRACKETS.findall(raw)) | usual
    for match in found:
        word = match.group()
        bare = word[:-1] if word[-1] == "s" else word
        explained = raw.startswith(" (", match.end()) or _in_code(raw, match.start(), match.end())
        if bare not in known and word not in known and not explained:
            better = rule.made["meaning"].get(word)
            yield Hit(match.start(), match.end(), suggestions=(f"{word} ({better})",) if better else ())


def _acronyms(raw: str) -> Iterator[re.Match[str]]:
    for run in _CAPITALS.finditer(raw):
        if match := _ACRONYM.match(raw, run.start()):
            yield match


def _loud(raw: str) -> bool:
    """Whether more than half of the letters are capitals."""
    if raw.isascii():
        bare = raw.encode()
        letters = len(bare) - len(bare.translate(None, _LETTERS))
        return (len(bare) - len(bare.translate(None, _UPPERCASE))) * 2 > letters
    return sum(map(str.isupper, filter(str.isalpha, raw))) * 2 > sum(map(str.isalpha, raw))


def _in_code(raw: str, start: int, end: int) -> bool:
    """Part of a number such as 'AB 12345', a reference, a postcode, a route ('LHR to JFK')."""
    after = raw[end : end + 3].lstrip(" -#:.")
    before = raw[max(0, start - 12) : start]
    bracketed = any(char in before for char in "[{<") and not any(char in before for char in "]}>")
    routed = _ROUTE.search(raw, max(0, start - 8), end + 8) is not None
    return after[:1].isdigit() or before[-1:] in ("#", "/", "_") or bracketed or routed


def make_acronym(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    listed = data.get("acronyms", {})
    known = frozenset(listed.get("known", ())) | frozenset(rule.options.get("known", ()))
    return {"known": known, "meaning": listed.get("meaning", {})}


def shouting(rule: Rule, case: Case) -> Iterator[Hit]:
    """Two or more words in a row in capitals, or one that is no acronym and has `from_letters` or more."""
    raw = case.draft.own
    for match in _SHOUT.finditer(raw) if _LOUD_PAIR.search(raw) else ():
        words = match.group().split()
        loud = sum(map(len, words)) >= 7 and max(map(len, words)) >= 4
        if loud and not _in_code(raw, match.start(), match.end()):
            yield Hit(match.start(), match.end(), suggestions=(match.group().lower(),))
    single: frozenset[str] = rule.made["loud"]
    if single.isdisjoint(case.draft.word_set):
        return
    for word in case.draft.words:
        if word.lower in single and raw[word.start : word.end].isupper():
            yield Hit(word.start, word.end, suggestions=(word.lower,))


def make_shouting(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"loud": frozenset(rule.options.get("loud", ()))}


def exclamations(rule: Rule, case: Case) -> Iterator[Hit]:
    """A storm (!!), or more exclamation marks than `most` in the draft."""
    raw, most = case.draft.own, rule.options["most"]
    storm = False
    for match in _STORM.finditer(raw) if any(pair in raw for pair in _SIGN_PAIRS) else ():
        storm, sign = True, match.group()[0]
        yield Hit(match.start(), match.end(), suggestions=(sign if sign == "?" else ".",))
    number = raw.count("!")
    if number > most and not storm:
        place = next(islice((at for at, char in enumerate(raw) if char == "!"), most, None))
        yield Hit(place, place + 1, suggestions=(".",), values={"count": str(number)})


def doubled_word(rule: Rule, case: Case) -> Iterator[Hit]:
    """The same word twice in a row, save those that may stand so."""
    allowed = rule.made["allowed"]
    text, lowers = case.draft, case.draft.lowers
    for place in compress(count(), map(eq, lowers, islice(lowers, 1, None))):
        if lowers[place].isalpha() and lowers[place] not in allowed:
            start, end = text.starts[place], text.ends[place]
            between = text.raw[end : text.starts[place + 1]]
            if between.strip() == "" and between.count("\n") < 2:
                yield Hit(start, text.ends[place + 1], suggestions=(text.raw[start:end],))


def make_doubled(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"allowed": frozenset(rule.options.get("allowed", ()))}


def hidden_actor(rule: Rule, case: Case) -> Iterator[Hit]:
    """A passive that leaves open who does it, and in a sentence without a time also when."""
    verbs, helpers = rule.made["verbs"], rule.made["helpers"]
    words = case.draft.lowers if not verbs.isdisjoint(case.draft.word_set) else []
    for place in compress(range(1, len(words)), map(verbs.__contains__, words[1:])):
        first = place - 2 if words[place - 1].endswith("ly") and place > 1 else place - 1
        if words[first] not in helpers:
            continue
        while first and (words[first - 1] in helpers or words[first - 1] in _BEFORE_BE):
            first -= 1
        start, end = case.draft.starts[first], case.draft.ends[place]
        if not _names_who(case, end) and not (rule.options.get("timeless") and _timed(case, start)):
            yield Hit(start, end)


def _names_who(case: Case, end: int) -> bool:
    rest = case.draft.lower[end : end + 30]
    return rest.startswith("?") or _BY_WHOM.match(rest) is not None


def _timed(case: Case, at: int) -> bool:
    return any(not moment.vague for moment in case.times_in(*case.draft.sentence_at(at)))


def make_hidden_actor(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in ("verbs", "helpers"):
        if not rule.options.get(name):
            raise ValueError(f"{name!r} is missing or empty")
    return {name: frozenset(rule.options[name]) for name in ("verbs", "helpers")}


def steps_in_prose(rule: Rule, case: Case) -> Iterator[Hit]:
    """A sentence with so many instructions in a row that a numbered list would serve better.

    In a sentence of fewer than `from_words` words it takes one instruction more.
    """
    least = rule.options["verbs"] - 1  # the first step stands at the beginning and is not counted
    for start, end in case.draft.sentences if len(case.marks.spans(_STEPS)) >= least else ():
        first, last = case.draft.places(start, end)
        more = 0 if last - first >= rule.options["from_words"] else 1
        if len(case.marks.within(_STEPS, start, end)) >= least + more:
            yield Hit(start, end)


def capital_missing(rule: Rule, case: Case) -> Iterator[Hit]:
    """A lone 'i', or a sentence that begins small after a full stop."""
    raw, text = case.draft.own, case.draft
    for place in compress(count(), map(_I.__contains__, text.lowers)):
        start, end = text.starts[place], text.ends[place]
        if raw[start] == "i" and raw[end : end + 1] != ".":
            yield Hit(start, end, suggestions=("I" + raw[start + 1 : end],))
    for match in _SMALL_START.finditer(raw) if _SMALL_AFTER.search(raw) else ():
        small, before = match[2], match[1].lower()
        if before not in case.pack.abbreviations and not _is_address(raw, match.start()):
            yield Hit(match.start(2), match.end(2), suggestions=(small[0].upper() + small[1:],))


def _is_address(raw: str, at: int) -> bool:
    """Part of a web or mail address ('see example.com for')."""
    return at > 0 and raw[at - 1] in "./@"


KINDS = {
    "long_sentence": Kind(
        long_sentence,
        {"most": int, "at_most": int, "knots": int, "spoken": int, "phrases": list},
        make_long_sentence,
    ),
    "acronym": Kind(acronym, {"known": list}, make_acronym, when("capitals")),
    "shouting": Kind(shouting, {"loud": list}, make_shouting, when("capitals")),
    "exclamations": Kind(exclamations, {"most": int}, wakes=when("loud_signs")),
    "doubled_word": Kind(doubled_word, {"allowed": list}, make_doubled, when("doubled_word")),
    "hidden_actor": Kind(hidden_actor, {"verbs": list, "helpers": list, "timeless": bool}, make_hidden_actor),
    "steps_in_prose": Kind(
        steps_in_prose, {"verbs": int, "from_words": int}, wakes=lambda rule: Wake(draft=(_STEPS,))
    ),
    "capital_missing": Kind(capital_missing),
}
