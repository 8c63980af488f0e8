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
    "dot",
    "nth",
    "inweek",
    "relweek",
    "wd",
    "rel",
    "per",
    "monthend",
    "named",
    "span",
    "fixed",
    "clock",
    "told",
    "between",
    "bare",
    "bare2",
    "part",
    "loose",
    "vague",
]
_NOON_HOUR = 13  # number words below it may be hours
_RUN = re.compile(r"[^\W_]+")
# The words of English that the grammar below spells out itself.
_PERIODS = ("week", "month", "year", "weekend")
_BEFORE = (
    "the",
    "this",
    "next",
    "coming",
    "a",
    "my",
    "end",
    "close",
    "middle",
    "start",
    "beginning",
    "between",
    "from",
    "half",
)
_JOINTS = ("between", "past", "quarter")  # core words of 'between two and four', 'half past three'
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
    ways = [*data["day_part"]["words"], *data["vague"]["words"], *data["loose"]["words"]]
    return [*days, *ways, *data["named_days"], *data["fixed_spans"], *_JOINTS]


def _hours(data: Mapping[str, Any]) -> list[str]:
    hours = (word for word, number in data["numbers"].items() if number < _NOON_HOUR)
    return [word for word in hours if word.isalpha() and word not in _BEFORE and len(word) > 2]


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
        r"\b(?!24/7\b)(?P<num>(?P<nd>\d{1,2})[/.](?P<nm>\d{1,2})"
        r"(?:[/.](?P<ny>20\d\d|\d\d)\b|(?<=/\d\d|./\d)(?![\d/])(?!\.\d)))"
    )
    yield (
        rf"\b(?P<dot>(?:(?:{weekday}),? (?:the )?|(?<=on )|(?<=by ))(?P<od>[12]\d|3[01]|0?[1-9])"
        r"\.(?P<om>1[0-2]|0?[1-9])\.(?!\d))"
    )
    yield (
        rf"\b(?P<nth>(?:(?:{weekday}),? (?:the )?|the ){nth})\b"
        r"(?! (?:of|time|day|attempt|floor|item|order|one|email|mail|call))"
    )


def _relative_days(data: Mapping[str, Any]) -> Iterable[str]:
    weekday, day = any_of(data["weekdays"]), data["day"]
    yield rf"\b(?P<inweek>a week (?:(?:on|from|come|this) )?(?P<iw>{weekday}|today|tomorrow))\b"
    yield r"\b(?P<relweek>(?P<rw>today|tomorrow) (?:week|fortnight))\b"
    yield (
        rf"\b(?P<wd>(?:(?P<wp>this coming|this|next|coming|the coming|the following) )?"
        rf"(?P<wn>{weekday})(?P<ww> week| fortnight| after next)?)\b"
    )
    month = any_of(data["months"])
    yield (
        rf"\b(?P<monthend>(?P<me>end|close|middle|start|beginning) of (?P<mn>{month})"
        r"(?:,? (?P<myear>20\d\d))?)\b(?! \d)"
    )
    yield rf"\b(?P<named>{any_of(data['named_days'])})\b"
    yield rf"\b(?P<rel>{any_of([*day['overmorrow'], *day['today'], *day['tomorrow']])})\b"
    yield (
        r"\b(?P<per>(?:(?P<pe>end|close|middle|start|beginning) of )?(?:the |this |next |my )?"
        r"(?:working |business )?(?P<pu>week|month|year|weekend)(?P<po> is (?:out|over))?"
        r"(?! (?:ago|before|last|\d)))\b"
    )


def _span(data: Mapping[str, Any]) -> str:
    units = any_of(data["units"])
    amount = rf"\d{{1,3}}|{any_of([*data['numbers'], *data['unknown_numbers']['words']])}"
    return (
        rf"\b(?P<span>(?P<s1>{amount})"
        rf"(?:(?: ?(?:-|to|or|and) ?| (?:{units}) (?:to|or) )(?P<s2>{amount}))?[ -]"
        r"(?:full |clear |whole )?"
        rf"(?P<sw>{any_of(data['working']['words'])})?(?(sw)[ -])(?P<su>{units})"
        rf"(?: (?P<sf>{any_of(data['span']['from_now'])}))?)\b"
        rf"|\b(?P<fixed>{any_of(data['fixed_spans'])})\b"
    )


def _clocks(data: Mapping[str, Any]) -> Iterable[str]:
    weekday, clock = any_of(data["weekdays"]), data["clock"]
    numbers, units = any_of(_hours(data)), any_of(data["units"])
    after = any_of(clock["after"])
    tail = rf"(?= (?:{after}|{weekday})\b| ?[.,;!)](?!\d)| ?$)"
    not_money = rf"(?! ?(?:%|{any_of(clock['no_hour'])}|{units})\b)(?!%| ?[€£$])"
    hour = rf"1[0-2]|0?[1-9]|{numbers}"
    yield (
        rf"\b(?P<between>(?:between|from) (?:{hour})(?:[:.][0-5]\d)? ?(?:am|pm|a\.m\.|p\.m\.)?"
        r" ?(?:and|to|until|till|-) ?"
        rf"(?P<bh>{hour})(?:[:.](?P<bm>[0-5]\d))?(?![\d.:]\d) ?(?P<bp>am|pm|a\.m|p\.m)?\b){not_money}"
    )
    yield (
        rf"\b(?P<told>(?P<tp>{any_of(clock['parts'])}) (?P<td>past |to |after )?(?P<th>{hour})"
        r"(?: ?(?P<tq>am|pm))?\b)(?![.:]\d)"
    )
    yield (
        r"\b(?P<clock>(?P<ch>1[0-2]|0?[1-9])(?:[:.](?P<cm>[0-5]\d))? ?"
        r"(?P<cp>am|pm|a\.m|p\.m|o'clock)(?![a-z])(?:(?<=\.m)\.)?"
        r"|(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?!\d)(?! (?:train|flight|bus|ferry|class|show))"
        r"|(?:(?<=at )|(?<=by )|(?<=before )|(?<=from )|(?<=until ))"
        rf"(?P<hdot>[01]?\d|2[0-3])\.(?P<mdot>[0-5]\d)(?!\d|\.\d){not_money}"
        rf"|(?:12 )?(?P<cnoon>{any_of(clock['noon'])})\b|(?P<cmid>{any_of(clock['midnight'])})\b)"
    )
    yield rf"(?:(?<=by )|(?<=at )|(?<=around )|(?<=until )|(?<=from ))(?P<bare>1[0-2]|[1-9]|{numbers}){tail}"
    yield rf"(?:(?<=before )|(?<=about ))(?P<bare2>1[0-2]|[1-9]|{numbers}){tail}"


def _words(data: Mapping[str, Any]) -> Iterable[str]:
    yield rf"\b(?P<part>{any_of(data['day_part']['words'])})\b"
    yield rf"\b(?P<loose>{any_of(data['loose']['words'])})\b"
    yield rf"\b(?P<vague>{any_of(data['vague']['words'])})(?![\w-])"
