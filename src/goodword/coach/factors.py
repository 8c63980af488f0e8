"""What a text must hold for a regular expression to be found in it, so that few of them have to be tried."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

_MOST = 400
_COMMON = frozenset(" .,'-abcdefghijklmnopqrstuvwxyz")  # what stands in nearly every text
_SIGN = 4  # any other sign is worth so many letters
_QUANTIFIER = re.compile(r"([*+?]|\{(\d*)(?:,(\d*))?\})[?+]?")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*+\]", re.DOTALL)
_FEW = re.compile(r"\[([^\W_]{1,4})\]")
_GROUP = re.compile(r"\((?:\?(?:P<\w+>|[:>=!]|<[=!]))?")
_UNSEEN = ("(?!", "(?<=", "(?<!")
_BREAKS = frozenset({""})

Texts = frozenset[str]


class _UnknownError(Exception):
    """The pattern has something in it that is not looked into."""


@dataclass(slots=True)
class _Part:
    """`exact`: all texts that the part can match, in small letters, where they are few.

    `factors`: texts of which each match of the part has one, where that is sure.
    """

    exact: Texts | None = None
    factors: Texts | None = None


def factors_of(pattern: str) -> Texts:
    """Texts in small letters, one of which stands in whatever `pattern` matches; none when that is unsure."""
    try:
        part, at = _choice(pattern, 0)
    except _UnknownError:
        return frozenset()
    if at != len(pattern):
        return frozenset()
    found = _sure(part) or frozenset()
    return frozenset(one for one in found if not any(two in one for two in found if two != one))


def _sure(part: _Part) -> Texts | None:
    return part.factors if part.exact is None else _better(part.factors, _usable(part.exact))


def _choice(pattern: str, at: int) -> tuple[_Part, int]:
    """Read alternatives up to a closing bracket or the end: what holds must hold of each."""
    parts: list[_Part] = []
    while True:
        part, at = _sequence(pattern, at)
        parts.append(part)
        if at >= len(pattern) or pattern[at] != "|":
            break
        at += 1
    exact = _joined([part.exact for part in parts])
    return _Part(exact, _joined([_sure(part) for part in parts])), at


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
    run, whole = _BREAKS, True
    while at < len(pattern) and pattern[at] not in "|)":
        looks = pattern.startswith("(?=", at)
        part, at = _one(pattern, at)
        if looks:  # what is looked at stands here, and what comes next begins here as well
            best = _better(best, _usable(_product(run, part.exact)))
            continue
        part, at = _repeated(part, pattern, at)
        if part.exact is not None and len(run) * len(part.exact) <= _MOST:
            run = _product(run, part.exact)
            continue
        best = _better(best, _usable(run))
        best = _better(best, _sure(part))
        run, whole = part.exact or _BREAKS, False
    return _Part(run if whole else None, _better(best, _usable(run))), at


def _product(run: Texts, exact: Texts | None) -> Texts:
    """Each text of `run` with each of `exact` behind it; `run` alone where they are unknown or too many."""
    if exact is None or len(run) * len(exact) > _MOST:
        return run
    return frozenset(one + two for one, two in product(run, exact))


def _repeated(part: _Part, pattern: str, at: int) -> tuple[_Part, int]:
    """The part with the quantifier behind it."""
    found = _QUANTIFIER.match(pattern, at)
    if found is None:
        return part, at
    least = {"*": 0, "?": 0, "+": 1}.get(found[1], int(found[2] or 0) if found[2] is not None else 0)
    if found[1] == "?":
        return _Part(part.exact | _BREAKS if part.exact is not None else None), found.end()
    if not least:
        return _Part(), found.end()
    if part.exact is not None and len(part.exact) == 1:
        return _Part(None, _usable(frozenset(one * least for one in part.exact))), found.end()
    return _Part(None, _sure(part)), found.end()


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
    char = pattern[at]
    if char == "\\":
        after = pattern[at + 1 : at + 2]
        if not after or after.isdigit():
            raise _UnknownError
        if after in "bB":
            return _Part(_BREAKS), at + 2
        return _Part(None if after.isalnum() else frozenset({after})), at + 2
    if char == "[":
        return _class(pattern, at)
    if char == "(":
        return _group(pattern, at)
    if char in "^$":
        return _Part(_BREAKS), at + 1
    if char in "*+?{":
        raise _UnknownError
    if char == "." or not char.isascii():
        return _Part(), at + 1
    return _Part(frozenset({char.lower()})), at + 1


def _class(pattern: str, at: int) -> tuple[_Part, int]:
    few = _FEW.match(pattern, at)
    if few is not None and few[1].isascii():
        return _Part(frozenset(few[1].lower())), few.end()
    match = _CLASS.match(pattern, at)
    if match is None:
        raise _UnknownError
    return _Part(), match.end()


def _group(pattern: str, at: int) -> tuple[_Part, int]:
    opened = _GROUP.match(pattern, at)
    if opened is None or pattern.startswith("?", opened.end()):
        raise _UnknownError
    inner, end = _choice(pattern, opened.end())
    if not pattern.startswith(")", end):
        raise _UnknownError
    return _Part(_BREAKS) if opened.group() in _UNSEEN else inner, end + 1
