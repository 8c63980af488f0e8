"""What a text must hold for a regular expression to be found in it, so that few of them have to be tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from goodword.coach.text import fold

_MOST = 600  # texts of one expression
_MOST_TOGETHER = 60  # texts that parts in a row make together
_COMMON = frozenset(" .,'-abcdefghijklmnopqrstuvwxyz")  # what stands in nearly every text
_SIGN = 4  # any other sign is worth so many letters
_QUANTIFIER = re.compile(r"([*+?]|\{(\d*)(?:,(\d*))?\})[?+]?")
_LETTERS = re.compile(r"[A-Za-z0-9 ,'_-]+(?![*+?{])")
_WORDS = re.compile(r"[A-Za-z0-9 ,'_-]++(?:\|[A-Za-z0-9 ,'_-]++)*+(?=\)|$)")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*+\]", re.DOTALL)
_FEW = re.compile(r"\[([^\W_]{1,4}|[^\w\s\\\]^-]{1,4})\]")
_GROUP = re.compile(r"\((?:\?(?:P<\w+>|i:|[:>=!]|<[=!]))?")
_UNSEEN = ("(?!", "(?<=", "(?<!")
_BREAKS = frozenset({""})

Texts = frozenset[str]


class _UnknownError(Exception):
    """The pattern has something in it that is not looked into."""


@dataclass(slots=True)
class _Part:
    """`exact`: all texts that the part can match, in small letters, where they are few.

    `factors`: texts of which each match of the part has one, where that is sure. `width`: the most characters
    that it looks at; None where there is no limit.
    """

    exact: Texts | None = None
    factors: Texts | None = None
    width: int | None = 0


def factors_of(pattern: str) -> Texts:
    """Texts in small letters, one of which stands in whatever `pattern` matches; none when that is unsure."""
    part = _read(pattern)
    found = (part and _sure(part)) or frozenset()
    return frozenset(one for one in found if not any(two in one for two in found if two != one))


def reach_of(pattern: str) -> int | None:
    """How far from the first character of a match `pattern` may look at most; None where that is unsure."""
    part = _read(pattern)
    return part.width if part else None


@lru_cache(maxsize=1000)
def _read(pattern: str) -> _Part | None:
    try:
        part, at = _choice(pattern, 0)
    except _UnknownError:
        return None
    return part if at == len(pattern) else None


def _sure(part: _Part) -> Texts | None:
    return part.factors if part.exact is None else _better(part.factors, _usable(part.exact))


def _choice(pattern: str, at: int) -> tuple[_Part, int]:
    """Read alternatives up to a closing bracket or the end: what holds must hold of each."""
    plain = _WORDS.match(pattern, at)
    if plain is not None:  # as most are: nothing but words
        words = plain.group().lower().split("|")
        texts = _joined([frozenset(words)])
        return _Part(texts, texts and _usable(texts), max(map(len, words))), plain.end()
    parts: list[_Part] = []
    while True:
        part, at = _sequence(pattern, at)
        parts.append(part)
        if at >= len(pattern) or pattern[at] != "|":
            break
        at += 1
    exact = _joined([part.exact for part in parts])
    widths = [part.width for part in parts]
    width = None if None in widths else max(width for width in widths if width is not None)
    return _Part(exact, _joined([_sure(part) for part in parts]), width), at


def _joined(sets: list[Texts | None]) -> Texts | None:
    whole: set[str] = set()
    for one in sets:
        if one is None:
            return None
        whole |= one
    return frozenset(whole) if len(whole) <= _MOST else None


def _sequence(pattern: str, at: int) -> tuple[_Part, int]:
    """Read parts in a row: the best of their factors will do, and parts that are exact grow together."""
    best: Texts | None = None
    run, whole, width = _BREAKS, True, _Width()
    while at < len(pattern) and pattern[at] not in "|)":
        looks = pattern.startswith("(?=", at)
        part, at = _one(pattern, at)
        if looks:  # what is looked at stands here, and what comes next begins here as well
            best = _better(best, _usable(_product(run, part.exact)))
            width.add(part.width)
            continue
        part, at = _repeated(part, pattern, at)
        width.add(part.width)
        if part.exact is not None and len(run) * len(part.exact) <= _MOST_TOGETHER:
            run = _product(run, part.exact)
            continue
        best = _better(best, _usable(run))
        best = _better(best, _sure(part))
        run, whole = part.exact or _BREAKS, False
    return _Part(run if whole else None, _better(best, _usable(run)), width.total), at


class _Width:
    """Widths added up, until one has no limit."""

    def __init__(self) -> None:
        self.total: int | None = 0

    def add(self, width: int | None) -> None:
        self.total = None if self.total is None or width is None else self.total + width


def _product(run: Texts, exact: Texts | None) -> Texts:
    """Each text of `run` with each of `exact` behind it; `run` alone where they are unknown or too many."""
    if exact is None or len(run) * len(exact) > _MOST_TOGETHER:
        return run
    return frozenset(one + two for one, two in product(run, exact))


def _repeated(part: _Part, pattern: str, at: int) -> tuple[_Part, int]:
    """The part with the quantifier behind it."""
    found = _QUANTIFIER.match(pattern, at)
    if found is None:
        return part, at
    if found[1] == "?":
        return _Part(part.exact | _BREAKS if part.exact is not None else None, None, part.width), found.end()
    if found[1] in "*+":
        return _Part(None, _sure(part) if found[1] == "+" else None, None), found.end()
    least, most = int(found[2] or 0), found[3] if found[3] is not None else found[2]
    width = part.width * int(most) if part.width is not None and most else None
    factors = _sure(part) if least else None
    if least and part.exact is not None and len(part.exact) == 1:
        factors = _usable(frozenset(one * least for one in part.exact))
    return _Part(None, factors, width), found.end()


def _usable(texts: Texts) -> Texts | None:
    return texts if texts and _worth(texts) > 0 else None


def _worth(texts: Texts) -> int:
    """How rarely the commonest of the texts may be expected; nothing above 0 when it says nothing."""
    return min(len(one) - 1 + _SIGN * (not one.isalnum() and not _COMMON.issuperset(one)) for one in texts)


def _better(one: Texts | None, two: Texts | None) -> Texts | None:
    if one is None or two is None:
        return one or two
    return max(one, two, key=lambda texts: (_worth(texts), -len(texts)))


def _one(pattern: str, at: int) -> tuple[_Part, int]:
    plain = _LETTERS.match(pattern, at)
    if plain is not None:  # letters in a row, without one that is repeated, are read as one part
        return _Part(frozenset({plain.group().lower()}), width=plain.end() - at), plain.end()
    char = pattern[at]
    if char == "\\":
        after = pattern[at + 1 : at + 2]
        if not after or after.isdigit():
            raise _UnknownError
        if after in "bB":
            return _Part(_BREAKS, width=1), at + 2
        return _Part(None if after.isalnum() else frozenset({after}), width=1), at + 2
    if char == "[":
        return _class(pattern, at)
    if char == "(":
        return _group(pattern, at)
    if char in "^$":
        return _Part(_BREAKS, width=1), at + 1
    if char in "*+?{":
        raise _UnknownError
    if char == "." or not _is_plain(char):
        return _Part(width=1), at + 1
    return _Part(frozenset({char.lower()}), width=1), at + 1


def _is_plain(char: str) -> bool:
    """Whether the character stands in a folded text as it is, but for its case."""
    return char.isascii() or (not char.isalnum() and fold(char) == char)


def _class(pattern: str, at: int) -> tuple[_Part, int]:
    few = _FEW.match(pattern, at)
    if few is not None and all(map(_is_plain, few[1])):
        return _Part(frozenset(few[1].lower()), width=1), few.end()
    match = _CLASS.match(pattern, at)
    if match is None:
        raise _UnknownError
    return _Part(width=1), match.end()


def _group(pattern: str, at: int) -> tuple[_Part, int]:
    opened = _GROUP.match(pattern, at)
    if opened is None or pattern.startswith("?", opened.end()):
        raise _UnknownError
    inner, end = _choice(pattern, opened.end())
    if not pattern.startswith(")", end):
        raise _UnknownError
    return _Part(_BREAKS, width=inner.width) if opened.group() in _UNSEEN else inner, end + 1
