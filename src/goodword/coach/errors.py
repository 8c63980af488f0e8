"""Errors of the coach: each has a code, says what is wrong, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, replace


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
    """A pack or rule is written wrongly; the text names file, line, rule and the remedy.

    `about` are the words the error is about (a field's name, a phrase), so that their line can be found.
    """

    def __init__(self, code: str, place: Place, sentence: str, *, about: str = "") -> None:
        super().__init__(code, f"{place}: {sentence}")
        self.place = place
        self.about = about
        self._told = sentence

    def at(self, line: int) -> PackError:
        """The same error at another line of its file."""
        place = replace(self.place, line=line)
        return PackError(self.code, place, self._told, about=self.about)


class EngineError(CoachError):
    """The readers do not fit together in the order they stand."""


class InputError(CoachError):
    """The words, names, moments or lists given to `read` or `review` cannot be used."""
