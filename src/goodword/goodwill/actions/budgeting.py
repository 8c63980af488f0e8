"""Setting what may be given in a month."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.events.actions import record
from goodword.staff.access import require_lead
from goodword.staff.models import Agent, Team

from ..errors import GoodwillError
from ..models import TeamBudget
from .giving import MOST


@transaction.atomic
def set_budget(*, by: Agent | None, team: Team | None, month: date, amount: Decimal | None) -> TeamBudget:
    """What a team (None: the house) may give in a month, from this month on; None: as much as limits allow.

    Leads and administrators may; `by` None is the house itself. What was given already stays given.
    """
    if by is not None:
        require_lead(by)
    if amount is not None and not 0 <= amount <= MOST:
        raise GoodwillError(_("%(amount)s cannot be a budget. Write zero or more.") % {"amount": amount})
    budget, new = TeamBudget.objects.select_for_update(no_key=True, of=("self",)).get_or_create(
        team=team, month=month.replace(day=1), defaults={"amount": amount}
    )
    if not new and budget.amount == amount:
        return budget
    budget.amount = amount
    budget.save(update_fields=["amount"])
    data = {
        "team": team.pk if team else None,
        "month": budget.month.isoformat(),
        "amount": None if amount is None else str(amount),
    }
    record("budget.set", agent_id=by.pk if by else None, data=data)
    return budget
