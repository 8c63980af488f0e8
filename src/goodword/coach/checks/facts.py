"""Checks of facts around the draft: names, attachments, placeholders, policies, private data, promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, phrases_of, when
from goodword.coach.names import first_names, greeting_name
from goodword.coach.rule import Rule
from goodword.coach.text import Text, may_hold

_DIGITS = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?!\w)")
_GROUPED = re.compile(r"[3-6]\d{3}([ -])\d{4}\1\d{4}\1\d{4}")
_CARD_NAMED = ("card ", "number ", "visa ", "mastercard ", "amex ")
_NUMBER_UNIT = re.compile(
    r"(?:(\d{1,4}) ?(?:-|to|–) ?)?(\d{1,5})[ -]"
    r"(?:(?:working|business|calendar|full) )?(day|week|month|year|hour)s?\b"
)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,2})?) ?(?:%|per ?cent)")


Figures = dict[str, tuple[int, int, int, int]]


def wrong_name(rule: Rule, case: Case) -> Iterator[Hit]:
    """The greeting names somebody other than the customer."""
    if not case.customer_name:
        return
    named = greeting_name(case.draft, case.pack.data["text"]["greeting"])
    if named is None:
        return
    known = first_names(case.customer_name)
    written = case.draft.raw[named[0] : named[1]]
    if not any(part.lower() in known for part in re.split(r"[\s\-]", written)):
        right = _meant(written, case.customer_name, case.pack.data["text"]["greeting"]["titles"])
        yield Hit(named[0], named[1], values={"name": right}, suggestions=(right,))


def _meant(written: str, name: str, titles: list[str]) -> str:
    """The part of the customer's name that `written` is most like; the first where it is like none."""
    parts = [part for part in name.split() if part.lower().rstrip(".") not in titles] or name.split()
    return (get_close_matches(written, parts, n=1, cutoff=0.5) or parts)[0]


def no_name(rule: Rule, case: Case) -> Iterator[Hit]:
    """A greeting without the name, although it is known."""
    if not case.customer_name:
        return
    first = next((act for act in case.acts if act.act == "greeting"), None)
    if (
        first is None
        or greeting_name(case.draft, case.pack.data["text"]["greeting"]) is not None
        or first.end - first.start > 40
    ):
        return
    known = first_names(case.customer_name)
    if not known.isdisjoint(case.draft.lowers[:25]) or any(c in case.draft.raw[: first.end] for c in "{[<"):
        return
    name = case.customer_name.split()[0]
    quote = case.draft.raw[first.start : first.end].rstrip(",!. ")
    opener = quote.split()[0] if quote.split() else "Hello"
    yield Hit(first.start, first.start + len(quote), suggestions=(f"{opener} {name}",), values={"name": name})


def attachment(rule: Rule, case: Case) -> Iterator[Hit]:
    """Words that speak of an attachment when none is there."""
    if case.attachments != 0:
        return
    for start, end in case.marks.spans(rule.tag):
        yield Hit(start, end)
        return


def card_number(rule: Rule, case: Case) -> Iterator[Hit]:
    """A full payment card number: digits that pass the check sum, or stand as on a card (4929 1180 …)."""
    for match in _DIGITS.finditer(case.draft.lower):
        digits = [int(char) for char in match.group() if char.isdigit()]
        if (_luhn(digits) or _GROUPED.fullmatch(match.group())) and len(set(digits)) > 1:
            last = "".join(str(digit) for digit in digits[-4:])
            named = case.draft.lower[: match.start()].endswith(_CARD_NAMED)
            better = f"ending in {last}" if named else f"the card ending in {last}"
            yield Hit(match.start(), match.end(), suggestions=(better,))


def _luhn(digits: list[int]) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def clash_with_policy(rule: Rule, case: Case) -> Iterator[Hit]:
    """A figure (days, weeks, per cent) that differs from what a policy or earlier reply says of it."""
    earlier = rule.options.get("against") == "earlier"
    mine = case.once("figures", _figures_of_draft)
    if not mine:
        return
    for said in case.earlier_replies if earlier else case.policies:
        text = case.pack.text(said)
        for sentence in text.sentences:
            facts = _figures(text.lower[sentence.start : sentence.end])
            if facts:
                topic = _topic(case, text, sentence.start, sentence.end)
                for start, end in _clashes(mine, topic, facts, earlier=earlier):
                    yield Hit(start, end, values={"policy": text.quote(*sentence)})


def _figures_of_draft(case: Case) -> list[tuple[int, Figures, set[str]]]:
    """For each sentence of the draft that names figures its start, the figures and its topic."""
    found: list[tuple[int, Figures, set[str]]] = []
    if may_hold(case.draft.lower, b"0123456789", 1):
        for start, end in case.draft.sentences:
            figures = _figures(case.draft.lower[start:end])
            if figures:
                found.append((start, figures, set(_topic(case, case.draft, start, end))))
    return found


def _topic(case: Case, text: Text, start: int, end: int) -> list[str]:
    """The stems of what a sentence is about, without numbers and units."""
    units = case.pack.data["text"]["units"]
    first, last = text.places(start, end)
    said = zip(text.lowers[first:last], text.stems[first:last], strict=True)
    return [stem for word, stem in said if stem and word not in units and word.isalpha()]


def _clashes(
    mine: list[tuple[int, Figures, set[str]]], topic: list[str], facts: Figures, *, earlier: bool
) -> Iterator[tuple[int, int]]:
    """A policy begins with what it is about; of an earlier reply two words must be the same."""
    about = set(topic) if earlier else set(topic[:2])
    for place, figures, here in mine:
        if len(here & about) < (2 if earlier else 1):
            continue
        for unit, (low, high, start, end) in figures.items():
            if unit in facts and not (facts[unit][0] <= low and high <= facts[unit][1]):
                yield place + start, place + end


def _figures(lower: str) -> Figures:
    """Unit → (least, most, start, end); a single figure counts as both."""
    found: Figures = {}
    for match in _NUMBER_UNIT.finditer(lower):
        high = int(match[2])
        low = int(match[1]) if match[1] else high
        unit, factor = ("day", 7) if match[3] == "week" else (match[3], 1)
        found.setdefault(unit, (low * factor, high * factor, match.start(), match.end()))
    for match in _PERCENT.finditer(lower):
        value = int(float(match[1]) * 100)
        found.setdefault("%", (value, value, match.start(), match.end()))
    return found


def sooner_than_policy(rule: Rule, case: Case) -> Iterator[Hit]:
    """A promise whose day comes before the shortest time a policy gives for the same thing."""
    today = case.clock.today
    for policy in case.policies if today else ():
        text = case.pack.text(policy)
        least = _figures(text.lower).get("day")
        if least is None or today is None:
            continue
        topic = set(_topic(case, text, 0, len(policy))[:2])
        for promise in case.commitments:
            if not promise.due or not topic & set(_topic(case, case.draft, promise.start, promise.end)):
                continue
            earliest = case.clock.working_days_later(least[0])
            if earliest is not None and promise.due[:10] < earliest.isoformat() and least[1] > 1:
                start, end = _due_span(case, promise.start, promise.end)
                yield Hit(start, end, values={"policy": policy.strip()})


def _due_span(case: Case, start: int, end: int) -> tuple[int, int]:
    for moment in case.times_in(start, end + 2):
        return moment.start, moment.end
    return start, end


def _when_nothing_is_attached(rule: Rule) -> Wake:
    return Wake(draft=(rule.tag,), needs=frozenset({"nothing_attached"}))


def _when_told(rule: Rule) -> Wake:
    earlier = rule.options.get("against") == "earlier"
    return Wake(needs=frozenset({"earlier_replies" if earlier else "policies"}))


KINDS = {
    "wrong_name": Kind(wrong_name, wakes=when("customer_name")),
    "no_name": Kind(no_name, wakes=when("customer_name")),
    "attachment": Kind(attachment, {"phrases": list}, phrases_of, _when_nothing_is_attached),
    "card_number": Kind(card_number, wakes=when("card_digits")),
    "clash_with_policy": Kind(clash_with_policy, {"against": str}, wakes=_when_told),
    "sooner_than_policy": Kind(sooner_than_policy, wakes=when("policies", "promises")),
}
