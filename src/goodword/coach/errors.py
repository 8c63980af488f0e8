"""Errors of the coach: each has a code, says what is wrong, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a pack something is wrong: the file, the line (0: unknown) and the rule's id."""

    file: str
    line: int = 0
    rule: str = ""

    def __str__(self) -> str:
        spot = f"{self.file}:{self.line}" if self.line else self.file
        return f"{spot}: rule {self.rule!r}" if self.rule else spot


class CoachError(Exception):
    """Something the caller gave cannot be used. `code` is stable, the text is for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"[{code}] {sentence}")
        self.code = code
        self.sentence = sentence


class PackError(CoachError):
    """A pack or rule is written wrongly; the text names file, line, rule and the remedy."""

    def __init__(self, code: str, place: Place, sentence: str) -> None:
        super().__init__(code, f"{place}: {sentence}")
        self.place = place


class EngineError(CoachError):
    """The readers do not fit together in the order they stand."""


class InputError(CoachError):
    """The words, names, moments or lists given to `read` or `review` cannot be used."""
