"""How long promises of each kind took until they were kept: what history says of the next one.

Counted are promises that were kept or broken; how long one took runs from when it was made, or from when its
condition was met.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from .models import Outcome

LEAST = 20  # settled promises of a kind, before anything is said of it
HOLDS = 0.85  # of them kept within a time, which is then one that holds
UNLIKELY = 0.5  # of those still open so late were kept by their time
LOOK_BACK = timedelta(days=365)
NEWEST = 20_000
CACHED_SECONDS = 300
DAY = 24 * 60
STEPS = (60, 240, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 10 * DAY, 14 * DAY, 21 * DAY, 30 * DAY)

_lock = threading.Lock()
_kept: dict[str, tuple[float, Mapping[str, "Record"]]] = {}


@dataclass(frozen=True)
class Record:
    """Of `settled` promises of one kind `within` says, as (minutes, number), how many were kept so soon."""

    settled: int
    within: tuple[tuple[int, int], ...]

    @property
    def speaks(self) -> bool:
        """Whether there are enough of them to say anything."""
        return self.settled >= LEAST

    def kept_within(self, lead: timedelta) -> float:
        """The share that was kept within a time; of a time between two steps the shorter one counts."""
        return self._count(lead) / self.settled if self.settled else 0.0

    def holding(self) -> timedelta | None:
        """The shortest time within which nearly all were kept; None where none is long enough."""
        good = (minutes for minutes, kept in self.within if kept >= HOLDS * self.settled)
        first = next(good, None)
        return timedelta(minutes=first) if first is not None and self.speaks else None

    def likely_to_break(self, *, passed: timedelta, lead: timedelta) -> bool:
        """Whether one that is open after `passed` is more likely to break than to be kept within `lead`."""
        early = self._count(passed)
        still = self.settled - early
        return self.speaks and still > 0 and (self._count(lead) - early) / still < UNLIKELY

    def _count(self, lead: timedelta) -> int:
        minutes = lead.total_seconds() / 60
        return max((kept for step, kept in self.within if step <= minutes), default=0)


NOTHING = Record(0, ())


def record_of(kind: str) -> Record:
    """The record of one kind, as it was some minutes ago at most."""
    return records().get(kind, NOTHING)


def records() -> Mapping[str, Record]:
    """The record of each kind; one query, asked anew after some minutes."""
    with _lock:
        since, found = _kept.get("", (0.0, None))
        if found is None or time.monotonic() - since > CACHED_SECONDS:
            found = counted()
            _kept[""] = time.monotonic(), found
        return found


def forget() -> None:
    """Count anew at the next look."""
    with _lock:
        _kept.clear()


def counted(now: datetime | None = None) -> Mapping[str, Record]:
    """The record of each kind as it is now, over the newest of one year; one query."""
    ways = (Outcome.Kind.KEPT, Outcome.Kind.BROKEN)
    said = Outcome.objects.filter(kind__in=ways, at__gte=(now or timezone.now()) - LOOK_BACK)
    later = Outcome.objects.filter(promise=OuterRef("promise"), kind__in=ways, id__gt=OuterRef("id"))
    newest = said.order_by("-id").values("id")[:NEWEST]
    rows: Any = (
        Outcome.objects.filter(id__in=newest, promise__state=F("kind"))
        .filter(~Exists(later))
        .annotate(took=F("at") - Coalesce("promise__condition_met_at", "promise__made_at"))
        .values("promise__kind")
        .annotate(settled=Count("id"), **{f"in_{step}": Count("id", filter=_in(step)) for step in STEPS})
    )
    return {
        row["promise__kind"]: Record(row["settled"], tuple((step, row[f"in_{step}"]) for step in STEPS))
        for row in rows
    }


def plain() -> dict[str, dict[str, object]]:
    """The records as plain data, for the coach."""
    return {
        kind: {"settled": record.settled, "within": [list(step) for step in record.within]}
        for kind, record in records().items()
        if record.speaks
    }


def _in(minutes: int) -> Q:
    return Q(kind=Outcome.Kind.KEPT, took__lte=timedelta(minutes=minutes))
