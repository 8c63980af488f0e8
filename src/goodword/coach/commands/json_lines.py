"""JSON lines in, JSON lines out: one object a line, its fields those of the contract.

A line that cannot be used gives an error object in its place and a sentence on standard error; the others
are still done.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any, TextIO, TypeVar

from goodword.coach.commands.terminal import FINE, UNUSABLE, complain, fails, say, sentence_of
from goodword.coach.drafts import without_gaps
from goodword.coach.errors import CoachError, InputError
from goodword.coach.json_form import as_json
from goodword.coach.pack import Pack
from goodword.coach.results import Reading, Review
from goodword.coach.reviewing import read, review

REVIEW_FIELDS: Mapping[str, tuple[type, ...]] = {
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
    "kept": (dict, type(None)),
    "fault": (str, type(None)),
}
READ_FIELDS: Mapping[str, tuple[type, ...]] = {
    "message": (str,),
    "now": (str, type(None)),
    "tz": (str, type(None)),
}
FIELD_NAMES = tuple({**REVIEW_FIELDS, **READ_FIELDS})
ALIKE = 0.85  # from how much likeness on another name is taken for a slip of the pen, 0 to 1
T = TypeVar("T")
TYPE_NAMES = {str: "text", list: "a list", dict: "an object", int: "a whole number", type(None): "null"}


def review_lines(name: str, args: argparse.Namespace, pack: Pack) -> int:
    """Review each line of the file `name`; return the exit code."""

    def one(given: dict[str, Any]) -> Review:
        result = review(**_filled(given, args), pack=pack)
        return without_gaps(result) if args.template else result

    return _each_line(name, one, lambda result: fails(result, args.fail_on))


def read_lines(name: str, args: argparse.Namespace) -> int:
    """Read each line of the file `name`; return the exit code."""
    return _each_line(name, lambda given: _read_one(given, args), lambda result: FINE)


def _read_one(given: dict[str, Any], args: argparse.Namespace) -> Reading:
    known = {name: given[name] for name in READ_FIELDS if name in given}
    if "customer_message" in given:
        known.setdefault("message", given["customer_message"])
    return read(**_filled(known, args, READ_FIELDS, "message"))


def _each_line(name: str, one: Callable[[dict[str, Any]], T], code: Callable[[T], int]) -> int:
    worst = FINE
    try:
        with _opened(name) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    worst = max(worst, _line(one, code, number, line))
    except OSError as error:
        complain(sentence_of(error))
        return UNUSABLE
    except UnicodeDecodeError as error:
        complain(f"{name}: {sentence_of(error)}")
        return UNUSABLE
    return worst


def _line(one: Callable[[dict[str, Any]], T], code: Callable[[T], int], number: int, line: str) -> int:
    try:
        result = one(_object(line))
    except (CoachError, RecursionError) as error:
        sentence = f"Line {number}: {sentence_of(error)}"
        complain(sentence)
        say(json.dumps({"error": sentence, "line": number}))
        return UNUSABLE
    say(json.dumps(as_json(result)))
    return code(result)


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError as error:
        raise InputError("I201", f"this is not JSON: {error}. Give one object a line.") from error
    if not isinstance(value, dict):
        raise InputError("I202", f'this is {type(value).__name__}; give an object such as {{"draft": "…"}}.')
    return value


def _filled(
    given: Mapping[str, Any],
    args: argparse.Namespace,
    types: Mapping[str, tuple[type, ...]] = REVIEW_FIELDS,
    needed: str = "draft",
) -> dict[str, Any]:
    fields = known_fields(given, types, needed)
    fields.setdefault("now", args.now)
    fields.setdefault("tz", args.tz)
    return fields


def known_fields(
    given: Mapping[str, Any], types: Mapping[str, tuple[type, ...]] = REVIEW_FIELDS, needed: str = "draft"
) -> dict[str, Any]:
    """The known fields of `given`, checked; others may be there and are left out, but no misspelled one."""
    for name in given:
        meant = () if name in FIELD_NAMES else get_close_matches(name, FIELD_NAMES, n=1, cutoff=ALIKE)
        if meant:
            raise InputError("I206", f"There is no field {name!r}. Did you mean {meant[0]!r}?")
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


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig")
    else:
        with open(name, encoding="utf-8-sig") as lines:
            yield lines
