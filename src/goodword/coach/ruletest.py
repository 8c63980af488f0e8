"""Runs a rule's own good and bad lines, and tells all that is wrong with a folder of rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from goodword.coach.errors import CoachError, InputError, PackError, Place
from goodword.coach.pack import Pack, add_rules, prepared
from goodword.coach.reviewing import review
from goodword.coach.rule import Rule, nearest
from goodword.coach.rule_files import line_of, read_rules
from goodword.coach.trust import EVERYTHING

FIELDS = (
    "draft",
    "customer_message",
    "customer_name",
    "agent_name",
    "now",
    "tz",
    "holidays",
    "policies",
    "earlier_replies",
    "attachments",
    "kept",
    "fault",
)


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of testing a folder: how many rules and lines, and a sentence for each thing not right.

    `problems` keep a rule from being used, `failed` are lines that a rule judges wrongly, `left_out` are
    files that are right and not for this coach.
    """

    rules: int
    lines: int
    problems: tuple[str, ...]
    failed: tuple[str, ...]
    left_out: tuple[str, ...]


def try_folder(folder: Path, pack: Pack) -> Tested:
    """Load every rule in `folder` beside `pack` and run its good and bad lines."""
    found = read_rules(folder)
    usable: list[Rule] = []
    problems: list[PackError] = list(found.problems)
    for rule in found.rules:
        try:
            prepared(rule, pack.lists, pack.data)
            usable.append(rule)
        except PackError as error:
            problems.append(error)
    tested = add_rules(pack, usable)
    own = tested.rules[len(tested.rules) - len(usable) :]
    return Tested(
        rules=len(usable),
        lines=sum(len(rule.good) + len(rule.bad) for rule in usable),
        problems=tuple(str(problem) for problem in sorted(problems, key=_place)),
        failed=tuple(failure for rule in own for failure in failures(rule, tested)),
        left_out=found.left_out,
    )


def _place(error: PackError) -> tuple[str, int]:
    return error.place.file, error.place.line


def failures(rule: Rule, pack: Pack) -> Iterator[str]:
    """A sentence for each bad line in which the rule finds nothing, and each good one in which it does."""
    alone = replace(pack, doubts={}, trust=EVERYTHING, rules=(replace(rule, only_with_others=False),))
    for wanted, kind, lines in ((True, "bad", rule.bad), (False, "good", rule.good)):
        for line in lines:
            try:
                fires = _fires(line, alone)
            except CoachError as error:
                yield f"{_at(rule, kind, line)}: the {kind} line {_shown(line)!r} cannot be used: {error}"
                continue
            if fires is not wanted:
                found = "something" if fires else "nothing"
                yield f"{_at(rule, kind, line)}: finds {found} in the {kind} line {_shown(line)!r}."


def _fires(line: str | Mapping[str, Any], pack: Pack) -> bool:
    given = {"draft": line} if isinstance(line, str) else dict(line)
    for name in given:
        if name not in FIELDS:
            raise InputError("R116", f"it has no field {name!r}.{nearest(name, FIELDS)}")
    given.setdefault("draft", "")
    return bool(review(**given, pack=pack).findings)


def _at(rule: Rule, kind: str, line: str | Mapping[str, Any]) -> Place:
    """The place of the rule, at the line of the file that holds `line` where it can be told."""
    if not rule.place.file.endswith(".toml") or not Path(rule.place.file).is_file():
        return rule.place
    words = _shown(line).splitlines() or [""]
    return replace(rule.place, line=line_of(rule.place, words[0], kind))


def _shown(line: str | Mapping[str, Any]) -> str:
    return line if isinstance(line, str) else str(line.get("draft", ""))
