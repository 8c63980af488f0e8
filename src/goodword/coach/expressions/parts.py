"""What an expression is made of, and which characters it can begin with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

UNIVERSE = "".join(map(chr, [*range(9, 14), *range(32, 0x250), *range(0x2000, 0x2070)]))
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Char:
    """One character that stands for itself."""

    char: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character of a class; `members` are its characters where they are few and listed one by one."""

    source: str
    members: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    r"""A place without width: `\b`, `^`, `$`."""

    source: str


@dataclass(frozen=True, slots=True)
class Look:
    """A look ahead or behind; `opening` is its bracket, such as `(?=`."""

    opening: str
    body: Choice


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives in brackets; `number` where the bracket captures, `opening` where it says more."""

    body: Choice
    number: int | None = None
    opening: str = "(?:"


@dataclass(frozen=True, slots=True)
class Repeat:
    """`part` from `least` to `most` times; `how` is empty, `?` (lazy) or `+` (possessive)."""

    part: Part
    least: int
    most: int
    how: str = ""


Part = Char | OneOf | Edge | Look | Group | Repeat
Sequence = tuple[Part, ...]
Choice = tuple[Sequence, ...]


@cache
def _of_class(source: str) -> frozenset[str]:
    return frozenset(re.findall(source, UNIVERSE, re.IGNORECASE | re.DOTALL))


def first_of(part: Part) -> tuple[frozenset[str], bool]:
    """The characters `part` can begin with, and whether it can be empty."""
    match part:
        case Char(char):
            same = {char, char.lower(), char.upper()}
            return (frozenset({"'", "’"}) if char == "'" else frozenset(same)), False
        case OneOf(source):
            return _of_class(source), False
        case Edge() | Look():
            return NOTHING, True
        case Group(body):
            return first_of_choice(body)
        case Repeat(inner, least):
            first, empty = first_of(inner)
            return first, empty or least == 0


def first_of_sequence(sequence: Sequence) -> tuple[frozenset[str], bool]:
    found = NOTHING
    for part in sequence:
        first, empty = first_of(part)
        found |= first
        if not empty:
            return found, False
    return found, True


def first_of_choice(choice: Choice) -> tuple[frozenset[str], bool]:
    firsts = [first_of_sequence(sequence) for sequence in choice]
    return frozenset().union(*(first for first, _ in firsts)), any(empty for _, empty in firsts)
