"""Checks that look for words: phrases, substitutions, patterns, how often something stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, by_phrases, fill, phrases_of
from goodword.coach.checks.terms import said_by_customer
from goodword.coach.factors import factors_of, reach_of
from goodword.coach.patterns import bounded
from goodword.coach.phrases import Span, expand
from goodword.coach.rule import Rule

LONGEST_PATTERN_TEXT = 20_000


def phrase(rule: Rule, case: Case) -> Iterator[Hit]:
    """The rule's phrases; `at` limits it to the `start` or `end` of a sentence or the `opening`.

    Several in one sentence are one remark, unless each of them can be said better.
    """
    at, whole = rule.options.get("at"), rule.options.get("whole_sentence", False)
    apart = bool(rule.suggestions or rule.rewrites)
    last: Hit | None = None
    for start, end in case.marks.spans(rule.tag):
        if at is not None and not _is_at(case, at, start, end):
            continue
        sentence = case.draft.sentence_at(start)
        hit = Hit(sentence.start, sentence.end) if whole else Hit(start, end)
        if last is not None and not apart and last.start >= sentence.start:
            hit = Hit(last.start, max(last.end, hit.end))
        elif last is not None:
            yield last
        last = hit
    if last is not None:
        yield last


def _is_at(case: Case, at: str, start: int, end: int) -> bool:
    sentence = case.draft.sentence_at(start)
    if at == "start":
        return sentence.start == start
    if at == "end":
        return end >= sentence.end - 1
    return start <= _opening_end(case)


def _opening_end(case: Case) -> int:
    """The end of the first sentence after greeting and thanks."""
    for act in case.acts:
        if act.act not in ("greeting", "thanks"):
            return act.end
    return 0


def make_substitution(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    name = rule.options.get("words_from")
    swap: Mapping[str, Any] = data.get(name, {}).get("swap", {}) if name else rule.options.get("swap", {})
    if not swap:
        raise ValueError("'swap' is missing or empty; give a table of words and what to write instead")
    better: dict[str, tuple[str, ...]] = {}
    for words, instead in swap.items():
        for variant in expand(words):
            better[variant] = (instead,) if isinstance(instead, str) else tuple(instead)
    return {"phrases": list(better), "better": better}


def substitution(rule: Rule, case: Case) -> Iterator[Hit]:
    """Words that have a better one; the better words are the suggestions.

    `least`: only where so many of them stand in one sentence. `unless_theirs`: not the customer's own words.
    """
    better: Mapping[str, tuple[str, ...]] = rule.made["better"]
    least, unless_theirs = rule.options.get("least", 1), rule.options.get("unless_theirs", False)
    for start, end in case.marks.spans(rule.tag):
        if least > 1 and len(case.marks.within(rule.tag, *case.draft.sentence_at(start))) < least:
            continue
        if unless_theirs and said_by_customer(case, start, end):
            continue
        words = case.draft.lower[start:end]
        instead = better.get(words, ())
        yield Hit(
            start, end, values={"better": " or ".join(f"'{w}'" for w in instead if w)}, suggestions=instead
        )


def make_pattern(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    source = rule.options.get("pattern", "")
    return {"pattern": bounded(source), "reach": reach_of(source)}


def by_factors(rule: Rule) -> Wake:
    return Wake(factors=factors_of(rule.options["pattern"]))


def pattern(rule: Rule, case: Case) -> Iterator[Hit]:
    """A regular expression over the folded draft (`raw`: as it is); its groups fill the suggestions: {1}.

    `undated`: not in a sentence that names a day or an hour.
    """
    text = case.draft.own if rule.options.get("raw") else case.draft.lower
    undated = rule.options.get("undated", False)
    for match in _matches(rule, case, text):
        mark = "mark" if "mark" in match.re.groupindex and match["mark"] is not None else 0
        start, end = match.span(mark)
        if undated and case.is_dated(*case.draft.sentence_at(start)):
            continue
        groups = {
            str(n): case.draft.raw[slice(*match.span(n))] for n in range(1, match.re.groups + 1) if match[n]
        }
        if start < end:
            made = tuple(fill(s, groups) for s in rule.suggestions)
            yield Hit(start, end, values=groups, suggestions=made)


def _matches(rule: Rule, case: Case, text: str) -> Iterator[re.Match[str]]:
    """The matches, looked for only around the texts that each of them holds, where those are known."""
    expression: re.Pattern[str] = rule.made["pattern"]
    near, reach = case.near.get(rule.id), rule.made["reach"]
    if near is None or reach is None:
        yield from expression.finditer(text, 0, LONGEST_PATTERN_TEXT * 5)
        return
    last = 0
    for start, end in around(near, reach + 1):
        for match in expression.finditer(text, max(start, last), end):
            last = match.end()
            yield match


def around(spans: list[Span], reach: int) -> list[Span]:
    """The spans with `reach` characters on both sides, joined where they meet, in order."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start - reach <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end + reach)
        else:
            found.append((max(0, start - reach), end + reach))
    return found


def make_occurrence(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    if "most" not in rule.options:
        raise ValueError("'most' is missing; say how often the words may stand in a draft")
    return phrases_of(rule, data)


def occurrence(rule: Rule, case: Case) -> Iterator[Hit]:
    """The first of the rule's phrases beyond the number allowed."""
    spans = case.marks.spans(rule.tag)
    most = rule.options["most"]
    if len(spans) > most:
        start, end = spans[most]
        yield Hit(start, end, values={"count": str(len(spans)), "most": str(most)})


def tag(rule: Rule, case: Case) -> Iterator[Hit]:
    """Each of the words of the pack's lists `tags`."""
    for name in rule.options["tags"]:
        for start, end in case.marks.spans(name):
            yield Hit(start, end)


KINDS = {
    "tag": Kind(tag, {"tags": list}, wakes=lambda rule: Wake(draft=tuple(rule.options["tags"]))),
    "phrase": Kind(phrase, {"phrases": list, "at": str, "whole_sentence": bool}, phrases_of, by_phrases),
    "substitution": Kind(
        substitution,
        {"swap": dict, "words_from": str, "least": int, "unless_theirs": bool},
        make_substitution,
        by_phrases,
    ),
    "pattern": Kind(pattern, {"pattern": str, "raw": bool, "undated": bool}, make_pattern, by_factors),
    "occurrence": Kind(occurrence, {"phrases": list, "most": int}, make_occurrence, by_phrases),
}
