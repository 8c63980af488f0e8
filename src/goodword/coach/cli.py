"""The coach on the command line: `goodword coach review|read|rules`.

Exit codes: 0 when nothing above a hint was found, 1 when a warning or a stop was, 2 when an input or pack
cannot be used. With `--json` each line in is one object and each line out its result; a line that cannot be
used gives an error object in its place and a sentence on standard error, and the others are still done.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from goodword.coach.errors import CoachError, InputError
from goodword.coach.human import show_reading, show_review, show_rule
from goodword.coach.json_form import as_json
from goodword.coach.pack import load_pack, with_rules
from goodword.coach.results import Review
from goodword.coach.reviewing import read, review
from goodword.coach.ruletest import failures

FINE, FOUND, UNUSABLE = 0, 1, 2
REVIEW_FIELDS = {
    "draft": (str,),
    "customer_message": (str, list, type(None)),
    "customer_name": (str, type(None)),
    "agent_name": (str, type(None)),
    "now": (str, type(None)),
    "tz": (str, type(None)),
    "holidays": (list,),
    "policies": (list,),
    "earlier_replies": (list,),
    "attachments": (int, type(None)),
}
READ_FIELDS = {"message": (str,), "now": (str, type(None)), "tz": (str, type(None))}
TYPE_NAMES = {str: "text", list: "a list", int: "a whole number", type(None): "null"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the coach's commands and options to `parser`."""
    commands = parser.add_subparsers(dest="coach_command", required=True, metavar="review|read|rules")
    reviewing = commands.add_parser(
        "review", help="review a draft reply", description="Review a draft reply."
    )
    _add_input(reviewing)
    reviewing.add_argument("--customer", metavar="FILE", help="the customer's message that the draft answers")
    reviewing.add_argument("--name", help="the customer's name")
    reviewing.add_argument("--agent", help="the name of the author of the draft")
    reading = commands.add_parser(
        "read", help="read a customer's message", description="Read a customer's message."
    )
    _add_input(reading)
    rules = commands.add_parser(
        "rules", help="list, explain or test rules", description="List, explain or test rules."
    )
    rules.add_argument("action", choices=("list", "explain", "test"), nargs="?", default="list")
    rules.add_argument("what", nargs="?", help="a rule's id to explain, or a folder of rules to test")


def _add_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="the text; - or nothing: standard input"
    )
    parser.add_argument("--json", action="store_true", help="JSON lines in, JSON lines out")
    parser.add_argument("--now", help="the moment of writing, ISO form (default: now; with --json: none)")
    parser.add_argument("--tz", help="the time zone by name, e.g. Europe/Berlin")


def run(args: argparse.Namespace) -> int:
    """Do what the parsed arguments ask for; return the exit code."""
    try:
        if args.coach_command == "rules":
            return _rules(args)
        if args.json:
            return _json_lines(args)
        return _review(args) if args.coach_command == "review" else _read(args)
    except (CoachError, OSError, UnicodeDecodeError) as error:
        _complain(_sentence(error))
        return UNUSABLE


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="goodword coach", description="The coach, on the command line.")
    add_arguments(parser)
    return run(parser.parse_args(argv))


def _review(args: argparse.Namespace) -> int:
    draft = _text(args.file)
    customer = _text(args.customer) if args.customer else None
    result = review(
        draft,
        customer_message=customer,
        customer_name=args.name,
        agent_name=args.agent,
        now=args.now or datetime.now(UTC),
        tz=args.tz,
    )
    _say(show_review(result, draft, customer or "", colour=sys.stdout.isatty()))
    return _exit_code(result)


def _read(args: argparse.Namespace) -> int:
    message = _text(args.file)
    _say(show_reading(read(message, now=args.now or datetime.now(UTC), tz=args.tz)))
    return FINE


def _exit_code(result: Review) -> int:
    return FOUND if any(finding.severity != "hint" for finding in result.findings) else FINE


def _json_lines(args: argparse.Namespace) -> int:
    one = _review_one if args.coach_command == "review" else _read_one
    worst = FINE
    with _opened(args.file) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                worst = max(worst, _json_line(one, args, number, line))
    return worst


def _json_line(
    one: Callable[[dict[str, Any], argparse.Namespace], Any], args: argparse.Namespace, number: int, line: str
) -> int:
    try:
        result = one(_object(line), args)
    except (CoachError, RecursionError) as error:
        sentence = f"Line {number}: {_sentence(error)}"
        _complain(sentence)
        _say(json.dumps({"error": sentence, "line": number}))
        return UNUSABLE
    _say(json.dumps(as_json(result)))
    return _exit_code(result) if isinstance(result, Review) else FINE


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise InputError("I201", f"this is not JSON: {error}. Give one object a line.") from error
    if not isinstance(value, dict):
        raise InputError("I202", f'this is {type(value).__name__}; give an object such as {{"draft": "…"}}.')
    return value


def _review_one(given: dict[str, Any], args: argparse.Namespace) -> Review:
    fields = _fields(given, REVIEW_FIELDS, "draft")
    fields.setdefault("now", args.now)
    fields.setdefault("tz", args.tz)
    return review(**fields)


def _read_one(given: dict[str, Any], args: argparse.Namespace) -> Any:
    known = {name: given[name] for name in READ_FIELDS if name in given}
    if "customer_message" in given:
        known.setdefault("message", given["customer_message"])
    fields = _fields(known, READ_FIELDS, "message")
    fields.setdefault("now", args.now)
    fields.setdefault("tz", args.tz)
    return read(**fields)


def _fields(given: dict[str, Any], types: dict[str, tuple[type, ...]], needed: str) -> dict[str, Any]:
    """The known fields of `given`, checked; what is not known may be there and is left out."""
    if needed not in given:
        raise InputError("I203", f"{needed!r} is missing; it holds the text.")
    fields: dict[str, Any] = {}
    for name, allowed in types.items():
        if name not in given:
            continue
        value = given[name]
        if not isinstance(value, allowed) or isinstance(value, bool):
            wanted = " or ".join(TYPE_NAMES[kind] for kind in allowed)
            raise InputError("I204", f"{name} is {value!r}; it must be {wanted}.")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise InputError("I205", f"{name} is {value!r}; each of its items must be text.")
        fields[name] = value
    return fields


def _rules(args: argparse.Namespace) -> int:
    pack = load_pack()
    if args.action == "list":
        _say("\n".join(f"{r.id:28} {r.severity:5} {r.practice:3} {r.category}" for r in pack.rules))
        return FINE
    if not args.what:
        what = "the id of a rule" if args.action == "explain" else "a folder of rules"
        raise InputError("I206", f"'rules {args.action}' needs {what}.")
    if args.action == "explain":
        rule = next((rule for rule in pack.rules if rule.id == args.what), None)
        if rule is None:
            raise InputError("I207", f"There is no rule {args.what!r}; 'rules list' shows them all.")
        _say(show_rule(rule))
        return FINE
    folder = Path(args.what)
    tested = with_rules(pack, folder)
    own = [rule for rule in tested.rules if Path(rule.place.file).parent == folder]
    found = [failure for rule in own for failure in failures(rule, tested)]
    _say("\n".join([*found, f"{len(own)} rules tested, {len(found)} lines failed."]))
    return FOUND if found else FINE


def _text(name: str) -> str:
    return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")


def _opened(name: str) -> TextIO:
    return (
        open(sys.stdin.fileno(), encoding="utf-8", closefd=False)
        if name == "-"
        else open(name, encoding="utf-8")
    )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _complain(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def _sentence(error: Exception) -> str:
    if isinstance(error, CoachError):
        return str(error)
    if isinstance(error, OSError):
        name = f"{error.filename!r} cannot be read: {error.strerror}."
        return f"{name} Give a file of text, or - for standard input."
    return f"The text cannot be used: {error}."


if __name__ == "__main__":
    sys.exit(main())
