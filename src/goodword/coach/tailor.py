"""A pack as one team wants it: rules off, milder or in other words, its own words, topics and rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks import KINDS
from goodword.coach.errors import PackError, Place
from goodword.coach.pack import Pack
from goodword.coach.phrases import Marks, PhraseBook, expand
from goodword.coach.readers.scores import score
from goodword.coach.results import SEVERITIES, Finding, Review, Severity
from goodword.coach.reviewing import review
from goodword.coach.rule import Rule, rule_from_toml
from goodword.coach.text import Text
from goodword.coach.trust import EVERYTHING
from goodword.coach.when import Clock

GLOSSARY = "glossary"
OWN_WORDS_EXCUSE = ("jargon", "spelling")
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "()|"})


@dataclass(frozen=True, slots=True)
class Wording:
    """What a rule says to this team; an empty part leaves the standard one."""

    message: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Details needed where one of `words`, or of the pack's for this topic, stands in the customer's message.

    Of `details` (kinds of `Detail`) one is enough, or all are needed; `names` are the details in words, and
    `ask` is the question to suggest.
    """

    words: tuple[str, ...]
    details: tuple[str, ...]
    names: tuple[str, ...]
    ask: str
    one_is_enough: bool = True


@dataclass(frozen=True, slots=True)
class Tailoring:
    """What a team has changed. Ids of rules and topics that the pack does not know are passed over."""

    off: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    wording: Mapping[str, Wording] = field(default_factory=dict)
    own_words: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)
    instead_rule: Mapping[str, Any] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    topics_off: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()


class _WiderBook(PhraseBook):
    """A book with a few phrases more; the large one is shared by everybody who widens it."""

    def __init__(self, large: PhraseBook, more: Mapping[str, Iterable[str]]) -> None:
        super().__init__(more)
        self._large = large

    def find(self, text: Text) -> Marks:
        """Mark `text` with the phrases of both."""
        found = dict(self._large.find(text).by_tag)
        for tag, spans in super().find(text).by_tag.items():
            known = found.get(tag, [])
            found[tag] = sorted({*known, *spans}) if known else spans
        return Marks(found)


def tailored(pack: Pack, wanted: Tailoring) -> Pack:
    """Return `pack` with what `wanted` changes. The same tailoring always makes the same pack.

    `wanted.instead` becomes one rule, said in the words of `wanted.instead_rule` (fields of a rule).
    """
    own = list(wanted.rules)
    if wanted.instead:
        own.append(_instead(pack, wanted))
    rules = [_reworded(rule, wanted) for rule in (*pack.rules, *own) if rule.id not in wanted.off]
    data = {**pack.data, GLOSSARY: {"own": tuple(wanted.own_words)}}
    more: dict[str, Iterable[str]] = {rule.tag: rule.made.get("phrases", ()) for rule in own}
    if wanted.topics or wanted.topics_off:
        needs = _needs(pack.data["questions"]["needs"], wanted)
        data["questions"] = {**pack.data["questions"], "needs": needs}
    for name, topic in wanted.topics.items():
        words = (*pack.lists.get(f"topic.{name}", ()), *map(literal, topic.words))
        more |= {f"topic.{part}": words for part in _parts(name, topic)}
    return replace(
        pack, rules=tuple(rules), data=data, book=_WiderBook(pack.book, more) if more else pack.book
    )


def own_rule(table: Mapping[str, Any], pack: Pack) -> Rule:
    """A rule ready to be used from the fields that it has in a TOML file; PackError says what is wrong."""
    kinds = {name: kind.options for name, kind in KINDS.items()}
    rule = rule_from_toml(table, Place("", rule=str(table.get("id", ""))), kinds)
    try:
        made = dict(KINDS[rule.kind].make(rule, pack.data))
        if rule.kind == "substitution":  # its phrases are read once more, and brackets must stay brackets
            made["phrases"] = [literal(words) for words in made["phrases"]]
        for phrase in made.get("phrases", ()):
            expand(phrase)
    except ValueError as error:
        raise PackError("R110", rule.place, f"{error}") from error
    return replace(rule, made=made)


def fires(rule: Rule, line: str, pack: Pack) -> bool:
    """Whether this rule alone finds something in a draft."""
    book = _WiderBook(pack.book, {rule.tag: rule.made.get("phrases", ())})
    alone = replace(pack, rules=(rule,), book=book, trust=EVERYTHING)
    return bool(review(line, pack=alone).findings)


def literal(words: str) -> str:
    """A phrase that stands for exactly these words, whatever signs are in them."""
    return " ".join(words.split()).rstrip("*").translate(_SPECIAL)


def sieved(found: Review, pack: Pack) -> Review:
    """`found` without remarks on jargon and spelling that are about nothing but the team's own words."""
    own = pack.data.get(GLOSSARY, {}).get("own", ())
    if not own or not any(finding.category in OWN_WORDS_EXCUSE for finding in found.findings):
        return found
    book = PhraseBook({"own": [literal(words) for words in own]})
    kept = tuple(finding for finding in found.findings if not _is_own(finding, book))
    if len(kept) == len(found.findings):
        return found
    empty = Text("")
    case = Case(pack, empty, empty, Clock(None), findings=list(kept), acts=list(found.acts))
    return replace(found, findings=kept, scores=score(case))


def milder(severity: Severity) -> Severity:
    """One step down: a stop becomes a warning, a warning a hint."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


def _is_own(finding: Finding, book: PhraseBook) -> bool:
    """Every word of the quote is one of the team's."""
    if finding.category not in OWN_WORDS_EXCUSE or finding.where != "draft":
        return False
    text = Text(finding.quote)
    spans = book.find(text).spans("own")
    return bool(text.words) and all(
        any(start <= word.start and word.end <= end for start, end in spans) for word in text.words
    )


def _reworded(rule: Rule, wanted: Tailoring) -> Rule:
    severity = wanted.severities.get(rule.id, rule.severity)
    said = wanted.wording.get(rule.id, Wording())
    if severity == rule.severity and said == Wording():
        return rule
    return replace(rule, severity=severity, message=said.message or rule.message, why=said.why or rule.why)


def _instead(pack: Pack, wanted: Tailoring) -> Rule:
    swap = {literal(words): better for words, better in wanted.instead.items()}
    lines = {"good": [""], "bad": list(wanted.instead)}
    fields = {"id": GLOSSARY, "kind": "substitution", "swap": swap, **lines, **wanted.instead_rule}
    return own_rule(fields, pack)


def _parts(name: str, topic: Topic) -> list[str]:
    """The needs of a topic under names of their own: one where any detail is enough, else one each."""
    return [name] if topic.one_is_enough else [f"{name} {detail}" for detail in topic.details]


def _needs(standard: Mapping[str, Any], wanted: Tailoring) -> dict[str, Any]:
    gone = wanted.topics_off | wanted.topics.keys()
    needs = {name: need for name, need in standard.items() if name not in gone}
    for name, topic in wanted.topics.items():
        if topic.one_is_enough:
            needs[name] = {"any_of": list(topic.details), "name": topic.names[0], "ask": topic.ask}
            continue
        for part, detail, called in zip(_parts(name, topic), topic.details, topic.names, strict=True):
            needs[part] = {"any_of": [detail], "name": called, "ask": topic.ask}
    return needs
