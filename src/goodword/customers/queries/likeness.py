"""Suggestions that two customers are one person, as far as an agent may see both."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from goodword.staff.models import Agent

from .. import access
from ..models import Customer, Duplicate

PAGE = 10
HALF = 0.0005
_CURSOR = re.compile(r"([0-9]{1,4})-([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class DuplicatePage:
    """A stretch of the suggestions, the likeliest first; `next_cursor` is None at the end."""

    rows: Sequence[Duplicate]
    next_cursor: str | None


def open_duplicates(agent: Agent | None) -> QuerySet[Duplicate]:
    """The suggestions nobody has decided, both of whom the agent may see, the likeliest first."""
    rows = Duplicate.objects.filter(decided=Duplicate.Decision.OPEN)
    if agent is not None and not agent.is_lead:
        seen = access.visible(agent)
        rows = rows.filter(first__in=seen, second__in=seen)
    return rows.select_related("first__organisation", "second__organisation").order_by("-score", "-id")


def duplicate_page(agent: Agent, *, cursor: str | None = None, limit: int = PAGE) -> DuplicatePage:
    """One page of them. A cursor that is none of ours begins at the top."""
    rows = open_duplicates(agent)
    position = _CURSOR.fullmatch(cursor or "")
    if position:
        # The score goes by thousandths, so that it stands in an address as a whole number.
        score, number = int(position[1]) / 1000, int(position[2])
        near = Q(score__lt=score + HALF, score__gte=score - HALF, id__lt=number)
        rows = rows.filter(Q(score__lt=score - HALF) | near)
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return DuplicatePage(found[:limit], f"{round(last.score * 1000)}-{last.pk}" if last else None)


def duplicates_of(agent: Agent, customer: Customer, *, limit: int = 3) -> list[Customer]:
    """The likeliest others who may be this customer."""
    rows = open_duplicates(agent).filter(Q(first=customer) | Q(second=customer))[:limit]
    return [row.second if row.first_id == customer.pk else row.first for row in rows]
