"""Phrases as packs write them: `a (b|c|) d` stands for several, a final `*` for any ending.

One with many choices need not be written out. Some of its parts, the anchor, are looked for, and what may
stand before and behind is compared where the anchor is found: `(i|we) have (sent|lost|found) it` is then
three texts, `sent it`, `lost it` and `found it`, each after `i have ` or `we have `, and not six.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

from goodword.coach.text import fold

_WORDS = re.compile(r"[^()|]*")
_CHOICE = re.compile(r"\(([^()]*)\)")
_SIGNS = re.compile(r"[()|]")
_SPACES = re.compile(r" {2,}")
_ESCAPED = {"(": "\ue000", ")": "\ue001", "|": "\ue002"}  # '\(' is a bracket that stands in the text
_UNESCAPED = str.maketrans({stand_in: char for char, stand_in in _ESCAPED.items()})
MOST_VARIANTS = 2500
_FEW = 12  # so many variants, and fewer, are written out
_CHEAP = 8  # a text that is only compared costs so much less than one that is looked for
_TELLING = 9  # letters from which on a text is rare enough to be looked for
_COMMON = 3  # how much dearer each letter less makes it

Part = Sequence[str]  # the texts that one part may be
Row = Sequence[Part]  # parts, one after the other


class Frame(NamedTuple):
    """What must stand right before and behind an anchor, one of each; after `opened` any ending will do."""

    before: tuple[str, ...]
    behind: tuple[str, ...]
    opened: frozenset[str]


def expand(phrase: str) -> tuple[str, ...]:
    """Every phrase that `phrase` stands for, folded; ValueError when it cannot be read or is too many."""
    return tuple(dict.fromkeys(one for row in rows_of(phrase) for one in written_out(row)))


def written_out(row: Row) -> list[str]:
    """Every phrase that the parts in a row stand for."""
    return [one for one in map(str.strip, _joined(row)) if one.strip("* ")]


def _joined(row: Row) -> list[str]:
    if not row:
        return [""]
    texts = row[0] if len(row) == 1 else map("".join, product(*row))
    return _SPACES.sub(" ", "\x1f".join(texts)).translate(_UNESCAPED).split("\x1f")


@lru_cache(maxsize=20_000)
def rows_of(phrase: str) -> tuple[Row, ...]:
    """The choices that `phrase` is as a whole, each as parts in a row, folded; ValueError as for `expand`."""
    if not phrase.strip("* "):
        raise ValueError(f"{phrase!r} holds no words; write those to find")
    whole = fold(phrase)
    if not _SIGNS.search(whole):
        return (((whole,),),)
    for char, stand_in in _ESCAPED.items() if "\\" in whole else ():
        whole = whole.replace(f"\\{char}", stand_in)
    pieces = _CHOICE.split(whole)  # words and choices in turn, unless brackets stand in brackets
    if _SIGNS.search("".join(pieces[::2])):
        rows = _rows(whole, phrase)
    else:
        rows = [[piece.split("|") for piece in pieces if piece]]
    if sum(prod(map(len, row)) for row in rows) > MOST_VARIANTS:
        raise _too_many(phrase)
    return tuple(rows)


def _rows(whole: str, phrase: str) -> list[list[list[str]]]:
    """The same where a choice has choices in it; `phrase` is how it was written."""
    rows: list[list[list[str]]] = [[]]
    at = 0
    while at < len(whole):
        if whole[at] == ")":
            raise ValueError(f"the brackets of {phrase!r} do not match; there is a ')' too many")
        if whole[at] == "(":
            inner, at = _choices(whole, at + 1, phrase)
            rows[-1].append(inner)
        elif whole[at] == "|":
            rows.append([])
        else:
            stop = _WORDS.match(whole, at).end()  # type: ignore[union-attr]
            rows[-1].append([whole[at:stop]])
            at = stop - 1
        at += 1
    return rows


def _choices(whole: str, at: int, phrase: str) -> tuple[list[str], int]:
    """Read alternatives from `at` to the closing bracket; return them and its place."""
    done: list[str] = []
    here = [""]
    while at < len(whole) and whole[at] != ")":
        if whole[at] == "(":
            inner, at = _choices(whole, at + 1, phrase)
            here = [one + two for one in here for two in inner]
        elif whole[at] == "|":
            done, here = done + here, [""]
        else:
            stop = _WORDS.match(whole, at).end()  # type: ignore[union-attr]
            here, at = [one + whole[at:stop] for one in here], stop - 1
        at += 1
        if len(done) + len(here) > MOST_VARIANTS:
            raise _too_many(phrase)
    if at >= len(whole):
        raise ValueError(f"the brackets of {phrase!r} do not match; a ')' is missing")
    return done + here, at


def _too_many(phrase: str) -> ValueError:
    return ValueError(f"{phrase!r} stands for more than {MOST_VARIANTS} phrases; split it")


def framed(row: Row) -> list[tuple[str, Frame]]:
    """The parts in a row as anchors in frames; none where they are better written out."""
    sizes = list(map(len, row))
    if prod(sizes) <= _FEW:
        return []
    first, last = _anchor_of(row, sizes)
    if last - first == len(row):
        return []
    before, anchors, behind = (_joined(part) for part in (row[:first], row[first:last], row[last:]))
    if _cannot_be_framed(before, anchors, behind):
        return []
    frames = {edges: _frame(before, behind, *edges) for edges in set(map(_edges, anchors))}
    return [(anchor.strip().rstrip("*"), frames[_edges(anchor)]) for anchor in dict.fromkeys(anchors)]


def _anchor_of(row: Row, sizes: Sequence[int]) -> tuple[int, int]:
    """From where to where the parts are best looked for: those that make few texts, none of them short."""
    shortest = [min(map(len, part)) for part in row]
    best, found = float("inf"), (0, len(row))
    for first in range(len(row)):
        before, anchors, letters = prod(sizes[:first]), 1, 0
        for last in range(first + 1, len(row) + 1):
            anchors, letters = anchors * sizes[last - 1], letters + shortest[last - 1]
            if not letters:
                continue
            compared = before + prod(sizes[last:])
            cost = anchors + compared / _CHEAP + _COMMON ** max(0, _TELLING - letters)
            if cost < best:
                best, found = cost, (first, last)
    return found


def _cannot_be_framed(before: list[str], anchors: list[str], behind: list[str]) -> bool:
    """Whether an anchor may have no words, or a star stands where something comes behind it."""
    if not all(one.strip("* ") for one in anchors) or any("*" in one for one in before):
        return True
    return behind != [""] and any("*" in one for one in anchors)


def _edges(anchor: str) -> tuple[bool, bool, bool]:
    """Whether it begins with a space, ends with one, ends with a star."""
    return anchor[0] == " ", anchor[-1] == " ", anchor[-1] == "*"


def _frame(before: Iterable[str], behind: Iterable[str], leads: bool, trails: bool, stars: bool) -> Frame:
    """Two parts are one space apart where either brings it; at the ends of the whole is none."""
    heads = {one.lstrip() for one in before}
    tails = {one.rstrip() for one in behind}
    if leads:
        heads = {one and one.rstrip() + " " for one in heads}
    if trails:
        tails = {one and " " + one.lstrip() for one in tails}
    opened = frozenset({""} if stars else (one.rstrip("*") for one in tails if one[-1:] == "*"))
    return Frame(tuple(sorted(heads)), tuple(sorted({one.rstrip("*") for one in tails})), opened)
