"""The details a customer gave: numbers, dates, amounts, addresses, products, phone and mail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from goodword.coach.case import Case
from goodword.coach.results import Detail

_DIGITS = re.compile(r"\d\d*+")
# Every detail but names and mail addresses has a digit and is shorter than half of this, so that it is enough
# to look around the digits.
_AROUND = 240
_MAIL = re.compile(r"(?<![\w.+-])[\w+-]{1,40}(?:\.[\w+-]{1,40}){0,5}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}")
_AMOUNT = re.compile(
    r"(?:[£$€]|(?<!\w)(?:gbp|eur|usd|chf) ?) ?\d{1,3}(?:[,. ]\d{3}){0,4}(?:[.,]\d{2})?(?!\d)"
    r"|(?:[£$€]) ?\d{1,9}(?:[.,]\d{2})?(?!\d)"
    r"|(?<![\w.,])\d{1,3}(?:[,.]\d{3}){0,3}(?:[.,]\d{2})? ?"
    r"(?:[£$€]|(?:euros?|pounds?|dollars?|gbp|eur|usd|quid|pence|francs)\b)"
    r"|(?<![\w.,])\d{1,9} ?(?:[£€]|(?:euros?|pounds?|dollars?|gbp|eur|usd|quid|pence|francs)\b)"
)
_PHONE = re.compile(r"(?<![\w#-])(?:\+|00|0|\()\d(?:[ ()/.-]{0,2}\d){7,14}(?![\w-])")
_POSTCODE = re.compile(r"(?<!\w)[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}(?!\w)")
_STREET = re.compile(
    r"(?<![\w#-])\d{1,5}[a-z]? (?:[a-z][a-z'-]{1,20} ){1,3}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|close|court|way|gardens|terrace|square|place|crescent|boulevard|blvd)\b"
)
_DATE = re.compile(r"(?<![\w/-])\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})(?![\w/])")
_WITH_DIGITS = (
    ("amount", _AMOUNT),
    ("date", _DATE),
    ("address", _POSTCODE),
    ("address", _STREET),
    ("phone", _PHONE),
)
_MEASURE = (
    r"(?:[£$€%]|(?:euros?|pounds?|dollars?|gbp|eur|usd|days?|weeks?|hours?|people|pieces|items|times)\b)"
)
_CODE = r"(?P<code>(?:[a-z]{1,5}[-_ ]?)?\d(?:[-_/]?[a-z\d]){2,20}|[a-z]{1,5}(?:-[a-z\d]{2,10}){1,4})"


def read_details(case: Case) -> list[Detail]:
    """All details, in order; where two overlap the first kind found wins."""
    lower, raw = case.customer.lower, case.customer.raw
    found: list[Detail] = []
    if not lower:
        return found
    taken = bytearray(len(lower))
    for kind, start, end in _candidates(case, lower):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append(Detail(kind, raw[start:end].strip(), start, end, raw[start:end]))
    return sorted(found, key=lambda detail: detail.start)


def _candidates(case: Case, lower: str) -> Iterator[tuple[str, int, int]]:
    if "@" in lower:
        for match in _MAIL.finditer(lower):
            yield "mail", match.start(), match.end()
    windows = _windows(lower)
    if windows:
        yield from _numbers(case, lower, windows)
        for kind, pattern in _WITH_DIGITS:
            for start, end in windows:
                for match in pattern.finditer(lower, start, end):
                    yield kind, match.start(), match.end()
    if case.customer_language == case.pack.name:
        for moment in case.pack.times.find(case.customer, case.clock):
            if not moment.vague and not moment.span:
                yield "date", moment.start, moment.end
    for start, end in case.customer_marks.spans("product"):
        yield "product", start, end


def _windows(lower: str) -> list[tuple[int, int]]:
    """The parts of the text around its digits, in order and apart."""
    found: list[tuple[int, int]] = []
    for match in _DIGITS.finditer(lower):
        start, end = match.span()
        if found and start - _AROUND <= found[-1][1]:
            found[-1] = found[-1][0], end + _AROUND
        else:
            found.append((max(0, start - _AROUND), end + _AROUND))
    return found


def _numbers(case: Case, lower: str, windows: list[tuple[int, int]]) -> Iterator[tuple[str, int, int]]:
    """Numbers behind words such as 'order' or 'invoice', in order of their kinds."""
    for kind, pattern in case.pack.number_patterns:
        for start, end in windows:
            for match in pattern.finditer(lower, start, end):
                if any(map(str.isdigit, match["code"])):
                    yield kind, match.start("code"), match.end("code")


def number_pattern(words: list[str]) -> re.Pattern[str]:
    """A pattern for the code behind one of `words`: 'order no. 12345', 'order number is #A-123'."""
    if not words:
        return re.compile(r"(?<![\w£$€.,/-])(?:#(?P<code>\w(?:[-_/]?[a-z\d]){2,20}))")
    choice = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    link = r"(?: (?:number|no|nr|num|id|ref|reference|code))?\.?(?: (?:is|was|being))?[ :]{0,2}[#(]?"
    return re.compile(rf"\b(?:{choice})\b{link}{_CODE}(?!\w)(?! ?{_MEASURE})")
