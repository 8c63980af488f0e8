"""A promise held against how promises of its kind were kept before, as the ledger tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from goodword.coach.case import Case
from goodword.coach.checks.base import FACTS, Hit, Kind, when
from goodword.coach.results import Commitment
from goodword.coach.rule import Rule

FACTS["kept"] = lambda case: bool(case.kept)
_OURS = ("agent", "company")
_DAY = 24 * 60


def seldom_kept(rule: Rule, case: Case) -> Iterator[Hit]:
    """A time within which promises of this kind were seldom kept; needs enough of them to speak."""
    now = case.clock.now
    if now is None:
        return
    for promise in case.commitments:
        lead = _lead(promise, now)
        record = case.kept.get(promise.kind)
        if lead is None or record is None or record["settled"] < rule.options["least"]:
            continue
        step, kept = _step(record["within"], lead)
        rate = kept * 100 // record["settled"]
        if step and rate < rule.options["seldom"]:
            yield _hit(rule, case, promise, record, step, rate)


def _lead(promise: Commitment, now: datetime) -> timedelta | None:
    """The time until a promise of ours is due; None without one."""
    if promise.who not in _OURS or not promise.due or not promise.firm:
        return None
    if ":" in promise.due:
        return datetime.fromisoformat(promise.due) - now
    end = datetime.combine(date.fromisoformat(promise.due), time(23, 59), now.tzinfo)
    return end - now


def _step(within: Sequence[Sequence[int]], lead: timedelta) -> tuple[int, int]:
    """(minutes, kept) of the longest time counted that is no longer than the promise has; (0, 0) for none."""
    minutes = lead.total_seconds() / 60
    return max(((step, kept) for step, kept in within if step <= minutes), default=(0, 0))


def _hit(rule: Rule, case: Case, promise: Commitment, record: Mapping[str, Any], step: int, rate: int) -> Hit:
    spans = case.pack.data["promise_kinds"]["spans"]
    holds = next(
        (s for s, kept in record["within"] if kept * 100 >= rule.options["holds"] * record["settled"]), 0
    )
    longer = _span(holds, spans) if holds > step else ""
    more = spans["holds"].format(span=longer) if longer else ""
    start, end = _time_of(promise, case)
    return Hit(
        start,
        end,
        values={"rate": str(rate), "span": _span(step, spans), "more": more},
        suggestions=(spans["within"].format(span=longer),) if longer and end > start else (),
    )


def _time_of(promise: Commitment, case: Case) -> tuple[int, int]:
    """Where the promise names its time; the whole promise where that stands elsewhere."""
    at = case.draft.raw.find(promise.due_text, promise.start, promise.end) if promise.due_text else -1
    if at < 0 or promise.due_text is None:
        return promise.start, promise.end
    return at, at + len(promise.due_text)


def _span(minutes: int, spans: Mapping[str, Any]) -> str:
    """'a day', '3 days', '4 hours'."""
    one, many, count = (
        ("day", "days", minutes // _DAY) if minutes >= _DAY else ("hour", "hours", minutes // 60)
    )
    return str(spans[one]) if count == 1 else str(spans[many]).format(n=count)


KINDS = {
    "seldom_kept": Kind(
        seldom_kept, {"least": int, "seldom": int, "holds": int}, wakes=when("promises", "kept")
    )
}
