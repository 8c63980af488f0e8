"""'3 working days' in a sentence, and the moment it leads to. The words stand in `data/spans.toml`."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from goodword.staff import working_time
from goodword.staff.working_time import Calendar

from . import moments
from .models import Promise

Unit = Promise.Unit
MOST = 1_000


@dataclass(frozen=True)
class Span:
    """So many units of time; `unit` is one of `Promise.Unit`."""

    amount: int
    unit: str


def span_in(text: str) -> Span | None:
    """The first span of time that the words name; of a range the longer end. None when they name none."""
    found = _pattern().search(" ".join(text.lower().split()))
    if found is None:
        return None
    named = found["most"] or found["amount"]
    amount = int(named) if named.isdigit() else _words()["numbers"][named]
    unit = next(unit for unit in Unit.values if found[unit])
    return Span(min(amount, MOST), unit)


def due_after(span: Span, since: datetime, calendar: Calendar) -> tuple[datetime, bool]:
    """(due_at, whole_day): the moment `span` after `since`; days are whole, working days step over rests."""
    if span.unit == Unit.HOUR:
        return since.astimezone(UTC) + timedelta(hours=span.amount), False
    if span.unit == Unit.WORKING_HOUR:
        return working_time.add(calendar, since, timedelta(hours=span.amount)), False
    day = since.astimezone(moments.company_zone()).date()
    if span.unit == Unit.WORKING_DAY:
        day = working_time.working_day_after(calendar, day, span.amount)
    else:
        day += timedelta(days=span.amount * (7 if span.unit == Unit.WEEK else 1))
    return moments.end_of_day(day), True


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("goodword.promises") / "data" / "spans.toml").read_text("utf-8"))


@cache
def _pattern() -> re.Pattern[str]:
    words = _words()
    number = "|".join([r"\d{1,3}", *sorted(map(re.escape, words["numbers"]), key=len, reverse=True)])
    to = "|".join(map(re.escape, words["to"]))
    # Longer names first: 'working days' before 'days'.
    named = sorted(((name, unit) for unit in Unit.values for name in words["units"][unit]), key=_longest)
    by_unit: dict[str, list[str]] = {unit: [] for unit in dict.fromkeys(unit for _name, unit in named)}
    for name, unit in named:
        by_unit[unit].append(re.escape(name))
    units = "|".join(f"(?P<{unit}>{'|'.join(names)})" for unit, names in by_unit.items())
    return re.compile(rf"\b(?P<amount>{number})(?: ?(?:{to}) ?(?P<most>{number}))?[ -]?(?:{units})\b")


def _longest(named: tuple[str, str]) -> int:
    return -len(named[0])
