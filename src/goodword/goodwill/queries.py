"""What pages and exports ask about goodwill. Every sum is the sum of rows that the ledger lists."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from goodword.customers.models import Customer
from goodword.staff.models import Agent, Team

from . import access, authority
from .models import ApprovalRequest, Gesture, TeamBudget, Voucher
from .models.kinds import GestureKind
from .months import month_of

LARGEST_ID = 2**63 - 1
LARGEST_COUNT = 1000
RELATED = ("customer", "agent", "decided_by", "team", "reversal", "voucher__redemption")


@dataclass(frozen=True)
class Filters:
    """Which rows of the ledger. `team` is a number, 'none' for gestures of no team, '' for all."""

    month: date | None = None
    team: str = ""
    kind: str = ""
    customer: Customer | None = None

    def of(self, rows: QuerySet[Gesture]) -> QuerySet[Gesture]:
        """The rows that fit."""
        if self.month is not None:
            rows = rows.filter(month=self.month)
        if self.team == "none":
            rows = rows.filter(team=None)
        elif self.team.isascii() and self.team.isdigit() and len(self.team) < 19:
            rows = rows.filter(team=int(self.team))
        if self.kind in GestureKind.values:
            rows = rows.filter(kind=self.kind)
        return rows if self.customer is None else rows.filter(customer=self.customer)


@dataclass(frozen=True)
class LedgerPage:
    """A stretch of the ledger, the newest first."""

    rows: list[Gesture]
    next_cursor: str | None


@dataclass(frozen=True)
class TeamSums:
    """What a team gave in a month: in all, and by kind in the order of `GestureKind`."""

    team: Team | None
    total: Decimal
    by_kind: list[tuple[str, Decimal]]


@dataclass(frozen=True)
class BudgetState:
    """A budget as it stands in a month: what was given of it, and what customers may still choose.

    `share` is both together, in percent up to 100.
    """

    budget: TeamBudget
    used: Decimal
    offered: Decimal
    left: Decimal
    share: int


@dataclass(frozen=True)
class Waiting:
    """An open request, and whether the agent could say yes now; `reason` says why not."""

    request: ApprovalRequest
    can_give: bool
    reason: str


def ledger(agent: Agent | None, filters: Filters, *, cursor: str = "", limit: int = 50) -> LedgerPage:
    """Rows of the ledger. A cursor that is none of ours begins at the top."""
    rows = filters.of(access.gestures(agent))
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 20:
        rows = rows.filter(id__lt=min(int(cursor), LARGEST_ID))
    found = list(rows.select_related(*RELATED).order_by("-id")[: limit + 1])
    more = len(found) > limit
    return LedgerPage(found[:limit], str(found[limit - 1].pk) if more else None)


def every(agent: Agent | None, filters: Filters) -> Iterator[Gesture]:
    """All rows of the ledger that fit, the oldest first, without holding them all in memory."""
    rows = filters.of(access.gestures(agent)).select_related(*RELATED)
    return rows.order_by("id").iterator(chunk_size=500)


def sums(agent: Agent | None, filters: Filters) -> list[TeamSums]:
    """What the rows that fit come to, by team and kind; the teams by name, those without one at the end."""
    found = filters.of(access.gestures(agent)).order_by().values("team", "kind").annotate(sum=Sum("amount"))
    amounts: dict[tuple[int | None, str], Decimal] = {(row["team"], row["kind"]): row["sum"] for row in found}
    teams = Team.objects.in_bulk({team for team, _kind in amounts if team is not None})
    order: list[Team | None] = [*sorted(teams.values(), key=lambda team: team.name)]
    order += [None] if any(team is None for team, _kind in amounts) else []
    return [_sums_of(team, amounts) for team in order]


def total(parts: list[TeamSums]) -> TeamSums:
    """The sums of all teams together."""
    zero = authority.NOTHING
    by_kind = [(kind, sum((dict(part.by_kind)[kind] for part in parts), zero)) for kind in GestureKind.values]
    return TeamSums(None, sum((part.total for part in parts), zero), by_kind)


def count(agent: Agent | None, filters: Filters) -> int:
    """How many gestures the rows that fit tell of; one that was taken back counts once."""
    rows = filters.of(access.gestures(agent)).filter(reverses=None)
    return int(rows.aggregate(count=Count("id"))["count"])


def budget_states(month: date) -> list[BudgetState]:
    """Every budget that holds in a month with what is left of it, the house's first."""
    found: dict[int | None, TeamBudget] = {}
    for row in TeamBudget.objects.filter(month__lte=month).select_related("team").order_by("month"):
        found[row.team_id] = row
    states = [_budget_state(row, month) for row in found.values() if row.amount is not None]
    return sorted(states, key=lambda state: state.budget.team.name if state.budget.team else "")


def waiting_for(agent: Agent, *, limit: int = 50) -> list[Waiting]:
    """The requests this agent may decide, the oldest first, each with whether it can be given still."""
    related = ("customer", "asked_by", "team", "level")
    rows = access.decidable(agent).select_related(*related).order_by("asked_at", "id")[:limit]
    return [_waiting(agent, request) for request in rows]


def waiting_count(agent: Agent) -> int:
    """How many requests wait for this agent, counted to a thousand."""
    return access.decidable(agent).order_by()[:LARGEST_COUNT].count()


def own_requests(agent: Agent, *, limit: int = 50) -> list[ApprovalRequest]:
    """What the agent asked for, the newest first."""
    rows = ApprovalRequest.objects.filter(asked_by=agent).select_related("customer", "decided_by", "level")
    return list(rows.order_by("-id")[:limit])


def decided(agent: Agent, *, limit: int = 50) -> list[ApprovalRequest]:
    """Requests the agent could decide and that somebody answered, the newest answer first."""
    rows = access.requests(agent).exclude(state=ApprovalRequest.State.OPEN).exclude(decided_by=None)
    return list(rows.select_related("customer", "asked_by", "decided_by").order_by("-decided_at")[:limit])


def answers(agent: Agent, *, limit: int = 50) -> list[ApprovalRequest]:
    """Answers to the agent's requests that they have not seen, the newest first."""
    rows = ApprovalRequest.objects.filter(asked_by=agent, seen_at=None)
    rows = rows.exclude(state=ApprovalRequest.State.OPEN)
    return list(rows.select_related("customer", "decided_by", "gesture").order_by("-decided_at")[:limit])


def given_in(agent: Agent | None, conversation_id: int) -> list[Gesture]:
    """What was given in a conversation and kept, the newest first."""
    rows = access.gestures(agent).filter(conversation_id=conversation_id, reverses=None, reversal=None)
    return list(rows.select_related(*RELATED).order_by("-id"))


def open_in(conversation_id: int) -> list[ApprovalRequest]:
    """What waits for an answer in a conversation."""
    rows = ApprovalRequest.objects.filter(conversation_id=conversation_id, state=ApprovalRequest.State.OPEN)
    return list(rows.select_related("asked_by", "level").order_by("id"))


def of_customer(agent: Agent | None, customer: Customer, *, limit: int = 20) -> list[Gesture]:
    """What a customer was given, with what was taken back, the newest first."""
    return ledger(agent, replace(Filters(), customer=customer), limit=limit).rows


def vouchers(agent: Agent | None, *, limit: int = 50) -> list[Voucher]:
    """The newest vouchers."""
    rows = access.vouchers(agent).select_related("customer", "redemption", "gesture__reversal")
    return list(rows.order_by("-id")[:limit])


def months(agent: Agent | None) -> list[date]:
    """The months the ledger has rows in, and the present one, the newest first."""
    found = set(access.gestures(agent).order_by().values_list("month", flat=True).distinct())
    return sorted(found | {month_of()}, reverse=True)


def _sums_of(team: Team | None, amounts: dict[tuple[int | None, str], Decimal]) -> TeamSums:
    key = team.pk if team else None
    by_kind = [(kind, amounts.get((key, kind), authority.NOTHING)) for kind in GestureKind.values]
    return TeamSums(team, sum((amount for _kind, amount in by_kind), authority.NOTHING), by_kind)


def _budget_state(budget: TeamBudget, month: date) -> BudgetState:
    amount, used = budget.amount or authority.NOTHING, authority.used(budget, month)
    at = datetime.combine(month, authority.NOON, timezone.get_default_timezone())
    found = authority.offers(None, None, budget.team, at)
    offered = found.team if budget.team else found.house
    taken = used + offered
    share = 100 if amount <= 0 else min(100, max(0, int(taken * 100 / amount)))
    return BudgetState(budget, used, offered, max(amount - taken, authority.NOTHING), share)


def _waiting(agent: Agent, request: ApprovalRequest) -> Waiting:
    verdict = authority.check_request(request, agent)
    return Waiting(request, verdict.allowed, "" if verdict.allowed else verdict.reason)
