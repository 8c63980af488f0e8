"""What every kind of check has in common: a hit, its conditions, and how a kind is described."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from operator import eq
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks.rewording import capital, reworded, without
from goodword.coach.hardships import is_upset
from goodword.coach.results import Finding, Where
from goodword.coach.rule import Rule
from goodword.coach.text import Text, may_hold


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that a rule is about. `values` fill the rule's message; own `suggestions` win over the rule's."""

    start: int
    end: int
    where: Where = "draft"
    values: Mapping[str, str] = field(default_factory=dict)
    suggestions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Wake:
    """What must hold for a rule to be asked at all; it spares asking hundreds of rules that cannot hit.

    `draft` and `customer`: tags, one of which must be marked there. `needs`: names of `FACTS`. `factors`:
    texts, one of which must stand in the folded draft. What is empty asks for nothing.
    """

    draft: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    factors: frozenset[str] = frozenset()


SHORTEST_CARD = 13  # digits of a payment card
_CAPITALS = re.compile("[A-Z][A-Z]")
# What may be needed of a case, by name; each is asked once, and must be cheap. Kinds add what only they know.
FACTS: dict[str, Callable[[Case], bool]] = {
    "customer": lambda case: bool(case.customer.lowers),
    "customer_name": lambda case: bool(case.customer_name),
    "policies": lambda case: bool(case.policies),
    "earlier_replies": lambda case: bool(case.earlier_replies),
    "nothing_attached": lambda case: case.attachments == 0,
    "promises": lambda case: bool(case.commitments),
    "refusal": lambda case: any(act.act == "refusal" for act in case.acts),
    "questions": lambda case: bool(case.questions),
    "upset": lambda case: case.mood.strength > 0,
    "capitals": lambda case: _CAPITALS.search(case.draft.own) is not None,
    "loud_signs": lambda case: "!" in case.draft.own or "??" in case.draft.own,
    "card_digits": lambda case: may_hold(case.draft.lower, b"0123456789", SHORTEST_CARD),
    "two_sentences": lambda case: len(case.draft.sentences) > 1,
    "doubled_word": lambda case: any(map(eq, case.draft.lowers, islice(case.draft.lowers, 1, None))),
}


def always(rule: Rule) -> Wake:
    return Wake()


def by_phrases(rule: Rule) -> Wake:
    return Wake(draft=(rule.tag,))


def when(*needs: str) -> Callable[[Rule], Wake]:
    """A rule is asked where all these facts hold."""
    wake = Wake(needs=frozenset(needs))
    return lambda rule: wake


def nothing(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


def phrases_of(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    phrases = rule.options.get("phrases")
    if not phrases:
        raise ValueError("'phrases' is missing or empty; list the words to find")
    return {"phrases": phrases}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of check: how it finds, which options its rules take, what it makes of a rule when loaded.

    `wakes` tells when a rule must be asked; it may err only by waking one that then finds nothing.
    """

    check: Callable[[Rule, Case], Iterable[Hit]]
    options: Mapping[str, type] = field(default_factory=dict)
    make: Callable[[Rule, Mapping[str, Any]], Mapping[str, Any]] = nothing
    wakes: Callable[[Rule], Wake] = always


def applies(rule: Rule, case: Case) -> bool:
    """Whether the rule's `only_if` holds."""
    want = rule.only_if
    if "feeling" in want and case.mood.feeling not in want["feeling"]:
        return False
    if "fault" in want and case.fault not in want["fault"]:
        return False
    if "upset" in want and want["upset"] != is_upset(case):
        return False
    if "customer_present" in want and want["customer_present"] != bool(case.customer.lowers):
        return False
    if "customer_has" in want and not case.customer_marks.has(*want["customer_has"]):
        return False
    if "customer_lacks" in want and case.customer_marks.has(*want["customer_lacks"]):
        return False
    if "draft_has" in want and not case.marks.has(*want["draft_has"]):
        return False
    return not ("draft_lacks" in want and case.marks.has(*want["draft_lacks"]))


def findings_of(rule: Rule, kind: Kind, case: Case) -> Iterable[Finding]:
    """The findings of one rule, each only once per span."""
    if rule.only_if and not applies(rule, case):
        return ()
    hits = iter(kind.check(rule, case))
    first = next(hits, None)
    return () if first is None else _each_once(rule, case, chain((first,), hits))


def _each_once(rule: Rule, case: Case, hits: Iterable[Hit]) -> Iterator[Finding]:
    seen: set[tuple[str, int, int]] = set()
    for hit in hits:
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
    said = text.quote(hit.start, hit.end)
    start, end, suggestions = _better(rule, hit, text)
    return Finding(
        rule=rule.id,
        category=rule.category,
        practice=rule.practice,
        severity=rule.severity,
        where=hit.where,
        start=start,
        end=end,
        quote=text.quote(start, end),
        message=fill(rule.message, {"quote": shorten(said), **hit.values}),
        why=rule.why,
        suggestions=suggestions,
    )


def _better(rule: Rule, hit: Hit, text: Text) -> tuple[int, int, tuple[str, ...]]:
    """What to write instead, and of which words: the sentence's own words said better come first."""
    quote = text.quote(hit.start, hit.end)
    given = rule.suggestions if hit.suggestions is None else hit.suggestions
    if hit.where == "draft" and quote[:1].isupper() and text.sentence_at(hit.start).start == hit.start:
        given = tuple(map(capital, given))
    offered = tuple(dict.fromkeys(cased(s, quote) for s in given if s != quote))
    if hit.where != "draft":
        return hit.start, hit.end, offered
    made = reworded(rule.rewrites, text, hit.start, hit.end) if rule.rewrites else None
    if made is None and "" in offered:
        made = without(text, hit.start, hit.end)
        offered = tuple(s for s in offered if s) if made is None else offered
        if made is None or offered[0]:
            return hit.start, hit.end, tuple(s for s in offered if s)
    return (hit.start, hit.end, offered) if made is None else (made.start, made.end, (made.text,))


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
