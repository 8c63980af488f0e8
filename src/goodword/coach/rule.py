"""A rule as it stands in a pack: what it looks for, what it says, and its own good and bad lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from goodword.coach.errors import PackError, Place
from goodword.coach.results import CATEGORIES, PRACTICES, SEVERITIES, Severity

REQUIRED = ("id", "kind", "category", "practice", "severity", "message", "why", "good", "bad")
OPTIONAL = ("suggestions", "any_language", "only_if", "unless")
CONDITIONS = (
    "feeling",
    "customer_has",
    "customer_lacks",
    "draft_has",
    "draft_lacks",
    "customer_present",
    "upset",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `options` are those of its kind; `tag` is where its phrases are marked in the draft."""

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
    _check_choice("R102", place, "kind", table["kind"], sorted(option_types))
    _check_choice("R103", place, "category", table["category"], CATEGORIES)
    _check_choice("R104", place, "practice", table["practice"], PRACTICES)
    _check_choice("R105", place, "severity", table["severity"], SEVERITIES)
    takes = option_types[table["kind"]]
    options = {name: value for name, value in table.items() if name not in REQUIRED + OPTIONAL}
    for name, value in options.items():
        _check_option(place, table["kind"], name, value, takes)
    _check_conditions(place, table.get("only_if", {}))
    for name in ("good", "bad"):
        if not table[name]:
            raise PackError(
                "R108", place, f"{name!r} is empty; give at least one line, it is the rule's own test."
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
        any_language=bool(table.get("any_language", False)),
        only_if=table.get("only_if", {}),
        unless=tuple(table.get("unless", ())),
        options=options,
        good=tuple(table["good"]),
        bad=tuple(table["bad"]),
        place=place,
    )


def _check_choice(code: str, place: Place, name: str, value: Any, choices: Any) -> None:
    if value not in choices:
        raise PackError(code, place, f"{name} is {value!r}; it must be one of {', '.join(choices)}.")


def _check_option(place: Place, kind: str, name: str, value: Any, takes: Mapping[str, type]) -> None:
    if name not in takes:
        known = ", ".join(sorted(takes)) or "none"
        raise PackError("R106", place, f"{name!r} is no option of kind {kind!r}; its options are: {known}.")
    if not isinstance(value, takes[name]):
        raise PackError("R107", place, f"{name} is {value!r}; it must be a {takes[name].__name__}.")


def _check_conditions(place: Place, only_if: Mapping[str, Any]) -> None:
    for name in only_if:
        _check_choice("R109", place, "only_if", name, CONDITIONS)
