"""Speaking to whoever started a command: results, complaints, exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from goodword.coach.errors import CoachError
from goodword.coach.results import SEVERITIES, Review

FINE, FOUND, UNUSABLE = 0, 1, 2
BROKEN_OFF = 130  # as a shell says of whatever ended by Ctrl-C
NEVER = "never"
RANKS: Mapping[str, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def say(text: str) -> None:
    """Write a result and see that it is out, so that whoever reads along waits for nothing."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def in_colour() -> bool:
    """Only a terminal gets colour, and only where NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def sentence_of(error: Exception) -> str:
    """What is wrong, and what to do, as one line."""
    if isinstance(error, CoachError):
        return str(error)
    if isinstance(error, OSError):
        name = f"{error.filename!r} cannot be read: {error.strerror}."
        return f"{name} Give a file of text, or - for standard input."
    if isinstance(error, UnicodeDecodeError):
        return f"The text cannot be used: {error}. Give it in UTF-8."
    return f"The text cannot be used: {error}."


def count_of(number: int, noun: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def fails(result: Review, fail_on: str) -> int:
    """The exit code that `result` asks for: 1 where a finding is as grave as `fail_on`, or graver."""
    grave = any(fail_on != NEVER and RANKS[f.severity] <= RANKS[fail_on] for f in result.findings)
    return FOUND if grave else FINE
