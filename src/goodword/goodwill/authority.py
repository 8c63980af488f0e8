"""Whether an agent may give an amount: the limits of their level, and the budgets of team and house.

What was approved counts in the limits of the one who approved it. To one customer counts what anybody
gave within twelve months; gestures that were reversed count nowhere. What customers were offered and have not
settled yet (`registry.offers`) counts in the present month as if it were given.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Sum
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from goodword.customers.models import Customer
from goodword.staff.authority import level_of, levels
from goodword.staff.models import Agent, AuthorityLevel, Membership, Team
from goodword.ui.money import say_money

from . import registry
from .models import ApprovalRequest, Gesture, TeamBudget
from .months import month_of
from .registry import Asked, Offers

TWELVE_MONTHS = timedelta(days=365)
NOTHING = Decimal()
NOON = time(12)


@dataclass(frozen=True)
class Verdict:
    """Whether it is allowed, why (a sentence for the agent), and the lowest level that may decide it.

    `level` is None where it is allowed, and where nobody may: a budget is used up, or no level suffices.
    """

    allowed: bool
    reason: str
    level: AuthorityLevel | None = None


@dataclass(frozen=True)
class Bound:
    """One thing that bounds what may be given: how much is left of it, and the words to say so."""

    left: Decimal
    words: str
    is_budget: bool = False

    @property
    def sentence(self) -> str:
        """The words as a sentence of their own."""
        return _("%(words)s.") % {"words": capfirst(self.words)}


def check(
    *,
    agent: Agent,
    amount: Decimal,
    customer: Customer | None,
    at: datetime | None = None,
    team: Team | None = None,
    but: tuple[str, int] | None = None,
) -> Verdict:
    """Whether the agent may give this amount to the customer now (or `at`), and who may if not.

    `team` is whose budget it is; without one, the agent's own (`team_of`). `but` is the subject that
    takes the place of earlier offers.
    """
    if amount <= 0:
        return Verdict(True, _("It costs nothing."))
    known = levels()
    team = team or team_of(agent)
    offered = offers(agent, customer, team, at, but)
    bounds = _bounds(level_of(agent, known), agent, customer, at, team, offered)
    tight = [bound for bound in bounds if bound.left < amount]
    if not tight:
        return Verdict(True, left_sentence(bounds))
    budget = next((bound for bound in tight if bound.is_budget), None)
    if budget is not None:
        return Verdict(False, budget.sentence)
    return Verdict(False, tight[0].sentence, _level_above(agent, amount, customer, at, known, offered))


def check_request(request: ApprovalRequest, agent: Agent) -> Verdict:
    """Whether the agent may give what is asked for; it takes the place of its own offer."""
    return check(
        agent=agent,
        amount=request.amount,
        customer=request.customer,
        team=request.team,
        but=(request.subject_kind, request.subject_id),
    )


def bounds_of(
    *, agent: Agent, customer: Customer | None, at: datetime | None = None, team: Team | None = None
) -> list[Bound]:
    """Everything that bounds what the agent may give to the customer, the tightest first."""
    team = team or team_of(agent)
    return _bounds(level_of(agent), agent, customer, at, team, offers(agent, customer, team, at))


def offers(
    agent: Agent | None,
    customer: Customer | None,
    team: Team | None,
    at: datetime | None = None,
    but: tuple[str, int] | None = None,
) -> Offers:
    """What is on offer in a month: in the present one all that is, in others nothing."""
    if month_of(at) != month_of():
        return Offers()
    asked = Asked(
        agent=agent.pk if agent else None,
        customer=customer.pk if customer else None,
        team=team.pk if team else None,
        but=but,
    )
    return sum((entry(asked) for entry in registry.offers), Offers())


def left_sentence(bounds: list[Bound]) -> str:
    """What is left of the agent's limits and of the budgets, in one sentence: of each the tightest."""
    limit = next((bound.words for bound in bounds if not bound.is_budget), "")
    budget = next((bound.words for bound in bounds if bound.is_budget), "")
    if not limit and not budget:
        return _("You may give any amount.")
    if not limit:
        limit = _("you may give any amount")
    words = _("%(limit)s, and %(budget)s") % {"limit": limit, "budget": budget} if budget else limit
    return Bound(NOTHING, words).sentence


def team_of(agent: Agent) -> Team | None:
    """The team whose budget an agent's gestures count in: the one they have been in longest."""
    return Team.objects.filter(pk__in=teams_of(agent)[:1]).first()


def teams_of(agent: Agent | OuterRef) -> "QuerySet[Membership, int]":
    """The numbers of an agent's teams, that of the budget first; also within a query of something else."""
    found = Membership.objects.filter(agent=agent).order_by("since", "team_id")
    return found.values_list("team_id", flat=True)


def budgets(team: Team | None, month: date, *, locked: bool = False) -> list[TeamBudget]:
    """The budgets that hold for a team in a month: its own and the house's, where they are set.

    With `locked` their rows stay locked until the transaction ends: others wait who give from them.
    """
    whose = Q(team=None) | Q(team=team) if team else Q(team=None)
    rows = TeamBudget.objects.filter(whose, month__lte=month)
    if locked:
        rows = rows.select_for_update(no_key=True)
    newest: dict[int | None, TeamBudget] = {}
    for row in rows.order_by("id"):
        if row.team_id not in newest or newest[row.team_id].month < row.month:
            newest[row.team_id] = row
    return [row for row in newest.values() if row.amount is not None]


def used(budget: TeamBudget, month: date) -> Decimal:
    """What was given in a month out of a budget."""
    rows = Gesture.objects.filter(month=month)
    return _sum(rows if budget.team_id is None else rows.filter(team=budget.team_id))


def given_by(agent: Agent, month: date) -> Decimal:
    """What counts in an agent's limit of a month."""
    return _sum(Gesture.objects.filter(decided_by=agent, month=month))


def given_to(customer: Customer, at: datetime | None = None) -> Decimal:
    """What the customer was given in the twelve months before, by anybody, and keeps."""
    since = (at or timezone.now()) - TWELVE_MONTHS
    return _sum(Gesture.objects.filter(customer=customer, at__gt=since, reverses=None, reversal=None))


def over_budget(amount: Decimal, team: Team | None, month: date) -> str:
    """The sentence that says which budget an amount does not fit into; '' where it fits."""
    offered = offers(None, None, team, datetime.combine(month, NOON, timezone.get_default_timezone()))
    tight = [bound for bound in _budget_bounds(team, month, offered) if bound.left < amount]
    return tight[0].sentence if tight else ""


def _bounds(
    level: AuthorityLevel | None,
    agent: Agent,
    customer: Customer | None,
    at: datetime | None,
    team: Team | None,
    offered: Offers,
) -> list[Bound]:
    month = month_of(at)
    found = [*_limit_bounds(level, agent, customer, at, offered), *_budget_bounds(team, month, offered)]
    return sorted(found, key=lambda bound: bound.left)


def _limit_bounds(
    level: AuthorityLevel | None,
    agent: Agent,
    customer: Customer | None,
    at: datetime | None,
    offered: Offers,
) -> list[Bound]:
    if level is None:
        return [Bound(NOTHING, _("you have no level of authority, so somebody else decides what is given"))]
    found = []
    if level.per_gesture is not None:
        words = _("you may give up to %(amount)s at once") % {"amount": say_money(level.per_gesture)}
        found.append(Bound(level.per_gesture, words))
    if level.per_month is not None:
        left = _rest(level.per_month, given_by(agent, month_of(at)) + offered.agent)
        words = _("%(left)s of the %(limit)s that you may give this month is left")
        words %= {"left": say_money(left), "limit": say_money(level.per_month)}
        found.append(Bound(left, _beside(words, offered.agent)))
    if level.per_customer is not None and customer is not None:
        left = _rest(level.per_customer, given_to(customer, at) + offered.customer)
        words = _("you may give this customer %(limit)s in twelve months; %(left)s of it is left")
        facts = {"left": say_money(left), "limit": say_money(level.per_customer)}
        found.append(Bound(left, _beside(words % facts, offered.customer)))
    return found


def _beside(words: str, offered: Decimal) -> str:
    """The words, and what is on offer, which is why less is left than the ledger says."""
    if not offered:
        return words
    return _("%(words)s, as %(offered)s is on offer") % {"words": words, "offered": say_money(offered)}


def _budget_bounds(team: Team | None, month: date, offered: Offers) -> list[Bound]:
    return [
        _budget_bound(budget, month, offered.team if budget.team_id else offered.house)
        for budget in budgets(team, month)
    ]


def _budget_bound(budget: TeamBudget, month: date, offered: Decimal) -> Bound:
    left = _rest(budget.amount or NOTHING, used(budget, month) + offered)
    facts = {
        "left": say_money(left),
        "budget": say_money(budget.amount or NOTHING),
        "month": formats.date_format(month, "F"),
        "team": budget.team.name if budget.team else "",
    }
    if budget.team:
        words = _("%(left)s of %(team)s's budget of %(budget)s for %(month)s is left")
    else:
        words = _("%(left)s of the house's budget of %(budget)s for %(month)s is left")
    return Bound(left, _beside(words % facts, offered), is_budget=True)


def _level_above(
    agent: Agent,
    amount: Decimal,
    customer: Customer | None,
    at: datetime | None,
    known: list[AuthorityLevel],
    offered: Offers,
) -> AuthorityLevel | None:
    """The lowest level above the agent's own whose limits leave room for the amount."""
    own = level_of(agent, known)
    received = given_to(customer, at) + offered.customer if customer else NOTHING
    for level in known:
        limits = (
            (level.per_gesture, NOTHING),
            (level.per_month, NOTHING),
            (level.per_customer, received),
        )
        higher = own is None or level.rank > own.rank
        if higher and all(limit is None or limit - gone >= amount for limit, gone in limits):
            return level
    return None


def _rest(limit: Decimal, gone: Decimal) -> Decimal:
    return max(limit - gone, NOTHING)


def _sum(rows: QuerySet[Gesture]) -> Decimal:
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING
