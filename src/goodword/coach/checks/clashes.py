"""Checks of what the draft says against what the team has on file and what this customer was told."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, when
from goodword.coach.on_file import MOST, text_on_file
from goodword.coach.results import Commitment
from goodword.coach.rule import Rule
from goodword.coach.text import Text
from goodword.coach.when import plus

if TYPE_CHECKING:
    from goodword.coach.pack import Pack

_CLOCKS = re.compile(
    r"(?:from|between) (\d{1,2})(?:[:.]\d\d)? ?(?:am|pm)? ?(?:to|and|until|-) ?(\d{1,2})\b"
    r"(?! ?(?:working|business|days?|weeks?|months?|years?|hours?|%|per))"
)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,2})?) ?(?:%|per ?cent)")
_MONEY = re.compile(
    r"(?:[£€$] ?(\d{1,6}(?:,\d{3})?(?:\.\d\d)?)|(\d{1,6}(?:[.,]\d\d)?) (?:pounds|euros|dollars))"
)
_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "year": 365}
_ABOUT = 3  # the first words of a policy say what it is about
_AROUND = 40  # letters around a figure in which its own words stand
_WINDOWS = (" before", " prior", " of delivery", " of purchase", " of receipt", " of renewal")
_TOO_FAR = 20  # 'nine years' and '14 days' are hardly said of the same thing
_LONGEST_WAIT = 15  # 'within 90 days' bounds nothing that anybody would be promised


@dataclass(frozen=True, slots=True)
class Figure:
    """A span of time in days, a share or a sum, with the stems of the words beside it."""

    unit: str
    least: float
    most: float
    start: int
    end: int
    near: frozenset[str]
    working: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence with what it is about and the figures in it."""

    start: int
    end: int
    lower: str
    quote: str
    topic: tuple[str, ...]
    figures: tuple[Figure, ...]


def _sayings(pack: Pack, text: Text) -> list[Saying]:
    return [_saying(pack, text, start, end) for start, end in text.sentences]


def _saying(pack: Pack, text: Text, start: int, end: int) -> Saying:
    lower = text.lower[start:end]
    figures = tuple(_figures(pack, text, start, end))
    return Saying(start, end, lower, text.quote(start, end), tuple(_topic(pack, text, start, end)), figures)


def _topic(pack: Pack, text: Text, start: int, end: int) -> list[str]:
    """The stems of what a sentence is about, without numbers and units."""
    units = pack.data["text"]["units"]
    first, last = text.places(start, end)
    said = zip(text.lowers[first:last], text.stems[first:last], strict=True)
    return [stem for word, stem in said if stem and word not in units and word.isalpha()]


def _figures(pack: Pack, text: Text, start: int, end: int) -> Iterator[Figure]:
    numbers = pack.data["time"]["numbers"]
    for match in _spans_of_time(pack).finditer(text.lower, start, end):
        most = _number(match[2], numbers) * _DAYS[match[4]]
        least = _number(match[1], numbers) * _DAYS[match[4]] if match[1] else most
        near = _near(pack, text, match, start, end)
        working = match[3] in ("working", "business", "school", "banking")
        yield Figure("time", least, most, match.start(), match.end(), near, working)
    for match in _CLOCKS.finditer(text.lower, start, end):
        near = _near(pack, text, match, start, end)
        yield Figure("clock", int(match[1]), int(match[2]), match.start(), match.end(), near)
    for unit, pattern in (("%", _PERCENT), ("money", _MONEY)):
        for match in pattern.finditer(text.lower, start, end):
            amount = float((match[1] or match[2]).replace(",", ""))
            near = _near(pack, text, match, start, end)
            yield Figure(unit, amount, amount, match.start(), match.end(), near)


@lru_cache(maxsize=8)
def _spans_of_time(pack: Pack) -> re.Pattern[str]:
    numbers, articles = pack.data["time"]["numbers"], pack.data["clash"]["articles"]
    return _time_pattern(tuple(word for word in numbers if word.isalpha() and word not in articles))


@lru_cache(maxsize=8)
def _time_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    number = rf"\b(?:\d{{1,5}}|(?<=within )an?|(?<=in )an?|{'|'.join(sorted(words, key=len, reverse=True))})"
    return re.compile(
        rf"(?:({number}) ?(?:-|to|or) ?)?({number})[ -]"
        r"(?:(working|business|calendar|full|school|banking|clear) )?(day|week|month|year|hour)s?\b"
    )


def _number(word: str, numbers: Mapping[str, int]) -> int:
    return int(word) if word.isdigit() else numbers.get(word, 1)


def _near(pack: Pack, text: Text, match: re.Match[str], start: int, end: int) -> frozenset[str]:
    around = max(start, match.start() - _AROUND), min(end, match.end() + _AROUND)
    return frozenset(_topic(pack, text, *around))


def _drafted(case: Case) -> list[Saying]:
    return case.once("sayings", lambda case: _sayings(case.pack, case.draft))


def _told(case: Case, rule: Rule) -> Iterator[Saying]:
    """The sentences on file, or of earlier replies."""
    earlier = rule.options.get("against") == "earlier"
    for said in case.earlier_replies if earlier else case.policies:
        yield from _on_file(case.pack, said)


@lru_cache(maxsize=MOST)
def _on_file(pack: Pack, said: str) -> tuple[Saying, ...]:
    """Policies and earlier replies stay the same from one look at a draft to the next."""
    return tuple(_sayings(pack, text_on_file(pack, said)))


def _contexts(case: Case) -> list[frozenset[str]]:
    """What each sentence of the draft is about, with the one before where it points back ('this', 'it')."""
    return case.once("contexts", _with_before)


def _with_before(case: Case) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    before: frozenset[str] = frozenset()
    for one in _drafted(case):
        own = frozenset(one.topic)
        points_back = len(own) < 2 or one.lower.split(" ", 1)[0] in case.pack.data["clash"]["back"]
        found.append(own | before if points_back else own)
        before = own
    return found


def _place(case: Case, at: int) -> int:
    """The sentence of the draft in which `at` lies."""
    starts = case.once("saying_starts", lambda case: [one.start for one in _drafted(case)])
    return max(0, bisect_right(starts, at) - 1)


def _same_thing(told: Saying, topic: Set[str]) -> bool:
    return bool(topic & set(told.topic[:_ABOUT])) or len(topic & set(told.topic)) > 1


def _owns_up(case: Case, place: int) -> bool:
    """The draft says itself that it was otherwise before: 'I told you Friday; it has moved'."""
    words: list[str] = case.pack.data["clash"]["owned"]
    mine = _drafted(case)
    near = " ".join(one.lower for one in mine[max(0, place - 1) : place + 2])
    return any(word in near for word in words)


def figure_differs(rule: Rule, case: Case) -> Iterator[Hit]:
    """A figure that differs from what a policy or an earlier reply says of the same thing."""
    told = list(_told(case, rule))
    earlier = rule.options.get("against") == "earlier"
    known = {(one.unit, one.least, one.most) for said in told for one in said.figures}
    for place, mine in enumerate(_drafted(case) if known else ()):
        if not mine.figures or (earlier and _owns_up(case, place)):
            continue
        topic = _contexts(case)[place]
        for figure in mine.figures:
            if (figure.unit, figure.least, figure.most) in known:
                continue
            for said in told:
                if _differs(said, figure, topic, earlier=earlier):
                    yield Hit(figure.start, figure.end, values={"policy": said.quote})
                    break


def _differs(said: Saying, mine: Figure, topic: Set[str], *, earlier: bool) -> bool:
    theirs = [one for one in said.figures if one.unit == mine.unit]
    if len(theirs) != 1:
        return False
    if mine.unit == "money" or earlier:
        if not mine.near & theirs[0].near or (mine.unit == "money" and len(topic & set(said.topic)) < 2):
            return False
    elif not _same_thing(said, topic) or (len(mine.near) > 1 and not mine.near & set(said.topic)):
        return False
    if mine.unit == "time" and not 1 / _TOO_FAR < mine.most / max(theirs[0].most, 1 / 24) < _TOO_FAR:
        return False
    if mine.unit == "clock":
        return mine.near & theirs[0].near != frozenset() and (mine.least, mine.most) != (
            theirs[0].least,
            theirs[0].most,
        )
    return not (theirs[0].least <= mine.least and mine.most <= theirs[0].most)


def sooner_than_policy(rule: Rule, case: Case) -> Iterator[Hit]:
    """A promise whose day comes before the shortest time a policy gives for the same thing.

    `near`: only days so near that nobody can mean them, today or tomorrow; else only later ones.
    """
    for said in _told(case, rule) if case.clock.today else ():
        earliest = _earliest(case, said)
        if earliest is None:
            continue
        for promise in case.commitments:
            topic = _contexts(case)[_place(case, promise.start)]
            if not promise.due or not _same_thing(said, topic):
                continue
            if case.marks.any_within(rule.options.get("left_to", ()), *case.draft.sentence_at(promise.start)):
                continue  # said already, by a rule for the words beside it
            if promise.due[:10] < earliest and _is_near(case, promise) == rule.options.get("near", False):
                yield Hit(*_due_span(case, promise), values={"policy": said.quote})


def _earliest(case: Case, said: Saying) -> str | None:
    """The first day on which the policy lets it happen."""
    waits = [one for one in said.figures if one.unit == "time" and 1 <= one.least <= _LONGEST_WAIT]
    if any(said.lower.startswith(_WINDOWS, one.end - said.start) for one in waits):
        return None  # '14 days before departure' is a window, no wait
    total = int(sum(one.least for one in waits))
    if not waits or case.clock.today is None:
        return None
    working = any(one.working for one in waits)
    day = case.clock.working_days_later(total) if working else plus(case.clock.today, total)
    return day.isoformat() if day else None


def _is_near(case: Case, promise: Commitment) -> bool:
    words = (promise.due_text or "").lower()
    return any(word in words for word in case.pack.data["clash"]["near"])


def _due_span(case: Case, promise: Commitment) -> tuple[int, int]:
    for moment in case.times_in(promise.start, promise.end + 2):
        return moment.start, moment.end
    return promise.start, promise.end


def says_otherwise(rule: Rule, case: Case) -> Iterator[Hit]:
    """'Free' against a fee, 'at once' against 'at the end of the month', 'can' against 'cannot'."""
    words = case.pack.data["clash"]
    earlier = rule.options.get("against") == "earlier"
    pairs = [pair for pair in words["pair"] if any(word in case.draft.lower for word in pair["draft"])]
    if not pairs:
        return
    spoken = [[pair for pair in pairs if _says(mine, pair, "draft")] for mine in _drafted(case)]
    for said in _told(case, rule) if any(spoken) else ():
        for place, mine in enumerate(_drafted(case)):
            topic = _contexts(case)[place]
            shared = len(topic & set(said.topic)) if spoken[place] else 0
            for pair in spoken[place]:
                if shared < (1 if earlier else pair["shared"]) or not (earlier or _same_thing(said, topic)):
                    continue
                if _says(said, pair, "told"):
                    yield Hit(mine.start, mine.end, values={"policy": said.quote})
                    break


def _says(one: Saying, pair: Mapping[str, list[str]], side: str) -> bool:
    return any(word in one.lower for word in pair[side]) and not any(
        word in one.lower for word in pair.get(f"{side}_lacks", ())
    )


def refused_though_allowed(rule: Rule, case: Case) -> Iterator[Hit]:
    """A policy that allows what this customer wishes, and a draft that refuses it."""
    unsure = case.pack.data["clash"]["unsure"]
    refusals = [
        act
        for act in case.acts
        if act.act == "refusal" and not any(word in case.draft.lower[act.start : act.end] for word in unsure)
    ]
    if not refusals:
        return
    wished = set(case.customer.stems)
    for said in _told(case, rule):
        topic = set(said.topic)
        if not any(word in said.lower for word in case.pack.data["clash"]["allows"]):
            continue
        if any(word in said.lower for word in case.pack.data["clash"]["forbids"]):
            continue
        if len(topic & wished) >= max(2, len(topic) // 3):
            act = refusals[-1]
            yield Hit(act.start, act.end, values={"policy": said.quote})


def day_differs(rule: Rule, case: Case) -> Iterator[Hit]:
    """A date that differs from the one this customer was told for the same thing."""
    times = case.pack.times
    for reply in case.earlier_replies if case.clock.now else ():
        text = text_on_file(case.pack, reply)
        told = [
            one
            for one in times.find(text, case.clock)
            if one.due and _is_date(case, text.lower[one.start : one.end])
        ]
        for mine in case.times:
            if not mine.due or not _is_date(case, case.draft.lower[mine.start : mine.end]):
                continue
            if any(one.due and one.due[:10] == mine.due[:10] for one in told):
                continue
            place = _place(case, mine.start)
            if _owns_up(case, place):
                continue
            topic = frozenset(_topic(case.pack, case.draft, mine.start - 60, mine.end + 20))
            for one in told:
                if topic & frozenset(_topic(case.pack, text, max(0, one.start - 60), one.end + 20)):
                    sentence = _drafted(case)[place]
                    yield Hit(sentence.start, sentence.end, values={"policy": text.raw.strip()})
                    break


def _is_date(case: Case, words: str) -> bool:
    """'24 November': a day and its month, not 'the 24th' or 'Monday'."""
    months = case.pack.data["time"]["months"]
    return any(char.isdigit() for char in words) and any(word in months for word in words.split())


def _wake(rule: Rule) -> Wake:
    earlier = rule.options.get("against") == "earlier"
    return Wake(needs=frozenset({"earlier_replies" if earlier else "policies"}))


KINDS = {
    "clash_with_policy": Kind(figure_differs, {"against": str}, wakes=_wake),
    "sooner_than_policy": Kind(
        sooner_than_policy, {"near": bool, "left_to": list}, wakes=when("policies", "promises")
    ),
    "says_otherwise": Kind(says_otherwise, {"against": str}, wakes=_wake),
    "refused_though_allowed": Kind(refused_though_allowed, wakes=when("policies", "refusal", "customer")),
    "day_differs": Kind(day_differs, wakes=when("earlier_replies")),
}
