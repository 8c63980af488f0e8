"""A rule as it stands in a pack: what it looks for, what it says, and its own good and bad lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, cast

from goodword.coach.errors import PackError, Place
from goodword.coach.patterns import bounded
from goodword.coach.results import CATEGORIES, PRACTICES, SEVERITIES, Severity

REQUIRED = ("id", "kind", "category", "practice", "severity", "message", "why", "good", "bad")
OPTIONAL = ("suggestions", "any_language", "only_if", "unless", "rewrites", "only_with_others")
TYPES: Mapping[str, type] = {
    **dict.fromkeys(("id", "kind", "category", "practice", "severity", "message", "why"), str),
    **dict.fromkeys(("suggestions", "unless", "good", "bad", "rewrites"), list),
    "any_language": bool,
    "only_with_others": bool,
    "only_if": dict,
}
TYPE_NAMES: Mapping[type, str] = {
    str: "text",
    list: "a list",
    dict: "a table",
    bool: "true or false",
    int: "a whole number",
}
TEXTS = ("suggestions", "unless")
CONDITIONS = (
    "feeling",
    "customer_has",
    "customer_lacks",
    "draft_has",
    "draft_lacks",
    "customer_present",
    "upset",
    "fault",
)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Words that can be said better: what `find` finds becomes `say`, with its groups put in."""

    find: re.Pattern[str]
    say: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `options` are those of its kind; `tag` is where its phrases are marked in the draft.

    `only_with_others`: its remarks are made only where another rule has one; alone they are wrong too often.
    """

    id: str
    kind: str
    category: str
    practice: str
    severity: Severity
    message: str
    why: str
    suggestions: tuple[str, ...]
    any_language: bool
    only_if: Mapping[str, Any]
    unless: tuple[str, ...]
    options: Mapping[str, Any]
    good: tuple[str | Mapping[str, Any], ...]
    bad: tuple[str | Mapping[str, Any], ...]
    place: Place
    rewrites: tuple[Rewriting, ...] = ()
    only_with_others: bool = False
    made: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return f"rule.{self.id}"

    @property
    def unless_tag(self) -> str:
        return f"unless.{self.id}"


def rule_from_toml(
    table: Mapping[str, Any], place: Place, option_types: Mapping[str, Mapping[str, type]]
) -> Rule:
    """Return the rule that `table` describes; PackError says what is wrong with it and how to mend it.

    `option_types` gives for each kind of check the options it takes and their types.
    """
    place = Place(place.file, place.line, str(table.get("id", "")))
    for name in REQUIRED:
        if name not in table:
            raise PackError("R101", place, f"{name!r} is missing; every rule has {', '.join(REQUIRED)}.")
    _check_types(place, table)
    check_choice("R102", place, "kind", table["kind"], sorted(option_types))
    check_choice("R103", place, "category", table["category"], CATEGORIES)
    check_choice("R104", place, "practice", table["practice"], PRACTICES)
    check_choice("R105", place, "severity", table["severity"], SEVERITIES)
    takes = option_types[table["kind"]]
    options = {name: value for name, value in table.items() if name not in REQUIRED + OPTIONAL}
    for name, value in options.items():
        _check_option(place, table["kind"], name, value, takes)
    for name in table.get("only_if", {}):
        check_choice("R109", place, "only_if", name, CONDITIONS)
    for name in ("good", "bad"):
        if not table[name]:
            raise PackError(
                "R108",
                place,
                f"{name!r} is empty; give at least one line, it is the rule's own test.",
                about=name,
            )
    return Rule(
        id=table["id"],
        kind=table["kind"],
        category=table["category"],
        practice=table["practice"],
        severity=cast(Severity, table["severity"]),
        message=table["message"],
        why=table["why"],
        suggestions=tuple(table.get("suggestions", ())),
        any_language=table.get("any_language", False),
        only_if=table.get("only_if", {}),
        unless=tuple(table.get("unless", ())),
        rewrites=tuple(_rewriting(place, one) for one in table.get("rewrites", ())),
        only_with_others=table.get("only_with_others", False),
        options=options,
        good=tuple(table["good"]),
        bad=tuple(table["bad"]),
        place=place,
    )


def _rewriting(place: Place, table: Any) -> Rewriting:
    if not isinstance(table, Mapping) or set(table) != {"find", "say"}:
        raise PackError(
            "R117",
            place,
            f"rewrites holds {table!r}; each is a table {{ find = '…', say = '…' }}.",
            about="rewrites",
        )
    try:
        return Rewriting(bounded(table["find"]), table["say"])
    except ValueError as error:
        raise PackError("R110", place, f"{error}", about="rewrites") from error


def check_choice(code: str, place: Place, name: str, value: Any, choices: Iterable[str]) -> None:
    """PackError where `value` is none of `choices`; the nearest of them is named."""
    if value not in choices:
        listed = f"it must be one of {', '.join(choices)}"
        raise PackError(code, place, f"{name} is {value!r}; {listed}.{nearest(value, choices)}", about=name)


def nearest(value: Any, choices: Iterable[str]) -> str:
    """A sentence that names the choice most like `value`, or nothing."""
    close = get_close_matches(str(value), list(choices), n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""


def _check_types(place: Place, table: Mapping[str, Any]) -> None:
    for name, wanted in TYPES.items():
        value = table.get(name)
        if name in table and not isinstance(value, wanted):
            raise PackError(
                "R113", place, f"{name} is {value!r}; it must be {TYPE_NAMES[wanted]}.", about=name
            )
        if wanted is str and name in table and not str(value).strip():
            raise PackError("R114", place, f"{name} is empty; write it out.", about=name)
    for name in TEXTS:
        _check_items(place, name, table.get(name, ()), (str,))
    for name in ("good", "bad"):
        _check_items(place, name, table[name], (str, Mapping))


def _check_items(place: Place, name: str, items: Any, wanted: tuple[type, ...]) -> None:
    wrong = next((item for item in items if not isinstance(item, wanted)), None)
    if wrong is not None:
        what = "text" if Mapping not in wanted else "text, or a table such as { draft = '…' }"
        raise PackError(
            "R115", place, f"{name} holds {wrong!r}; each of its items must be {what}.", about=name
        )


def _check_option(place: Place, kind: str, name: str, value: Any, takes: Mapping[str, type]) -> None:
    if name not in takes:
        known = ", ".join(sorted(takes)) or "none"
        hint = nearest(name, [*takes, *REQUIRED, *OPTIONAL])
        raise PackError(
            "R106",
            place,
            f"{name!r} is no option of kind {kind!r}; its options are: {known}.{hint}",
            about=name,
        )
    if not isinstance(value, takes[name]) or (isinstance(value, bool) and takes[name] is not bool):
        wanted = TYPE_NAMES[takes[name]]
        raise PackError("R107", place, f"{name} is {value!r}; it must be {wanted}.", about=name)
    if name == "phrases":
        _check_items(place, name, value, (str,))
