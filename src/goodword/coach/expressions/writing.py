"""Writes a read expression as one of Python, or as the plain phrases it stands for."""

from __future__ import annotations

import re
from itertools import product

from goodword.coach.expressions.cost import check_cost
from goodword.coach.expressions.parts import Char, Choice, Edge, Group, Look, OneOf, Part, Repeat, Sequence
from goodword.coach.expressions.reading import read_expression

MOST_PHRASES = 400


def python_of(source: str, prefix: str = "g") -> str:
    """`source` as a bounded Python expression, its capturing brackets named `prefix` and their number.

    ValueError says why it cannot be used.
    """
    choice = read_expression(source)
    check_cost(choice, source)
    written = _choice(choice, prefix)
    try:
        re.compile(written)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"the expression {source!r} cannot be used: {error}") from error
    return written


def phrases_of(source: str) -> list[str] | None:
    """The phrases that `source` stands for, or None where it stands for more than a list of words."""
    found: list[str] = []
    for sequence in read_expression(source):
        spelt = _spell_sequence(_without_edges(sequence))
        if spelt is None or len(found) + len(spelt) > MOST_PHRASES:
            return None
        found += spelt
    usable = all(phrase.strip(" *") and "\\" not in phrase and phrase[-1] != "*" for phrase in found)
    return list(dict.fromkeys(found)) if usable else None


def _without_edges(sequence: Sequence) -> Sequence:
    r"""A phrase stands between word edges anyway, so `\b` around it says nothing."""
    edge = Edge(r"\b")
    while sequence and sequence[0] == edge:
        sequence = sequence[1:]
    while sequence and sequence[-1] == edge:
        sequence = sequence[:-1]
    return sequence


def _spell_sequence(sequence: Sequence) -> list[str] | None:
    done = [""]
    for part in sequence:
        spelt = _spell(part)
        if spelt is None or len(done) * len(spelt) > MOST_PHRASES:
            return None
        done = [one + two for one, two in product(done, spelt)]
    return done


def _spell(part: Part) -> list[str] | None:
    match part:
        case Char(char):
            return [char] if char.isprintable() else None
        case OneOf(_, members) if members:
            return list(members)
        case Group(body, opening="(?:"):
            spelt = [_spell_sequence(sequence) for sequence in body]
            return None if None in spelt else [word for words in spelt for word in words or ()]
        case Repeat(inner, least, most) if most <= 3:
            words = _spell(inner)
            return None if words is None else _repeat_words(words, least, most)
    return None


def _repeat_words(words: list[str], least: int, most: int) -> list[str]:
    return ["".join(chosen) for count in range(least, most + 1) for chosen in product(words, repeat=count)]


def _choice(choice: Choice, prefix: str) -> str:
    return "|".join("".join(_write(part, prefix) for part in sequence) for sequence in choice)


def _write(part: Part, prefix: str) -> str:
    match part:
        case Char(char):
            return _char(char)
        case OneOf(source):
            return source
        case Edge(source):
            return source
        case Look(opening, body):
            return f"{opening}{_choice(body, prefix)})"
        case Group(body, number, opening):
            start = opening if number is None else f"(?P<{prefix}{number}>"
            return f"{start}{_choice(body, prefix)})"
        case Repeat(inner, least, most, how):
            written = _write(inner, prefix)
            if isinstance(inner, Repeat):
                written = f"(?:{written})"
            return f"{written}{{{least},{most}}}{how}"


def _char(char: str) -> str:
    """Straight and curly apostrophes are one, and a space may be the end of a line."""
    if char in "'’":
        return "['’]"
    return r"\s" if char == " " else re.escape(char)
