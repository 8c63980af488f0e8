"""How promises were kept over a period: by team, kind and lead time, each number with its rows.

Counted are promises that somebody settled as kept or broken within the period; what was withdrawn never held.
A promise was kept in time when that was said by its due time, or when it had none. Its lead time runs from
when it was made, or its condition was met, to its due time. Nothing is stored: asked again, the numbers are
the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from goodword.staff.models import Agent, Team

from . import access, moments
from .models import Outcome, Promise

SETTLED = (Promise.State.KEPT, Promise.State.BROKEN)
LEADS = (
    ("hour", timedelta(hours=1)),
    ("day", timedelta(days=1)),
    ("three", timedelta(days=3)),
    ("week", timedelta(days=7)),
)
LONGER, NO_TIME = "longer", "none"
WAYS = ("team", "kind", "lead")
KEPT = Q(state=Promise.State.KEPT)
IN_TIME = KEPT & (Q(due_at=None) | Q(settled_at__lte=F("due_at")))
BECAME = {
    "settled": Q(),
    "kept": KEPT,
    "in_time": IN_TIME,
    "late": KEPT & ~IN_TIME,
    "broken": Q(state=Promise.State.BROKEN),
}
ROWS = 50


@dataclass(frozen=True)
class Period:
    """The company's days from `first` to `last`, both in."""

    first: date
    last: date

    def bounds(self) -> tuple[datetime, datetime]:
        """The moments at which it begins and ends."""
        zone = moments.company_zone()
        ends = datetime.combine(self.last + timedelta(days=1), time(), tzinfo=zone)
        return datetime.combine(self.first, time(), tzinfo=zone), ends


@dataclass(frozen=True)
class Rate:
    """What became of the promises of one team, kind or lead time; `key` finds their rows again."""

    key: str
    label: str
    settled: int
    kept: int
    in_time: int

    @property
    def late(self) -> int:
        return self.kept - self.in_time

    @property
    def broken(self) -> int:
        return self.settled - self.kept

    @property
    def percent(self) -> int:
        """Kept of a hundred, rounded down, so that 100 means all."""
        return self.kept * 100 // self.settled if self.settled else 0


@dataclass(frozen=True)
class Report:
    """The numbers of a period; `unsaid` are open promises that came due in it, of which nobody has said."""

    period: Period
    total: Rate
    unsaid: int
    by_team: Sequence[Rate]
    by_kind: Sequence[Rate]
    by_lead: Sequence[Rate]


def report(agent: Agent | None, period: Period) -> Report:
    """The report over what the agent may see; five queries."""
    counted = _counted(agent, period)
    total = counted.aggregate(**_counts())
    first, ends = period.bounds()
    overdue = access.visible(agent).filter(state=Promise.State.OPEN, due_at__gte=first, due_at__lt=ends)
    return Report(
        period=period,
        total=Rate("", "", **total),
        unsaid=overdue.filter(due_at__lt=moments.bounds().now).count(),
        by_team=_by(counted, "team"),
        by_kind=_by(counted, "kind"),
        by_lead=_by(counted, "lead"),
    )


def rows(
    agent: Agent | None,
    period: Period,
    *,
    by: str = "",
    key: str = "",
    became: str = "settled",
    before: int | None = None,
) -> tuple[list[Promise], int | None]:
    """The promises behind one number, the newest first, and the id to go on before; None at the end."""
    found = _counted(agent, period).filter(BECAME.get(became, Q()))
    if by in WAYS:
        found = found.filter(**{by: _team(key) if by == "team" else key})
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found.select_related("customer", "team").order_by("-pk")[: ROWS + 1])
    return page[:ROWS], page[ROWS - 1].pk if len(page) > ROWS else None


def label_of(by: str, key: str) -> str:
    """A team, kind or lead time in words."""
    if by == "kind":
        return str(dict(Promise.Kind.choices).get(key, key))
    if by == "lead":
        return lead_words().get(key, key)
    number = _team(key)
    team = Team.objects.filter(pk=number).first() if number is not None else None
    return team.name if team else _("no team")


def _team(key: str) -> int | None:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None


def lead_words() -> dict[str, str]:
    """The lead times in words, the shortest first."""
    return {
        "hour": _("within an hour"),
        "day": _("within a day"),
        "three": _("within 3 days"),
        "week": _("within a week"),
        LONGER: _("later than a week"),
        NO_TIME: _("no time named"),
    }


def _counted(agent: Agent | None, period: Period) -> QuerySet[Any]:
    said = Outcome.objects.filter(promise=OuterRef("pk"), kind=OuterRef("state")).order_by("-id")
    first, ends = period.bounds()
    # Said of them in the period at all: from an index, so that the age of the ledger does not matter.
    lately = Outcome.objects.filter(kind__in=SETTLED, at__gte=first, at__lt=ends)
    settled = (
        access.visible(agent)
        .filter(pk__in=lately.values("promise"), state__in=SETTLED)
        .annotate(settled_at=Subquery(said.values("at")[:1]))
    )
    return settled.filter(settled_at__gte=first, settled_at__lt=ends).annotate(lead=_lead())


def _lead() -> Case:
    since = Coalesce("condition_met_at", "made_at")
    steps = [When(due_at__lte=since + longest, then=Value(name)) for name, longest in LEADS]
    none = When(due_at=None, then=Value(NO_TIME))
    return Case(none, *steps, default=Value(LONGER), output_field=CharField())


def _counts() -> dict[str, Count]:
    return {
        "settled": Count("pk"),
        "kept": Count("pk", filter=BECAME["kept"]),
        "in_time": Count("pk", filter=BECAME["in_time"]),
    }


def _by(counted: QuerySet[Any], way: str) -> list[Rate]:
    names = ("team", "team__name") if way == "team" else (way,)
    found = counted.order_by().values(*names).annotate(**_counts())
    words = lead_words() if way == "lead" else dict(Promise.Kind.choices)
    rates = [
        Rate(
            key="none" if row[way] is None else str(row[way]),
            label=(row["team__name"] or _("no team")) if way == "team" else str(words[row[way]]),
            settled=row["settled"],
            kept=row["kept"],
            in_time=row["in_time"],
        )
        for row in found
    ]
    if way == "lead":
        order = list(words)
        return sorted(rates, key=lambda rate: order.index(rate.key))
    return sorted(rates, key=lambda rate: (-rate.settled, rate.label))
