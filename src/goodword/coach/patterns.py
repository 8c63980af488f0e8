"""Regular expressions as rules may write them: with an end to every repeat, so that none can run away."""

from __future__ import annotations

import re

_CLASS = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\.")
_UNBOUNDED = re.compile(r"(?:[*+]|\{\d*,\})(?!\+)")


def bounded(pattern: str) -> re.Pattern[str]:
    """`pattern` ready for use; ValueError, a sentence, where it cannot be read or repeats without a limit."""
    if _UNBOUNDED.search(_CLASS.sub("x", pattern)):
        raise ValueError(
            f"the pattern {pattern!r} repeats without a limit; write {{0,40}} or the possessive ++ and *+"
        )
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern {pattern!r} cannot be read: {error}") from error
