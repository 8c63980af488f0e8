"""`goodword coach rules`: list them, explain one, test a folder of one's own."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from goodword.coach.commands.choosing import add_choice, asked, chosen_pack
from goodword.coach.commands.terminal import FINE, FOUND, UNUSABLE, count_of, say
from goodword.coach.errors import InputError
from goodword.coach.human import show_rule, visible
from goodword.coach.pack import Pack
from goodword.coach.rule import Rule
from goodword.coach.rule_files import rule_named
from goodword.coach.ruletest import Tested, try_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "explain", "test"), nargs="?", default="list")
    parser.add_argument("what", nargs="*", help="ids of rules to explain, or folders of rules to test")
    parser.add_argument("--json", action="store_true", help="one JSON list of the rules")
    add_choice(parser)


def run(args: argparse.Namespace) -> int:
    pack = chosen_pack(asked(args))
    if args.action == "list":
        return _list(pack.rules, args)
    if not args.what:
        what = "the id of a rule" if args.action == "explain" else "a folder of rules"
        raise InputError("I206", f"'rules {args.action}' needs {what}.")
    if args.action == "explain":
        return _explain([rule_named(name, pack.rules) for name in args.what], args)
    return max(_test(folder, pack) for folder in _folders(args.what))


def _list(rules: tuple[Rule, ...], args: argparse.Namespace) -> int:
    if args.json:
        say(json.dumps([rule_as_json(rule) for rule in rules], ensure_ascii=False, indent=1))
    else:
        widest = max((len(rule.id) for rule in rules), default=0)
        say("\n".join(f"{r.id:{widest}} {r.severity:5} {r.practice:3} {r.category}" for r in rules))
    return FINE


def _explain(rules: list[Rule], args: argparse.Namespace) -> int:
    if args.json:
        say(json.dumps([rule_as_json(rule) for rule in rules], ensure_ascii=False, indent=1))
    else:
        say("\n\n".join(show_rule(rule) for rule in rules))
    return FINE


def rule_as_json(rule: Rule) -> dict[str, Any]:
    """What a reader of rules wants to know; `file` and `line` are where it is written."""
    return {
        "id": rule.id,
        "kind": rule.kind,
        "category": rule.category,
        "practice": rule.practice,
        "severity": rule.severity,
        "message": rule.message,
        "why": rule.why,
        "suggestions": list(rule.suggestions),
        "good": list(rule.good),
        "bad": list(rule.bad),
        "file": rule.place.file,
        "line": rule.place.line,
    }


def _folders(names: list[str]) -> list[Path]:
    """The folders named; a file stands for its folder, so that a list of changed files will do."""
    paths = (Path(name) for name in names)
    return list(dict.fromkeys(path.parent if path.is_file() else path for path in paths))


def _test(folder: Path, pack: Pack) -> int:
    tested = try_folder(folder, pack)
    say(
        "\n".join(
            visible(line) for line in [*tested.problems, *tested.failed, *tested.left_out, _sum(tested)]
        )
    )
    if tested.problems:
        return UNUSABLE
    return FOUND if tested.failed else FINE


def _sum(tested: Tested) -> str:
    counts = [f"{count_of(tested.rules, 'rule')} with {count_of(tested.lines, 'line')} tested"]
    counts.append(f"{count_of(len(tested.failed), 'line')} failed")
    if tested.problems:
        counts.append(f"{count_of(len(tested.problems), 'error')} to mend")
    if tested.left_out:
        counts.append(f"{count_of(len(tested.left_out), 'rule')} left out")
    return ", ".join(counts) + "."
