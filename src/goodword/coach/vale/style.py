"""A style of Vale (a folder of YAML files, one rule each) as rules of the coach."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from goodword.coach.checks.vale import KINDS
from goodword.coach.errors import PackError, Place
from goodword.coach.expressions.writing import python_of
from goodword.coach.results import CATEGORIES, PRACTICES, Severity
from goodword.coach.rule import Rule, check_choice, nearest
from goodword.coach.vale.fields import Field, Word, read_fields

_SLOT = re.compile(r"(['\"‘“]?)%(?:\[(\d)\])?s(['\"’”]?)")
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


class LeftOut(Exception):
    """A sentence on why a file of the style is not applied."""


@dataclass(frozen=True, slots=True)
class Source:
    """One rule file: where it is, its fields, and what the coach knows of Vale's words."""

    path: Path
    fields: Mapping[str, Field]
    forms: Mapping[str, Any]
    extends: str = ""

    def place(self, line: int = 1) -> Place:
        return Place(str(self.path), line, self.rule)

    @property
    def rule(self) -> str:
        return f"{self.path.parent.name}.{self.path.stem}"

    def line(self, name: str) -> int:
        return self.fields[name].line if name in self.fields else 1

    def refuse(self, code: str, name: str, sentence: str) -> PackError:
        return PackError(code, self.place(self.line(name)), sentence)

    def text(self, name: str, default: str = "") -> str:
        value = self.fields[name].value if name in self.fields else Word(default, 1)
        if not isinstance(value, Word):
            raise self.refuse("V105", name, f"{name} is a list; it must be one text.")
        return value.text

    def flag(self, name: str) -> bool:
        said = self.text(name, "false").lower()
        if said not in _TRUE + _FALSE:
            raise self.refuse("V106", name, f"{name} is {said!r}; it must be true or false.")
        return said in _TRUE

    def number(self, name: str) -> int | None:
        if name not in self.fields:
            return None
        said = self.text(name)
        if not said.isdecimal() or len(said) > 6:
            raise self.refuse("V107", name, f"{name} is {said!r}; it must be a whole number.")
        return int(said)

    def words(self, name: str) -> tuple[Word, ...]:
        value = self.fields[name].value if name in self.fields else ()
        if isinstance(value, Word):
            return (value,)
        if value and isinstance(value[0], tuple):
            raise self.refuse("V108", name, f"{name} holds pairs; it must be a list of words.")
        return cast("tuple[Word, ...]", value)

    def pairs(self, name: str) -> tuple[tuple[Word, Word], ...]:
        value = self.fields[name].value if name in self.fields else ()
        if isinstance(value, Word) or (value and isinstance(value[0], Word)):
            raise self.refuse("V109", name, f"{name} must hold pairs, one a line: words: better words.")
        return cast("tuple[tuple[Word, Word], ...]", value)


def rule_of_file(path: Path, forms: Mapping[str, Any]) -> Rule:
    """The rule in `path`. `forms` is `packs/vale.toml`.

    LeftOut where the file is right but of a form that is not applied here; PackError where it is wrong.
    """
    source = Source(path, read_fields(path), forms)
    source = replace(source, extends=_extension(source))
    if "pos" in source.fields:
        raise LeftOut(
            f"{source.place(source.line('pos'))}: 'pos' asks for parts of speech, which are not told."
        )
    _check_names(source)
    form = forms[source.extends]
    level = source.text("level", "warning")
    check_choice("V112", source.place(source.line("level")), "level", level, list(forms["severity"]))
    category, practice = source.text("category", form["category"]), source.text("practice", form["practice"])
    check_choice("R103", source.place(source.line("category")), "category", category, CATEGORIES)
    check_choice("R104", source.place(source.line("practice")), "practice", practice, PRACTICES)
    rule = Rule(
        id=source.rule,
        kind=f"vale_{source.extends}",
        category=category,
        practice=practice,
        severity=cast(Severity, forms["severity"][level]),
        message=_message(source),
        why=_why(source),
        suggestions=_suggestions(source),
        any_language=True,
        only_if={},
        unless=(),
        options=_OPTIONS[source.extends](source),
        good=tuple(word.text for word in source.words("good")),
        bad=tuple(word.text for word in source.words("bad")),
        place=source.place(),
    )
    return _made(rule, source)


def _made(rule: Rule, source: Source) -> Rule:
    """`rule`, once its kind has said that it can work with it."""
    try:
        KINDS[rule.kind].make(rule, {})
    except ValueError as error:
        raise PackError("V113", source.place(), f"{error}.") from error
    return rule


def _extension(source: Source) -> str:
    if "extends" not in source.fields:
        raise PackError("V110", source.place(), "'extends' is missing; say what kind of rule this is.")
    extends, common = source.text("extends"), source.forms["common"]
    known = [kind.removeprefix("vale_") for kind in KINDS]
    if extends in common["left_out"]:
        raise LeftOut(
            f"{source.place(source.line('extends'))}: 'extends: {extends}' is not applied to replies; "
            f"{', '.join(known)} are."
        )
    check_choice("V111", source.place(source.line("extends")), "extends", extends, known)
    return extends


def _check_names(source: Source) -> None:
    known = [*source.forms["common"]["fields"], *source.forms[source.extends]["fields"]]
    for name in source.fields:
        if name not in known:
            raise source.refuse(
                "V114",
                name,
                f"{name!r} is unknown to 'extends: {source.extends}'.{nearest(name, known)}",
            )


def _scope(source: Source) -> str:
    """Where the rule looks. A scope such as `heading` names what replies do not have."""
    scopes: Mapping[str, str] = source.forms["scopes"]
    named = [word.text.split(".")[0] for word in source.words("scope")] or ["text"]
    usable = [scopes[name] for name in named if name in scopes]
    if not usable:
        raise LeftOut(
            f"{source.place(source.line('scope'))}: 'scope: {', '.join(named)}' names what a reply does not "
            f"have; {', '.join(scopes)} are applied."
        )
    return usable[0]


def _message(source: Source) -> str:
    """The rule's message, its `%s` as this coach writes them."""
    message = source.text("message")
    if not message.strip():
        raise source.refuse("V115", "message", "'message' is missing; say what is wrong with the words.")
    better_first = source.extends == "substitution"
    seen = iter(range(1, 100))

    def slot(found: re.Match[str]) -> str:
        number = int(found[2]) if found[2] else next(seen)
        if better_first and number == 1:
            return "{better}"
        return f"{found[1]}{{quote}}{found[3]}"

    return _SLOT.sub(slot, message)


def _why(source: Source) -> str:
    link, description = source.text("link"), source.text("description")
    reason = description or f"The style '{source.path.parent.name}' asks for it."
    return f"{reason} See {link}" if link else reason


def _suggestions(source: Source) -> tuple[str, ...]:
    """What Vale's `action` would write instead, where that needs no look at the text."""
    action = {name.text: words.text for name, words in source.pairs("action")}
    if action.get("name") == "remove":
        return ("",)
    return (
        tuple(action["params"].split("|")) if action.get("name") == "replace" and "params" in action else ()
    )


def _checked(source: Source, words: tuple[Word, ...]) -> list[str]:
    for word in words:
        try:
            python_of(word.text)
        except ValueError as error:
            raise PackError("V116", source.place(word.line), f"{error}.") from error
    return [word.text for word in words]


def _shared(source: Source) -> dict[str, Any]:
    return {
        "ignorecase": source.flag("ignorecase"),
        "nonword": source.flag("nonword"),
        "exceptions": _checked(source, source.words("exceptions")),
        "scope": _scope(source),
        "limit": source.number("limit") or 0,
    }


def _existence(source: Source) -> dict[str, Any]:
    tokens = _checked(source, source.words("tokens"))
    raw = source.words("raw")
    shared = _shared(source)
    if raw:
        tokens = _checked(source, (Word(_with_raw(source, raw, tokens), raw[0].line),))
        shared["nonword"] = True
    if not tokens:
        raise source.refuse("V117", "tokens", "'tokens' is missing or empty; list the words to find.")
    return {"tokens": tokens, **shared}


def _with_raw(source: Source, raw: tuple[Word, ...], tokens: list[str]) -> str:
    """The raw pieces as one expression, before the tokens or, with `append`, after them."""
    joined = "".join(word.text for word in raw)
    if not tokens:
        return joined
    words = f"(?:{'|'.join(tokens)})" if source.flag("nonword") else rf"\b(?:{'|'.join(tokens)})\b"
    return words + joined if source.flag("append") else joined + words


def _substitution(source: Source) -> dict[str, Any]:
    pairs = source.pairs("swap")
    if not pairs:
        raise source.refuse("V117", "swap", "'swap' is missing or empty; give words: better words.")
    _checked(source, tuple(words for words, _ in pairs))
    return {"swap": {words.text: better.text for words, better in pairs}, **_shared(source)}


def _occurrence(source: Source) -> dict[str, Any]:
    most, least = source.number("max"), source.number("min")
    if most is None and least is None:
        raise source.refuse("V118", "max", "'max' and 'min' are both missing; say how many are too many.")
    tokens = _checked(source, source.words("token"))
    if not tokens:
        raise source.refuse("V117", "token", "'token' is missing; say what is counted.")
    bounds = {name: value for name, value in (("most", most), ("least", least)) if value is not None}
    return {"tokens": tokens, **_shared(source), **bounds, "nonword": True}


def _repetition(source: Source) -> dict[str, Any]:
    tokens = _checked(source, source.words("tokens"))
    if not tokens:
        raise source.refuse("V117", "tokens", "'tokens' is missing or empty; say what may not be repeated.")
    most = source.number("max") or 0
    return {"tokens": tokens, "most": most, "alpha": source.flag("alpha"), **_shared(source), "nonword": True}


_OPTIONS: Mapping[str, Callable[[Source], dict[str, Any]]] = {
    "existence": _existence,
    "substitution": _substitution,
    "occurrence": _occurrence,
    "repetition": _repetition,
}
