"""How the coach's rules fare with the team."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from goodword.staff.models import Agent

from . import access
from .models import Dispute


@dataclass(frozen=True)
class RuleStatistics:
    """One rule: how often it was disputed, by how many agents, and sent in spite of."""

    rule: str
    disputes: int
    agents: int
    overrides: int
    last_disputed_at: datetime | None


@dataclass(frozen=True)
class DisputePage:
    """A stretch of disputes, the newest first; `next_cursor` is None at the end."""

    rows: Sequence[Dispute]
    next_cursor: str | None


def rule_statistics(agent: Agent, *, since: datetime | None = None) -> list[RuleStatistics]:
    """Every rule that was disputed or overridden (since then), the most disputed first; two queries."""
    disputes, overrides = access.disputes(agent), access.overrides(agent)
    if since is not None:
        disputes, overrides = disputes.filter(at__gte=since), overrides.filter(at__gte=since)
    disputed = disputes.order_by().values("rule").annotate(n=Count("id"))
    disputed = disputed.annotate(agents=Count("agent", distinct=True), last=Max("at"))
    overridden = overrides.order_by().values("rule").annotate(n=Count("id"))
    sent_anyway = {row["rule"]: row["n"] for row in overridden}
    found = [
        RuleStatistics(row["rule"], row["n"], row["agents"], sent_anyway.pop(row["rule"], 0), row["last"])
        for row in disputed
    ]
    found += [RuleStatistics(rule, 0, 0, n, None) for rule, n in sent_anyway.items()]
    return sorted(found, key=lambda row: (-row.disputes, -row.overrides, row.rule))


def disputes(
    agent: Agent, *, rule: str | None = None, cursor: str | None = None, limit: int = 25
) -> DisputePage:
    """What was disputed, of one rule or all. A cursor that is none of ours begins at the top."""
    rows = access.disputes(agent)
    if rule is not None:
        rows = rows.filter(rule=rule)
    if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 19:
        rows = rows.filter(id__lt=int(cursor))
    found = list(rows.order_by("-id")[: limit + 1])
    more = len(found) > limit
    return DisputePage(found[:limit], str(found[limit - 1].pk) if more else None)
