"""Checks for what must not leave the house: other people by name, with their dealings and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from goodword.coach.case import Case
from goodword.coach.checks.base import Hit, Kind
from goodword.coach.rule import Rule

_PART = r"[^\W\d_a-z][\w'’\-]{1,30}"
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Mx", "Herr", "Frau")
_TITLED = re.compile(rf"\b(?:{'|'.join(_TITLES)})\.? (?:[^\W\d_a-z]\.? ){{0,2}}{_PART}(?: {_PART}){{0,2}}")
_FULL = re.compile(rf"(?<![\w'’\-]){_PART} {_PART}(?: {_PART})?")
_ADDRESS = re.compile(
    rf",? (?:of|at|from|in|who lives at|who lives in|living at) (?:flat |number |no\. ?)?"
    rf"\d{{1,4}}[a-zA-Z]?,? {_PART}"
)
_STREET = re.compile(
    rf" (?:of|in) (?!HR|IT|PR|Finance|Billing|Customer|Support|Sales|Legal|Accounts){_PART}(?: {_PART})?"
    r"(?: (?:Street|Road|Lane|Avenue|Close|Court|Drive|Way|Place|Terrace|Gardens|Square|Row|Hill))?\b"
)
_TITLE = re.compile("|".join(_TITLES))
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]++")
_OWN, _DEALINGS = "privacy.own_people", "privacy.dealings"
_PLACES, _CUSTOMERS = "privacy.places", "privacy.other_customer"


def other_person(rule: Rule, case: Case) -> Iterator[Hit]:
    """Somebody else by name, with what they did or where they live; nobody the customer spoke of."""
    raw = case.draft.own
    addressed, a_customer = _DIGIT.search(raw) is not None, case.marks.has(_CUSTOMERS)
    titled = _TITLE.search(raw) is not None
    if not titled and not addressed and not a_customer:
        return
    known = case.once("known_people", _known)
    for match in _TITLED.finditer(raw) if titled else ():
        address = _ADDRESS.match(raw, match.end())
        if address and address.group().rsplit(" ", 1)[-1].lower() not in known:
            yield Hit(match.start(), address.end())
        elif _told(case, match, known) and (_dealt_with(case, match) or _lives_at(case, match)):
            yield Hit(*match.span())
    for match in _FULL.finditer(raw) if addressed or a_customer else ():
        address = _ADDRESS.match(raw, match.end())
        if address and _told(case, match, known) and not case.marks.within(_PLACES, *match.span()):
            yield Hit(match.start(), address.end())
        elif _a_customer(case, match) and _told(case, match, known):
            yield Hit(match.start(), match.end())


def _known(case: Case) -> frozenset[str]:
    """Every word that the customer or the team wrote, and both names: nothing new is told by them."""
    said = [case.customer.raw, case.customer_name, case.agent_name, *case.policies, *case.earlier_replies]
    return frozenset(word.lower() for text in said for word in _LETTERS.findall(text))


def _told(case: Case, match: re.Match[str], known: frozenset[str]) -> bool:
    """A name that is news to the customer, outside greeting and signature."""
    names = [word.lower() for word in _LETTERS.findall(match.group()) if len(word) > 2]
    if any(name in known for name in names[-1:]):
        return False
    start = match.start()
    return not any(act.start <= start < act.end and act.act in ("greeting", "closing") for act in case.acts)


def _dealt_with(case: Case, match: re.Match[str]) -> bool:
    start, end = case.draft.sentence_at(match.start())
    if case.marks.first_within(_OWN, start, end):
        return False
    return case.marks.first_within(_DEALINGS, match.end(), end) is not None or _a_customer(case, match)


def _lives_at(case: Case, match: re.Match[str]) -> bool:
    """'of Corve Street', 'in Ludlow' after the name of somebody who is none of our people."""
    start, end = case.draft.sentence_at(match.start())
    return _STREET.match(case.draft.own, match.end()) is not None and not case.marks.first_within(
        _OWN, start, end
    )


def _a_customer(case: Case, match: re.Match[str]) -> bool:
    """The words right before the name say that it is a customer's ('another customer, ')."""
    before = case.marks.within(_CUSTOMERS, max(0, match.start() - 60), match.start())
    return any(match.start() - end <= 12 for _, end in before)


KINDS = {"other_person": Kind(other_person)}
