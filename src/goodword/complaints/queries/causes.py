"""The tree of causes, and those that keep coming back."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from goodword.staff.models import Agent

from .. import access
from ..models import Cause, Prevention
from .lists import day_begins

WEEKS = 8
LEAST = 3


@dataclass(frozen=True, slots=True)
class CauseLine:
    """A cause in the tree: how deep it hangs, its way from the root, and how many complaints it explains."""

    cause: Cause
    depth: int
    path: str
    complaints: int


@dataclass(frozen=True, slots=True)
class Week:
    """How many complaints a cause made in the week that begins on this Monday."""

    begins: date
    count: int


@dataclass(frozen=True, slots=True)
class Recurring:
    """A cause that keeps coming back, with its weeks, the newest last.

    `trend` compares the newer half of the weeks with the older: 'rising', 'falling' or 'steady'.
    """

    cause: Cause
    path: str
    count: int
    weeks: Sequence[Week]
    trend: str
    prevention: Prevention | None

    @property
    def most(self) -> int:
        """The largest week, at least 1, for a plot."""
        return max([1, *(week.count for week in self.weeks)])


def branches(agent: Agent, *, only_active: bool = False) -> list[CauseLine]:
    """The tree from its roots down, each branch by name, with the complaints the agent may see."""
    rows = Cause.objects.select_related("parent")
    causes = list(rows.filter(is_active=True) if only_active else rows)
    counted = dict(
        access.complaints(agent).exclude(cause=None).values_list("cause").annotate(Count("pk")).order_by()
    )
    below: dict[int | None, list[Cause]] = defaultdict(list)
    for cause in causes:
        below[cause.parent_id].append(cause)
    lines: list[CauseLine] = []

    def walk(parent: int | None, depth: int, way: str) -> None:
        for cause in below[parent]:
            path = f"{way} › {cause.name}" if way else cause.name
            lines.append(CauseLine(cause, depth, path, counted.get(cause.pk, 0)))
            walk(cause.pk, depth + 1, path)

    walk(None, 0, "")
    return lines


def recurring(
    agent: Agent, *, today: date | None = None, weeks: int = WEEKS, least: int = LEAST
) -> list[Recurring]:
    """Causes of at least so many complaints within the last weeks, the most frequent first."""
    today = today or timezone.localdate(timezone=timezone.get_default_timezone())
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(weeks))]
    zone = timezone.get_default_timezone()
    rows = (
        access.complaints(agent)
        .filter(opened_at__gte=day_begins(mondays[0]), opened_at__lt=day_begins(today + timedelta(days=1)))
        .exclude(cause=None)
        .values_list("cause", "opened_at")
    )
    by_cause: dict[int, Counter[date]] = defaultdict(Counter)
    for cause, opened_at in rows:
        day = opened_at.astimezone(zone).date()
        by_cause[cause][day - timedelta(days=day.weekday())] += 1
    often = [cause for cause, weekly in by_cause.items() if weekly.total() >= least]
    paths = {line.cause.pk: line for line in branches(agent)} if often else {}
    plans = {
        plan.cause_id: plan
        for plan in Prevention.objects.filter(Q(cause__in=often), done_at=None).select_related("owner")
    }
    found = [
        _recurring(paths[pk], [Week(day, by_cause[pk][day]) for day in mondays], plans.get(pk))
        for pk in often
    ]
    return sorted(found, key=lambda one: (-one.count, one.path))


def _recurring(line: CauseLine, weeks: Sequence[Week], plan: Prevention | None) -> Recurring:
    half = len(weeks) // 2
    older, newer = (sum(week.count for week in part) for part in (weeks[:half], weeks[half:]))
    trend = "rising" if newer > older else "falling" if newer < older else "steady"
    return Recurring(line.cause, line.path, older + newer, list(weeks), trend, plan)
