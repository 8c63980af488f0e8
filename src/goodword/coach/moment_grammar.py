"""The regular expression for the atoms of time: a day, a clock time, a span. Every repeat is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

KINDS = [
    "iso",
    "dmy",
    "mdy",
    "num",
    "nth",
    "inweek",
    "wd",
    "rel",
    "per",
    "span",
    "clock",
    "bare",
    "bare2",
    "part",
    "vague",
]
_NOON_HOUR = 13  # number words below it may be hours
_RUN = re.compile(r"[^\W_]+")
# The words of English that the grammar below spells out itself.
_PERIODS = ("week", "month", "year", "weekend")
_BEFORE = ("the", "this", "next", "coming", "a", "my", "end", "close", "middle", "start", "beginning")
_LONGEST = (
    10  # words of the longest expression that is spelt out: 'a couple of to a number of full working days'
)


def any_of(words: Iterable[str]) -> str:
    """An alternative of all `words`, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in sorted(words, key=len, reverse=True))


def first_words(data: Mapping[str, Any]) -> frozenset[str]:
    """The words with which an atom may begin, besides figures."""
    phrases = [*_phrases(data), *data["weekdays"], *data["months"], *data["numbers"]]
    phrases += [*data["unknown_numbers"]["words"], *data["working"]["words"], *_PERIODS, *_BEFORE]
    return frozenset(_RUN.findall(phrase)[0] for phrase in phrases)


def core_words(data: Mapping[str, Any]) -> frozenset[str]:
    """Words of which every atom has one, besides figures and the bare hours."""
    phrases = [*_phrases(data), *data["weekdays"], *data["months"], *data["units"], *_PERIODS]
    return frozenset(_RUN.findall(phrase)[-1] for phrase in phrases)


def hour_words(data: Mapping[str, Any]) -> frozenset[str]:
    """The words for an hour of the clock."""
    return frozenset(run for word in _hours(data) for run in _RUN.findall(word)[:1])


def farthest_core(data: Mapping[str, Any]) -> int:
    """How many words the core may stand behind the first word of an atom."""
    return max(_LONGEST, *(len(_RUN.findall(phrase)) for phrase in _phrases(data)))


def _phrases(data: Mapping[str, Any]) -> list[str]:
    day, clock = data["day"], data["clock"]
    days = [*day["overmorrow"], *day["today"], *day["tomorrow"], *clock["noon"], *clock["midnight"]]
    return [*days, *data["day_part"]["words"], *data["vague"]["words"]]


def _hours(data: Mapping[str, Any]) -> list[str]:
    return [word for word, number in data["numbers"].items() if len(word) > 2 and number < _NOON_HOUR]


def grammar(data: Mapping[str, Any]) -> str:
    """The pattern of all atoms, one named group for each of `KINDS`, from a pack's `time.toml`."""
    return "|".join((*_days(data), *_relative_days(data), _span(data), *_clocks(data), *_words(data)))


def _days(data: Mapping[str, Any]) -> Iterable[str]:
    weekday, month = any_of(data["weekdays"]), any_of(data["months"])
    lead = rf"(?:(?:{weekday}),? )?"
    nth = r"\d{1,2}(?:st|nd|rd|th)"
    yield r"\b(?P<iso>(?P<iy>20\d\d)-(?P<im>\d\d)-(?P<id>\d\d))\b"
    yield (
        rf"\b(?P<dmy>{lead}(?:the )?(?P<dd>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<dm>{month})\b"
        r"(?:\.(?=,? 20))?(?:,? (?P<dy>20\d\d))?)"
    )
    yield (
        rf"\b(?P<mdy>{lead}(?P<mm>{month})\.? (?:the )?(?P<md>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d)"
        r"(?:,? (?P<my>20\d\d))?)"
    )
    yield (
        r"\b(?P<num>(?P<nd>\d{1,2})[/.](?P<nm>\d{1,2})"
        r"(?:[/.](?P<ny>20\d\d|\d\d)\b|(?<=/\d\d|./\d)(?![\d/.])))"
    )
    yield (
        rf"\b(?P<nth>(?:(?:{weekday}),? (?:the )?|the ){nth})\b"
        r"(?! (?:of|time|day|attempt|floor|item|order|one|email|mail|call))"
    )


def _relative_days(data: Mapping[str, Any]) -> Iterable[str]:
    weekday, day = any_of(data["weekdays"]), data["day"]
    yield rf"\b(?P<inweek>a week (?:on|from|come) (?P<iw>{weekday}))\b"
    yield (
        rf"\b(?P<wd>(?:(?P<wp>this coming|this|next|coming|the coming|the following) )?"
        rf"(?P<wn>{weekday})(?P<ww> week)?)\b"
    )
    yield rf"\b(?P<rel>{any_of([*day['overmorrow'], *day['today'], *day['tomorrow']])})\b"
    yield (
        r"\b(?P<per>(?:(?P<pe>end|close|middle|start|beginning) of )?(?:the |this |next |my )?"
        r"(?:working |business )?(?P<pu>week|month|year|weekend)(?! (?:ago|before|last|\d)))\b"
    )


def _span(data: Mapping[str, Any]) -> str:
    amount = rf"\d{{1,3}}|{any_of([*data['numbers'], *data['unknown_numbers']['words']])}"
    return (
        rf"\b(?P<span>(?P<s1>{amount})(?: ?(?:-|to|or|and) ?(?P<s2>{amount}))?[ -](?:full )?"
        rf"(?P<sw>{any_of(data['working']['words'])})?(?(sw)[ -])(?P<su>{any_of(data['units'])})"
        rf"(?: (?P<sf>{any_of(data['span']['from_now'])}))?)\b"
    )


def _clocks(data: Mapping[str, Any]) -> Iterable[str]:
    weekday, clock = any_of(data["weekdays"]), data["clock"]
    numbers = any_of(_hours(data))
    tail = rf"(?= (?:on|and|tomorrow|today|tonight|this|in the|{weekday})\b| ?[.,;!)]| ?$)"
    yield (
        r"\b(?P<clock>(?P<ch>1[0-2]|0?[1-9])(?:[:.](?P<cm>[0-5]\d))? ?"
        r"(?P<cp>am|pm|a\.m|p\.m|o'clock)(?![a-z])(?:(?<=\.m)\.)?"
        r"|(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?!\d)(?! (?:train|flight|bus|ferry|class|show))"
        rf"|(?:12 )?(?P<cnoon>{any_of(clock['noon'])})\b|(?P<cmid>{any_of(clock['midnight'])})\b)"
    )
    yield rf"(?<=by |at )(?P<bare>1[0-2]|[1-9]|{numbers}){tail}"
    yield rf"(?<=before )(?P<bare2>1[0-2]|[1-9]|{numbers}){tail}"


def _words(data: Mapping[str, Any]) -> Iterable[str]:
    yield rf"\b(?P<part>{any_of(data['day_part']['words'])})\b"
    yield rf"\b(?P<vague>{any_of(data['vague']['words'])})(?![\w-])"
