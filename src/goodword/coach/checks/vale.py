"""Checks as Vale's rule files describe them: existence, substitution, occurrence, repetition.

Tokens that are plain words go into the phrase book with all others; only true expressions are run by
themselves, bounded (see `expressions`). A typographic apostrophe is the same as a straight one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, by_phrases
from goodword.coach.expressions.writing import phrases_of, python_of
from goodword.coach.phrases import PhraseBook
from goodword.coach.rule import Rule
from goodword.coach.text import Text, fold

LONGEST_SCOPE = 20_000
SCOPES = ("text", "summary", "paragraph", "sentence", "raw")
_PARAGRAPH = re.compile(r"[^\n]++(?:\n(?!\s{0,20}\n)[^\n]++)*+")
_BRACKET = re.compile(r"([()|])")
_GROUP = re.compile(r"\$(\d)")
_COMMON = {"ignorecase": bool, "nonword": bool, "exceptions": list, "scope": str, "limit": int}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens ready to be found: as phrases (with the spelling they need, where it counts) and as one
    expression whose group `t<n>` tells the token."""

    phrases: tuple[str, ...]
    numbers: Mapping[str, int]
    spellings: frozenset[str] | None
    expression: re.Pattern[str] | None


def make_tokens(rule: Rule, tokens: Iterable[str]) -> Tokens:
    """Ready `tokens`; ValueError when one of them cannot be used."""
    folds, nonword = rule.options.get("ignorecase", False), rule.options.get("nonword", False)
    numbers: dict[str, int] = {}
    phrases: list[str] = []
    written: list[str] = []
    spellings: set[str] = set()
    for number, token in enumerate(tokens):
        words = None if nonword else phrases_of(token)
        if words is None:
            written.append(f"(?P<t{number}>{python_of(token, f't{number}g')})")
        else:
            spellings.update(_plain(word) for word in words)
            for word in words:
                phrases.append(_BRACKET.sub(r"\\\1", _plain(word)))
                numbers.setdefault(fold(_plain(word)), number)
    return Tokens(tuple(phrases), numbers, None if folds else frozenset(spellings), _joined(rule, written))


def _joined(rule: Rule, written: list[str]) -> re.Pattern[str] | None:
    if not written:
        return None
    inside = "|".join(written)
    whole = inside if rule.options.get("nonword", False) else rf"\b(?:{inside})\b"
    return re.compile(whole, re.IGNORECASE if rule.options.get("ignorecase", False) else 0)


def _plain(words: str) -> str:
    """One space between words, straight apostrophes."""
    return " ".join(words.split()).replace("’", "'")


@dataclass(frozen=True, slots=True)
class Match:
    """One place where a token was found: its number and what its brackets caught."""

    start: int
    end: int
    number: int
    groups: Mapping[str, str]


def _matches(rule: Rule, case: Case) -> list[Match]:
    """All matches of the rule's tokens in the draft, in order, without exceptions and quoted mail."""
    tokens: Tokens = rule.made["tokens"]
    draft = case.draft
    spans = case.marks.spans(rule.tag)
    if case.language != case.pack.name:  # the pack's own book was not opened for it
        spans = rule.made["book"].find(draft).spans(rule.tag)
    found = [
        Match(start, end, tokens.numbers[draft.lower[start:end]], {})
        for start, end in spans
        if tokens.spellings is None or _plain(draft.raw[start:end]) in tokens.spellings
    ]
    if tokens.expression is not None:
        found += _by_expression(tokens.expression, draft, rule.options.get("scope", "text"))
    found = [match for match in found if not _excepted(rule, draft.raw[match.start : match.end])]
    return sorted(found, key=lambda match: (match.start, -match.end))


def _limited(check: Callable[[Rule, Case], Iterator[Hit]]) -> Callable[[Rule, Case], Iterator[Hit]]:
    """`check` with no more hits than the rule's `limit` (0: all)."""

    def limited(rule: Rule, case: Case) -> Iterator[Hit]:
        return islice(check(rule, case), rule.options.get("limit") or None)

    return limited


def _by_expression(expression: re.Pattern[str], draft: Text, scope: str) -> Iterator[Match]:
    for start, end in pieces(draft, "paragraph" if scope in ("text", "summary") else scope):
        for found in expression.finditer(draft.raw[start:end]):
            quoted = not draft.lower[start + found.start() : start + found.end()].strip()
            if found.end() == found.start() or (quoted and found.group().strip()):
                continue
            caught = {name: value for name, value in found.groupdict().items() if value is not None}
            number = next(int(name[1:]) for name in caught if name[1:].isdigit())
            prefix = f"t{number}g"
            groups = {name[len(prefix) :]: v for name, v in caught.items() if name.startswith(prefix)}
            yield Match(start + found.start(), start + found.end(), number, groups)


def pieces(draft: Text, scope: str) -> list[tuple[int, int]]:
    """The parts of the draft that `scope` names, each bounded."""
    if scope == "sentence":
        spans = [(sentence.start, sentence.end) for sentence in draft.sentences]
    elif scope == "paragraph":
        spans = [found.span() for found in _PARAGRAPH.finditer(draft.raw)]
    else:
        spans = [(0, len(draft.raw))]
    return [
        (at, min(at + LONGEST_SCOPE, end)) for start, end in spans for at in range(start, end, LONGEST_SCOPE)
    ]


def _excepted(rule: Rule, words: str) -> bool:
    exceptions: re.Pattern[str] | None = rule.made["exceptions"]
    return exceptions is not None and exceptions.fullmatch(words) is not None


def make(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    if rule.options.get("scope", "text") not in SCOPES:
        raise ValueError(f"scope is {rule.options['scope']!r}; it must be one of {', '.join(SCOPES)}")
    tokens = rule.options.get("swap") or rule.options.get("tokens") or ()
    if not tokens:
        raise ValueError("there are no tokens; list the words to find")
    made = make_tokens(rule, tokens)
    exceptions = "|".join(python_of(word) for word in rule.options.get("exceptions", ()))
    return {
        "phrases": made.phrases,
        "tokens": made,
        "instead": [str(words).split("|") for words in rule.options.get("swap", {}).values()],
        "exceptions": re.compile(exceptions, re.IGNORECASE) if exceptions else None,
        "book": PhraseBook({rule.tag: made.phrases}),
    }


def existence(rule: Rule, case: Case) -> Iterator[Hit]:
    """Each place where a token stands."""
    end = 0
    for match in _matches(rule, case):
        if match.start >= end:
            end = match.end
            yield Hit(match.start, match.end)


def substitution(rule: Rule, case: Case) -> Iterator[Hit]:
    """Each place where words stand that have better ones, save where these stand there already."""
    end = 0
    for match in _matches(rule, case):
        instead = [_filled(words, match.groups) for words in rule.made["instead"][match.number]]
        if match.start >= end and case.draft.raw[match.start : match.end] not in instead:
            end = match.end
            better = (
                " or ".join(f"'{words}'" for words in instead if words)
                or f"'{case.draft.raw[match.start : match.end]}'"
            )
            yield Hit(match.start, match.end, values={"better": better}, suggestions=tuple(instead))


def _filled(words: str, groups: Mapping[str, str]) -> str:
    """`words` with `$1` and the like put in."""
    return _GROUP.sub(lambda found: groups.get(found[1], ""), words)


def occurrence(rule: Rule, case: Case) -> Iterator[Hit]:
    """The first token too many in a sentence, paragraph or text; all of it where there are too few."""
    most, least = rule.options.get("most"), rule.options.get("least", 0)
    matches = _matches(rule, case)
    for start, end in pieces(case.draft, rule.options.get("scope", "text")):
        first = bisect_left(matches, start, key=_start)
        here = matches[first : bisect_left(matches, end, first, key=_start)]
        values = {"count": str(len(here))}
        if most is not None and len(here) > most:
            yield Hit(here[most].start, here[most].end, values=values)
        elif len(here) < least and case.draft.raw[start:end].strip():
            yield Hit(start, end, values=values)


def _start(match: Match) -> int:
    return match.start


def repetition(rule: Rule, case: Case) -> Iterator[Hit]:
    """Tokens that follow one another and are the same, more often than allowed."""
    run: list[Match] = []
    followed: list[Match | None] = [*_matches(rule, case), None]
    for match in followed:
        if match is not None and run and _same(rule, case.draft, run[-1], match):
            run.append(match)
            continue
        if len(run) > rule.options.get("most", 0) + 1:
            first = case.draft.raw[run[0].start : run[0].end]
            yield Hit(run[0].start, run[-1].end, values={"quote": first}, suggestions=(first,))
        run = [match] if match is not None else []


def _same(rule: Rule, draft: Text, one: Match, two: Match) -> bool:
    between = draft.raw[one.end : two.start]
    first, second = draft.raw[one.start : one.end], draft.raw[two.start : two.end]
    if rule.options.get("ignorecase", False):
        first, second = first.lower(), second.lower()
    near = len(between) <= 4 and not between.strip() and between.count("\n") < 2
    return near and first == second and (not rule.options.get("alpha", False) or first.isalpha())


def _wakes(rule: Rule) -> Wake:
    """A rule of plain words is asked only where one of them stands; an expression can be anywhere."""
    tokens: Tokens | None = rule.made.get("tokens")
    if tokens is None or tokens.expression is not None or rule.options.get("least"):
        return Wake()
    return by_phrases(rule)


_NUMBERS = {"most": int, "least": int}

KINDS = {
    "vale_existence": Kind(_limited(existence), {"tokens": list} | _COMMON, make, _wakes),
    "vale_substitution": Kind(_limited(substitution), {"swap": dict} | _COMMON, make, _wakes),
    "vale_occurrence": Kind(_limited(occurrence), {"tokens": list} | _NUMBERS | _COMMON, make, _wakes),
    "vale_repetition": Kind(
        _limited(repetition), {"tokens": list, "most": int, "alpha": bool} | _COMMON, make, _wakes
    ),
}
