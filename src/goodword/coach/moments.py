"""Finds the words for moments in a text: atoms by one regular expression, then neighbours joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from goodword.coach import when
from goodword.coach.moment_grammar import (
    KINDS,
    any_of,
    core_words,
    farthest_core,
    first_words,
    grammar,
    hour_words,
)
from goodword.coach.moment_hours import Atom, Hours
from goodword.coach.text import Text
from goodword.coach.when import Clock, Moment

_RUN = re.compile(r"[^\W_]+")
_START, _CORE, _BARE = 1, 2, 4
_MOST_KNOWN = 20_000
_BARE_LEAD = (
    "by ",
    "at ",
    "before ",
    "around ",
    "about ",
    "until ",
    "half ",
    "to ",
    "from ",
    "between ",
    "past ",
)
_LONGEST_JOIN = 24
_NEAR = 150  # 'on 12 January …, on the 13th': so near, the second is in the month of the first
_DAYS = frozenset(
    (
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
        "span",
        "named",
        "monthend",
    )
)
_CLOCKS = ("part", "clock", "told", "between", "bare", "bare2")
_PAUSE = re.compile(r"[.!?;] ")
_BETWEEN = re.compile(r",? (?:between|from) \d{1,2}(?:[:.]\d\d)? (?:and|to|-) ")


class _TimeWords(dict[str, int]):
    """What part a word may play in naming a time: bits, found once for each word and remembered.

    `_START`: an expression may begin with it; `_CORE`: each expression has such a word; `_BARE`: the word for
    an hour, which names one only after 'by', 'at' or 'before'.
    """

    def __init__(self, starts: frozenset[str], cores: frozenset[str], hours: frozenset[str]) -> None:
        super().__init__()
        self._starts, self._cores, self._hours = starts, cores, hours

    def __missing__(self, word: str) -> int:
        bits = 0
        for run in _RUN.findall(word):
            digit = run[0].isdecimal()
            bits |= _START if digit or run in self._starts else 0
            bits |= _CORE if digit or run in self._cores else 0
            bits |= _BARE if run in self._hours else 0
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[word] = bits
        return bits


class Times:
    """The grammar of one language's time words, made from its data."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._latest: str = data["latest"]["words"]
        self._numbers: dict[str, int] = data["numbers"]
        self._posts = tuple(data["day"]["posts"])
        self._strong = frozenset(data["day_part"]["strong"])
        self._hours = Hours(data)
        self._today = frozenset(data["day"]["today"])
        self._overmorrow = frozenset(data["day"]["overmorrow"])
        self._atom = re.compile(grammar(data))
        self._words = _TimeWords(first_words(data), core_words(data), hour_words(data))
        self._farthest = farthest_core(data)
        self._join = re.compile(rf"(?:[ ,]|\b(?:{any_of(data['joins']['words'])})\b){{0,6}}")
        self._lead = re.compile(rf"(?:^|(?<=\W))(?:(?:{any_of(data['lead']['words'])}) (?:the )?){{1,2}}$")
        self._span_due = re.compile(rf"(?:^|(?<=\W))(?:{any_of(data['span']['due'])}) $")
        self._span_never = re.compile(rf"(?:^|(?<=\W))(?:{any_of(data['span']['never'])}) (?:the )?$")
        self._span_never_after = re.compile(rf",? (?:{any_of(data['span']['never_after'])})\b")
        self._day_never = re.compile(rf"(?:^|(?<=\W))(?:{any_of(data['day']['never_before'])}) (?:the )?$")

    def find(self, text: Text, clock: Clock) -> list[Moment]:
        """The moments named in `text`, in order, with their due dates where words and `clock` give one."""
        lower = text.lower
        found: list[Moment] = []
        group: list[Atom] = []
        for match in self._matches(text):
            atom = (
                Atom(match.lastgroup or "", match) if match.lastgroup in KINDS else Atom(_kind(match), match)
            )
            if not self._counts(atom, lower):
                continue
            if group and not self._joins(group[-1], atom, lower):
                self._close(group, lower, clock, found)
                group = []
            group.append(atom)
        self._close(group, lower, clock, found)
        return found

    def _matches(self, text: Text) -> Iterator[re.Match[str]]:
        """The atoms, from left to right, as one search would find them, tried only where one may begin."""
        kinds = list(map(self._words.__getitem__, text.lowers))
        if max(kinds, default=0) <= _START:
            return
        lower, last = text.lower, 0
        for place in self._places(kinds, text):
            start = text.starts[place]
            for at in _runs(start, text.lowers[place]):
                if at >= last and (match := self._atom.match(lower, at)):
                    yield match
                    last = match.end()

    def _places(self, kinds: list[int], text: Text) -> Iterator[int]:
        """The words with which an expression may begin: its core follows within a few words."""
        after, bare = 0, list[int]()
        for place in [place for place, bits in enumerate(kinds) if bits > _START]:
            if not kinds[place] & _CORE:
                if text.lower.endswith(_BARE_LEAD, 0, text.starts[place]):
                    # 'ten to four' begins with an hour itself, 'from two till six' with the lead
                    for near in range(max(after, place - 2), place + 1):
                        if kinds[near] & (_START | _BARE) and near not in bare:
                            bare.append(near)
                continue
            first = max(after, place - self._farthest)
            yield from (hour for hour in bare if hour < first)
            for near in range(first, place + 1):
                if kinds[near] & (_START | _BARE):
                    yield near
            after = place + 1
            bare.clear()
        yield from bare

    def _counts(self, atom: Atom, lower: str) -> bool:
        before, m = lower[max(0, atom.start - 22) : atom.start], atom.match
        if atom.kind == "span":
            if self._span_never.search(before) or self._span_never_after.match(lower, atom.end):
                return False
            bare = m["s2"] is not None or m["sf"] is not None
            return bare or self._span_due.search(before) is not None or m["sw"] is not None
        if atom.kind == "fixed":
            free = not self._span_never.search(before) and not self._span_never_after.match(lower, atom.end)
            return free and self._span_due.search(before) is not None
        if atom.kind == "told" and m["td"] is None:
            return before.endswith(_BARE_LEAD[:6])
        if atom.kind == "between":
            return int(m["bm"] or 0) < 60
        if atom.kind == "per":
            if m.group() == "the weekend" and not self._lead.search(before):
                return False
            plain = (
                m["pe"] is None and m["po"] is None and not re.match(r"(?:this|next|the weekend)", m.group())
            )
            return not plain and not self._day_never.search(before) and not lower.startswith("'s", atom.end)
        if atom.kind in ("wd", "dmy", "mdy", "nth", "rel", "iso", "num"):
            owned = lower.startswith("'s ", atom.end) and not lower.startswith(self._posts, atom.end + 3)
            return not owned and not self._day_never.search(before)
        return True

    def _joins(self, one: Atom, two: Atom, lower: str) -> bool:
        alone = ("vague", "loose", "fixed")
        if two.kind in alone or one.kind in alone or two.start - one.end > _LONGEST_JOIN:
            return False
        if one.kind in _DAYS and two.kind in _DAYS:
            dated = two.kind in ("dmy", "mdy", "nth", "num", "dot")
            return one.kind == "wd" and dated and two.start - one.end <= 4
        gap = lower[one.end : two.start]
        if two.kind == "clock" and _BETWEEN.fullmatch(gap):
            return True
        if one.kind == two.kind == "clock":
            return gap.strip() in ("and", "-", "to", "or")
        return " and " not in gap and self._join.fullmatch(gap) is not None

    def _close(self, group: list[Atom], lower: str, clock: Clock, found: list[Moment]) -> None:
        if not group or (all(atom.kind == "part" for atom in group) and not self._strong_part(group)):
            return
        start, end = group[0].start, group[-1].end
        window = lower[max(0, start - 32) : start]
        lead = self._lead.search(window) or self._span_due.search(window)
        if lead:
            start -= len(window) - lead.start()
            start += len(lead.group()) - len(lead.group().lstrip())
        if lower.startswith(self._latest, end):
            end += len(self._latest)
        if group[0].kind == "vague":
            found.append(Moment(start, end, None, vague=True))
            return
        if group[0].kind == "loose":
            found.append(Moment(start, end, None, span=True))
            return
        if group[0].kind == "fixed":
            found.append(self._fixed(group[0], start, end, clock))
            return
        span = next((atom for atom in group if atom.kind == "span"), None)
        if span is not None:
            found.append(self._span(span, start, end, clock))
            return
        near = found[-1].due if found and start - found[-1].end < _NEAR else None
        if near and clock.today and near[:10] <= clock.today.isoformat():
            near = None
        if near and _PAUSE.search(lower, found[-1].end, start) and not any(a.kind == "nth" for a in group):
            near = None  # of another sentence
        found.append(Moment(start, end, self._resolve(group, clock, near)))

    def _strong_part(self, group: list[Atom]) -> bool:
        """Parts of the day that name today when no day is named: 'by close of business', 'before lunch'."""
        return any(atom.match.group() in self._strong for atom in group)

    def _fixed(self, atom: Atom, start: int, end: int, clock: Clock) -> Moment:
        minutes: int = self._data["fixed_spans"][atom.match["fixed"]]
        if clock.now is None:
            return Moment(start, end, None, span=True, days=0)
        later = clock.now + timedelta(minutes=minutes)
        return Moment(start, end, later.isoformat(timespec="seconds"), span=True, days=0)

    def _span(self, atom: Atom, start: int, end: int, clock: Clock) -> Moment:
        m = atom.match
        count = self._number(m["s2"] or m["s1"])
        unit = self._data["units"][m["su"]]
        if count is None:
            return Moment(start, end, None, vague=True, span=True)
        days = _days(count, unit, working=m["sw"] is not None)
        if clock.now is None:
            return Moment(start, end, None, span=True, days=days)
        if unit in ("minutes", "hours"):
            later = clock.now + timedelta(**{unit: count})
            return Moment(start, end, later.isoformat(timespec="seconds"), span=True, days=days)
        if m["sw"] and unit == "days":
            day = clock.working_days_later(count)
        elif unit == "months":
            target = when.end_of_month(clock.now.date(), count)
            day = target.replace(day=min(clock.now.day, target.day))
        else:
            day = when.plus(clock.now.date(), count * {"days": 1, "weeks": 7, "fortnights": 14}[unit])
        return Moment(start, end, day.isoformat() if day else None, span=True, days=days)

    def _number(self, word: str) -> int | None:
        return int(word) if word.isdigit() else self._numbers.get(word)

    def _resolve(self, group: list[Atom], clock: Clock, near: str | None) -> str | None:
        """The ISO form of a day, a clock time, or both, in whichever order they stand."""
        day = next((d for atom in reversed(group) if (d := self._day(atom, clock, near)) is not None), None)
        hour = next((h for atom in reversed(group) if (h := self._hours.hour(atom, group)) is not None), None)
        named = any(atom.kind not in _CLOCKS for atom in group)
        if day is None and named:
            return None
        if hour is None:
            today = clock.today
            return day.isoformat() if day else (today.isoformat() if today else None)
        if clock.now is None:
            return day.isoformat() if day else None
        if day is None and near is not None:
            day = date.fromisoformat(near[:10])
        elif day is None:
            day = clock.now.date()
            if (hour[0] % 24, hour[1]) <= (clock.now.hour, clock.now.minute) and hour[0] != 24:
                day += timedelta(days=1)
        if hour[0] == 24:
            day += timedelta(days=1)
        return when.at_clock(day, hour[0], hour[1], clock.zone)

    def _day(self, atom: Atom, clock: Clock, near: str | None) -> date | None:
        m, today, kind = atom.match, clock.today, atom.kind
        if kind == "iso":
            return when.exact(int(m["id"]), int(m["im"]), int(m["iy"]))
        if kind == "dmy":
            return _dated(int(m["dd"]), self._data["months"][m["dm"]], m["dy"], today)
        if kind == "mdy":
            return _dated(int(m["md"]), self._data["months"][m["mm"]], m["my"], today)
        if kind == "num":
            day, month = int(m["nd"]), int(m["nm"])
            american = month > 12 or (day <= 12 and clock.month_first(self._data["day"]["month_first"]))
            return _dated(month, day, m["ny"], today) if american else _dated(day, month, m["ny"], today)
        if kind == "dot":
            return _dated(int(m["od"]), int(m["om"]), None, today)
        if today is None:
            return None
        if kind == "nth":
            digits = re.search(r"\d{1,2}", m.group())
            after = date.fromisoformat(near[:10]) if near and near[:10] > today.isoformat() else today
            return when.day_of_month(after, int(digits.group())) if digits else None
        if kind == "monthend":
            return self._in_month(m, today)
        if kind == "named":
            month, day = map(int, self._data["named_days"][m.group()].split("-"))
            return _dated(day, month, None, today)
        if kind in ("inweek", "relweek"):
            word = m["iw"] or m["rw"]
            days = 14 if m.group().endswith("fortnight") else 7
            if word in self._data["weekdays"]:
                return when.next_weekday(today, self._data["weekdays"][word]) + timedelta(days=days)
            return today + timedelta(days=days + (word == "tomorrow"))
        if kind == "wd":
            return self._weekday(m, today)
        if kind == "rel":
            ahead = 0 if m["rel"] in self._today else 2 if m["rel"] in self._overmorrow else 1
            return today + timedelta(days=ahead)
        return _period(m.group("per"), m["pu"], today) if kind == "per" else None

    def _in_month(self, m: re.Match[str], today: date) -> date | None:
        """'The end of January'; the beginning and the middle of a month name no day."""
        month: int = self._data["months"][m["mn"]]
        if m["me"] not in ("end", "close"):
            return None
        year = int(m["myear"]) if m["myear"] else today.year + (month < today.month)
        return when.end_of_month(date(year, month, 1))

    def _weekday(self, m: re.Match[str], today: date) -> date:
        weekday: int = self._data["weekdays"][m["wn"]]
        if m["wp"] == "next":
            return when.weekday_of_next_week(today, weekday)
        found = when.next_weekday(today, weekday)
        if m["ww"] == " after next":
            return when.weekday_of_next_week(today, weekday) + timedelta(days=7)
        return found + timedelta(days=14 if m["ww"] == " fortnight" else 7) if m["ww"] else found


def _runs(start: int, word: str) -> Iterable[int]:
    """Where the parts of a word joined by hyphens or apostrophes begin."""
    if word.isalnum():
        return (start,)
    return [start + run.start() for run in _RUN.finditer(word)]


def _kind(match: re.Match[str]) -> str:
    return next((kind for kind in KINDS if match[kind] is not None), "part")


def _days(count: int, unit: str, *, working: bool) -> int:
    days = {"minutes": 0, "hours": -(-count // 24), "days": count, "weeks": 7 * count}.get(unit, 30 * count)
    return days + 2 * (days // 5) if working and unit == "days" else days


def _dated(day: int, month: int, year: str | None, today: date | None) -> date | None:
    if year is not None:
        return when.exact(day, month, int(year))
    return when.nearest_year(today, day, month) if today is not None else None


def _period(words: str, unit: str, today: date) -> date | None:
    ahead = 1 if "next " in words else 0
    if unit == "week" and words.startswith("middle"):
        return today + timedelta(days=2 - today.weekday() + 7 * ahead)
    if unit == "week":
        return when.end_of_week(today, ahead)
    if unit == "month":
        return when.end_of_month(today, ahead)
    if unit == "weekend":
        return today + timedelta(days=(4 - today.weekday()) % 7)
    return date(today.year + ahead, 12, 31)
