"""What every kind of check has in common: a hit, its conditions, and how a kind is described."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from goodword.coach.case import Case
from goodword.coach.results import Finding, Where
from goodword.coach.rule import Rule
from goodword.coach.text import Text


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that a rule is about. `values` fill the rule's message; own `suggestions` win over the rule's."""

    start: int
    end: int
    where: Where = "draft"
    values: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[str, ...] | None = None


def nothing(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


def phrases_of(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    phrases = rule.options.get("phrases")
    if not phrases:
        raise ValueError("'phrases' is missing or empty; list the words to find")
    return {"phrases": phrases}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of check: how it finds, which options its rules take, what it makes of a rule when loaded."""

    check: Callable[[Rule, Case], Iterable[Hit]]
    options: Mapping[str, type] = field(default_factory=dict)
    make: Callable[[Rule, Mapping[str, Any]], Mapping[str, Any]] = nothing


def applies(rule: Rule, case: Case) -> bool:
    """Whether the rule's `only_if` holds and its language is the draft's."""
    if not rule.any_language and case.language != case.pack.name:
        return False
    want = rule.only_if
    if not want:
        return True
    if "feeling" in want and case.mood.feeling not in want["feeling"]:
        return False
    if "upset" in want and want["upset"] != is_upset(case):
        return False
    if "customer_present" in want and want["customer_present"] != bool(case.customer.words):
        return False
    if "customer_has" in want and not case.customer_marks.has(*want["customer_has"]):
        return False
    if "customer_lacks" in want and case.customer_marks.has(*want["customer_lacks"]):
        return False
    if "draft_has" in want and not case.marks.has(*want["draft_has"]):
        return False
    return not ("draft_lacks" in want and case.marks.has(*want["draft_lacks"]))


def is_upset(case: Case) -> bool:
    """The customer shows a bad feeling or names a hardship."""
    empathy = case.pack.data["empathy"]
    bad_feeling = case.mood.feeling in empathy["bad_feelings"] and case.mood.strength > 0
    return bad_feeling or any(hardship_spans(case, hardship) for hardship in empathy["hardship"])


def hardship_spans(case: Case, hardship: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The customer's words for a hardship; ambiguous ones count only where something is wrong."""
    spans = case.customer_marks.spans(hardship["said"])
    if spans and hardship.get("needs_trouble"):
        unhappy = case.mood.feeling in case.pack.data["empathy"]["bad_feelings"] and case.mood.strength > 0
        trouble = case.customer_marks.has("problem", "our_fault", "wants_money")
        if not (unhappy or case.mood.complaint or trouble):
            return []
    return spans


def findings_of(rule: Rule, kind: Kind, case: Case) -> Iterable[Finding]:
    """The findings of one rule, each only once per span."""
    if not applies(rule, case):
        return
    seen: set[tuple[str, int, int]] = set()
    for hit in kind.check(rule, case):
        text = case.draft if hit.where == "draft" else case.customer
        key = (hit.where, hit.start, hit.end)
        if key in seen or (hit.where == "draft" and _excused(rule, case, hit)):
            continue
        seen.add(key)
        yield _finding(rule, hit, text)


def _excused(rule: Rule, case: Case, hit: Hit) -> bool:
    if not rule.unless:
        return False
    sentence = case.draft.sentence_at(hit.start)
    return bool(case.marks.within(rule.unless_tag, sentence.start, max(sentence.end, hit.end)))


def _finding(rule: Rule, hit: Hit, text: Text) -> Finding:
    quote = text.quote(hit.start, hit.end)
    suggestions = rule.suggestions if hit.suggestions is None else hit.suggestions
    return Finding(
        rule=rule.id,
        category=rule.category,
        practice=rule.practice,
        severity=rule.severity,
        where=hit.where,
        start=hit.start,
        end=hit.end,
        quote=quote,
        message=fill(rule.message, {"quote": shorten(quote), **hit.values}),
        why=rule.why,
        suggestions=tuple(dict.fromkeys(cased(s, quote) for s in suggestions if s != quote)),
    )


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with each `{name}` of `values` put in; other braces stay as they are."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def shorten(quote: str, longest: int = 60) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= longest else words[: longest - 1].rsplit(" ", 1)[0] + "…"


def cased(suggestion: str, quote: str) -> str:
    """`suggestion` with a capital where the quoted words begin with one."""
    if quote[:1].isupper() and not quote[:2].isupper() and suggestion[:1].islower():
        return suggestion[0].upper() + suggestion[1:]
    return suggestion
