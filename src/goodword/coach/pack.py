"""A language pack: rules, phrase lists and data from a folder of TOML files, loaded once."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from goodword.coach.asking_words import AskingWords, asking_words
from goodword.coach.checks import KINDS
from goodword.coach.errors import PackError, Place
from goodword.coach.given_words import GivenWords
from goodword.coach.moments import Times
from goodword.coach.phrases import PhraseBook
from goodword.coach.plan import Plan
from goodword.coach.promise_words import PromiseWords
from goodword.coach.readers.details import number_pattern
from goodword.coach.readers.language import LittleWords
from goodword.coach.rule import Rule, nearest
from goodword.coach.rule_files import files_of, rule_named, rules_of, sharpened
from goodword.coach.rule_files import read_toml as read_toml  # also a pack's data is read with it
from goodword.coach.stems import Vocabulary
from goodword.coach.text import Text
from goodword.coach.trust import Trust, trust_of
from goodword.coach.variants import rows_of

PACKS = Path(__file__).parent / "packs"
# The files that a pack's folder `data` must have.
NEEDED = (
    *("time", "text", "language", "numbers", "promise", "mood", "scores"),
    *("questions", "answers", "answer_weights", "pressing", "both_texts"),
)


@dataclass(frozen=True, slots=True, eq=False)  # known by identity: two packs are never compared
class Pack:
    """Everything the coach knows of one language. Make one with `load_pack`."""

    name: str
    rules: tuple[Rule, ...]
    book: PhraseBook
    lists: Mapping[str, tuple[str, ...]]
    data: Mapping[str, Any]
    times: Times
    vocabulary: Vocabulary
    abbreviations: frozenset[str]
    little_words: LittleWords
    number_patterns: tuple[tuple[str, re.Pattern[str]], ...]
    promise: PromiseWords
    asking: AskingWords
    given: GivenWords
    doubts: Mapping[str, tuple[str, float]]
    trust: Trust
    plan: Plan = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plan", Plan(self.rules, KINDS))

    def text(self, raw: str) -> Text:
        return Text(raw, self.abbreviations, self.vocabulary)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Nothing that is made while a pack is loaded is garbage, so nobody need look for some all the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@cache
@_without_collecting()
def load_pack(folder: str | Path | None = None) -> Pack:
    """Return the pack in `folder`, by default the English one that comes with the coach.

    Raises PackError, naming file, line and rule, when something in it is written wrongly.
    """
    root = Path(folder) if folder is not None else PACKS / "en"
    if not root.is_dir():
        raise PackError("P101", Place(str(root)), "there is no such folder; give the folder of a pack.")
    data = {path.stem: read_toml(path) for path in files_of(root / "data")}
    for name in NEEDED:
        if name not in data:
            raise PackError("P102", Place(str(root / "data" / f"{name}.toml")), "the file is missing.")
    lists: dict[str, tuple[str, ...]] = {}
    for path in files_of(root / "words"):
        for tag, phrases in _flatten(read_toml(path), ""):
            _check_phrases(Place(str(path), rule=tag), phrases)
            lists[tag] = lists.get(tag, ()) + tuple(phrases)
    rules = rules_of(root / "rules") if (root / "rules").is_dir() else []
    made, book = _prepare(rules, lists, data)
    return Pack(
        name=root.name,
        rules=made,
        book=book,
        lists=lists,
        data=data,
        times=Times(data["time"]),
        vocabulary=Vocabulary(data["text"]),
        abbreviations=frozenset(data["text"]["abbreviations"]),
        little_words=LittleWords(data["language"]["little_words"]),
        number_patterns=tuple((kind, number_pattern(words)) for kind, words in data["numbers"].items()),
        promise=PromiseWords(data["promise"]),
        asking=asking_words(data),
        given=GivenWords(data["questions"]["given"]),
        doubts=_doubts(data.get("learned", {})),
        trust=trust_of(data.get("trust", {})),
    )


def _doubts(data: Mapping[str, Any]) -> dict[str, tuple[str, float]]:
    """A rule's id → the head that is asked whether its sentence sounds so at all, and from what chance."""
    return {
        rule: (str(doubt["head"]), doubt["below"] / 1000)
        for doubt in data.get("doubt", ())
        for rule in doubt["rules"]
    }


def with_rules(pack: Pack, folder: Path) -> Pack:
    """Return `pack` with the rules found in `folder` added; a known id is replaced.

    Rules are every `*.toml` in it, and every `*.yml` in it or in a folder in it (Vale's styles).
    """
    return add_rules(pack, rules_of(folder))


def add_rules(pack: Pack, added: Sequence[Rule]) -> Pack:
    """Return `pack` with the rules `added`; those of a known id take its place."""
    ids = {rule.id for rule in added}
    rules = [*(rule for rule in pack.rules if rule.id not in ids), *added]
    made, book = _prepare(rules, dict(pack.lists), pack.data)
    return replace(pack, rules=made, book=book)


def without_rules(pack: Pack, ids: Iterable[str]) -> Pack:
    """Return `pack` with the rules `ids` switched off; InputError when there is no such rule."""
    off = {rule_named(name, pack.rules).id for name in ids}
    return replace(pack, rules=tuple(rule for rule in pack.rules if rule.id not in off))


def _flatten(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, list[str]]]:
    for name, value in table.items():
        tag = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{tag}.")
        elif isinstance(value, list):
            yield tag, value


def _prepare(
    rules: Iterable[Rule], lists: Mapping[str, tuple[str, ...]], data: Mapping[str, Any]
) -> tuple[tuple[Rule, ...], PhraseBook]:
    """Let each kind of check make what it needs from its rule, and gather all phrases into one book."""
    phrases: dict[str, list[str]] = {tag: list(words) for tag, words in lists.items()}
    made: list[Rule] = []
    for rule in rules:
        rule = prepared(rule, lists, data)
        phrases[rule.tag] = list(rule.made.get("phrases", ()))
        phrases[rule.unless_tag] = list(rule.unless)
        made.append(rule)
    return tuple(made), PhraseBook(phrases)


def prepared(rule: Rule, lists: Mapping[str, tuple[str, ...]], data: Mapping[str, Any]) -> Rule:
    """`rule` with what its kind of check made of it; PackError when it cannot be used."""
    try:
        _check_tags(rule, lists)
        made = replace(rule, made=_make(rule, data))
        _check_phrases(rule.place, [*made.made.get("phrases", ()), *rule.unless])
    except PackError as error:
        raise sharpened(error) from error
    return made


def _make(rule: Rule, data: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return KINDS[rule.kind].make(rule, data)
    except ValueError as error:
        raise PackError("R110", rule.place, f"{error}") from error


def _check_phrases(place: Place, phrases: Iterable[str]) -> None:
    for phrase in phrases:
        try:
            rows_of(phrase)
        except ValueError as error:
            raise PackError("R111", place, f"{error}", about=phrase) from error


def _check_tags(rule: Rule, lists: Mapping[str, tuple[str, ...]]) -> None:
    named = [tag for name in ("calls_for", "met_by", "tags") for tag in rule.options.get(name, ())]
    named += [tag for name, tags in rule.only_if.items() if name.endswith(("has", "lacks")) for tag in tags]
    for tag in named:
        if tag not in lists:
            raise PackError(
                "R112",
                rule.place,
                f"there is no word list {tag!r}; the lists stand in words/*.toml.{nearest(tag, lists)}",
                about=tag,
            )
