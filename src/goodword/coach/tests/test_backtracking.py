"""No regular expression of the coach can be tried in endless ways on one text.

A repeat that may end at several places is either possessive, or what follows it cannot be mistaken for more
of it, or it has a limit; and nothing that may end at several places is itself repeated, unless its rounds are
kept apart by a character that cannot stand inside one.
"""

import importlib
import pkgutil
import re
from contextlib import suppress
from re import _constants as code
from re import _parser as parser

import pytest

from goodword import coach
from goodword.coach import load_pack

UNIVERSE = [*range(0x250), *range(0x2010, 0x2030), ord("€"), ord("й"), 0xE000]
EVERYTHING = frozenset(UNIVERSE)
NOTHING = frozenset()
CATEGORIES = {
    code.CATEGORY_DIGIT: r"\d",
    code.CATEGORY_NOT_DIGIT: r"\D",
    code.CATEGORY_SPACE: r"\s",
    code.CATEGORY_NOT_SPACE: r"\S",
    code.CATEGORY_WORD: r"\w",
    code.CATEGORY_NOT_WORD: r"\W",
}
REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
ZERO_WIDTH = (code.AT, code.ASSERT, code.ASSERT_NOT)
LONGEST = 400  # a limit below it is one


def patterns():
    """Every compiled expression in the coach's modules and in the English pack, with where it was found."""
    found, seen = {}, set()
    for module in _modules():
        for name, value in vars(module).items():
            _gather(value, f"{module.__name__}.{name}", found, seen, 4)
    _gather(load_pack(), "pack", found, seen, 8)
    return found


def _modules():
    for found in pkgutil.walk_packages(coach.__path__, "goodword.coach."):
        if ".tests" not in found.name:
            with suppress(ImportError):  # of an extra that is not installed
                yield importlib.import_module(found.name)


def _gather(value, where, found, seen, deep):
    if isinstance(value, re.Pattern):
        found.setdefault(value, where)
        return
    if not deep or id(value) in seen or isinstance(value, str | bytes | int | type):
        return
    seen.add(id(value))
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list | tuple | set | frozenset):
        inner = enumerate(value)
    elif type(value).__module__.startswith("goodword.coach"):
        names = [*getattr(value, "__dict__", ()), *getattr(type(value), "__slots__", ())]
        inner = [(name, getattr(value, name, None)) for name in names]
    else:
        return
    for name, one in inner:
        _gather(one, f"{where}.{name}", found, seen, deep - 1)


def chars_of(node):
    """The characters that a part of one character can match; None for anything else."""
    kind, value = node
    if kind is code.LITERAL:
        return frozenset({value, *map(ord, chr(value).lower()[:1]), *map(ord, chr(value).upper()[:1])})
    if kind is code.NOT_LITERAL:
        return EVERYTHING - {value}
    if kind is code.ANY:
        return EVERYTHING
    if kind is code.IN:
        chars = frozenset().union(*(_item(item) for item in value if item[0] is not code.NEGATE))
        return EVERYTHING - chars if value[0][0] is code.NEGATE else chars
    return None


def _item(item):
    kind, value = item
    if kind is code.RANGE:
        return frozenset(char for char in UNIVERSE if value[0] <= char <= value[1])
    if kind is code.CATEGORY:
        return frozenset(char for char in UNIVERSE if re.match(CATEGORIES[value], chr(char)))
    return frozenset({value})


def inner_of(node):
    """The sequences inside a part."""
    kind, value = node
    if kind is code.SUBPATTERN:
        return [value[3]]
    if kind is code.BRANCH:
        return list(value[1])
    if kind is code.ATOMIC_GROUP:
        return [value]
    if kind in REPEATS:
        return [value[2]]
    if kind in (code.ASSERT, code.ASSERT_NOT):
        return [value[1]]
    if kind is code.GROUPREF_EXISTS:
        return [one for one in value[1:] if one is not None]
    return []


def first_of(sequence, follow):
    """The characters with which a sequence can begin, `follow` being what comes after it."""
    found = set()
    for node in sequence:
        chars, empty = _first(node)
        found |= chars
        if not empty:
            return frozenset(found)
    return frozenset(found) | follow


def _first(node):
    kind, value = node
    if kind in ZERO_WIDTH or kind is code.GROUPREF_EXISTS:
        return NOTHING, True
    if (chars := chars_of(node)) is not None:
        return chars, False
    if kind is code.GROUPREF:
        return EVERYTHING, True
    marked = -1
    starts = [first_of(sequence, frozenset({marked})) for sequence in inner_of(node)]
    together = frozenset().union(*starts)
    empty = marked in together or (kind in REPEATS and value[0] == 0)
    return together - {marked}, empty


def faults(sequence, follow=NOTHING, repeated=False):
    """What is wrong in a sequence, given what may follow it and whether it stands in a repeat."""
    for place, node in enumerate(sequence):
        kind, _ = node
        after = first_of(sequence[place + 1 :], follow)
        if kind in (code.ASSERT, code.ASSERT_NOT, code.ATOMIC_GROUP):
            yield from faults(inner_of(node)[0])
        elif kind in REPEATS:
            yield from _faults_of_repeat(node, after, repeated)
        else:
            for inner in inner_of(node):
                yield from faults(inner, after, repeated)


def _faults_of_repeat(node, after, repeated):
    kind, (least, most, body) = node
    free = kind is not code.POSSESSIVE_REPEAT and least != most
    if len(body) == 1 and (chars := chars_of(body[0])) is not None:
        if free and chars & after and (repeated or most >= LONGEST):
            yield f"may end at several places: {body}"
        return
    if most <= 1:
        yield from faults(body, after, repeated)
        return
    again = first_of(body, NOTHING)
    if most >= LONGEST and free and again & after:
        yield f"may end its rounds at several places: {body}"
    yield from faults(body, after | again, kind is not code.POSSESSIVE_REPEAT or repeated)


@pytest.mark.parametrize(
    "source", [r"(a+)+b", r"(?:a|aa{1,9})*+c{1,3}.*x", r"(\w{1,40}){1,40}!", r"x*x*y", r"(?: ?\w+)+"]
)
def test_an_expression_that_can_be_tried_in_endless_ways_is_known(source):
    assert list(faults(parser.parse(source)))


@pytest.mark.parametrize(
    "source", [r"a++b", r"(?:\d{1,3},)+x", r"[^.]+\.", r"\w{1,20} \w{1,20}", r"(?:a+ )*+b"]
)
def test_an_expression_with_one_way_through_is_let_pass(source):
    assert not list(faults(parser.parse(source)))


def test_no_expression_of_the_coach_can_be_tried_in_endless_ways():
    wrong = {
        where: found
        for pattern, where in patterns().items()
        if (found := list(faults(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))))
    }
    assert wrong == {}
