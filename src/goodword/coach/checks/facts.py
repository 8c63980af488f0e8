"""Checks of facts around the draft: names, attachments, card numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind, Wake, phrases_of, when
from goodword.coach.names import first_names, greeting_name
from goodword.coach.rule import Rule

_DIGITS = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,18}(?!\w)")
_GROUPED = re.compile(r"[3-6]\d{3}([ -])\d{4}\1\d{4}\1\d{4}")
_CARD_NAMED = ("card ", "number ", "visa ", "mastercard ", "amex ")


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


def _when_nothing_is_attached(rule: Rule) -> Wake:
    return Wake(draft=(rule.tag,), needs=frozenset({"nothing_attached"}))


KINDS = {
    "wrong_name": Kind(wrong_name, wakes=when("customer_name")),
    "no_name": Kind(no_name, wakes=when("customer_name")),
    "attachment": Kind(attachment, {"phrases": list}, phrases_of, _when_nothing_is_attached),
    "card_number": Kind(card_number, wakes=when("card_digits")),
}
