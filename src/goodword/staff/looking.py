"""Who looked at whose data: written down once an hour for each agent and thing, dropped when it is old."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone

from goodword.kit import rows

from .models import Agent, Look

log = logging.getLogger(__name__)
How = Look.How
PROGRAM_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Thing:
    """What was looked at: a customer, a conversation with them, or neither."""

    customer_id: int | None = None
    conversation_id: int | None = None


def looked(
    agent: Agent, how: str = How.PAGE, *, customer_id: int | None = None, conversation_id: int | None = None
) -> None:
    """Write down that an agent opened this, once an hour. One statement, after what they asked for was made.

    What cannot be written down is told in the log of the house, and keeps nobody from working.
    """
    looked_at([Thing(customer_id, conversation_id)], how, agent=agent)


def looked_at(things: Iterable[Thing], how: str, *, agent: Agent | None, program: str = "") -> None:
    """Write down that an agent or a program was given these, once an hour each, in one statement."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    looks = [
        Look(
            agent_id=agent.pk if agent else None,
            program=program[:PROGRAM_LENGTH],
            how=how,
            hour=hour,
            customer_id=one.customer_id,
            conversation_id=one.conversation_id,
        )
        for one in dict.fromkeys(things)
    ]
    try:
        rows.insert_all(looks, ignore_conflicts=True)
    except DatabaseError:
        log.exception("That somebody looked (%s) could not be written down.", how)


def drop_before(moment: datetime, *, most: int) -> int:
    """Delete the oldest entries from before then; returns how many."""
    oldest = Look.objects.filter(hour__lt=moment).order_by("id")
    ids = list(oldest.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
    return Look.objects.filter(pk__in=ids).delete()[0]


def found(
    *,
    agent: Agent | None = None,
    customer_id: int | None = None,
    conversation_id: int | None = None,
    how: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
) -> "QuerySet[Look]":
    """Who looked, the newest first, with the agents; each argument that is given leaves the others out.

    `until` is the moment before which it was; `before` the number that a page goes on from.
    """
    wanted = {
        "agent": agent,
        "customer_id": customer_id,
        "conversation_id": conversation_id,
        "how": how or None,
        "hour__gte": since,
        "hour__lt": until,
        "pk__lt": before,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return Look.objects.filter(**given).select_related("agent").order_by("-id")
