"""Who looked at whose data: written down once an hour for each agent and thing, and dropped when it is old."""

import logging
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from goodword.kit import rows

from .models import Agent, Look

log = logging.getLogger(__name__)
How = Look.How


def looked(
    agent: Agent, how: str = How.PAGE, *, customer_id: int | None = None, conversation_id: int | None = None
) -> None:
    """Write down that an agent opened this, once an hour. One statement, after what they asked for was made.

    What cannot be written down is told in the log of the house, and keeps nobody from working.
    """
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    look = Look(
        agent_id=agent.pk, how=how, hour=hour, customer_id=customer_id, conversation_id=conversation_id
    )
    try:
        rows.insert_all([look], ignore_conflicts=True)
    except DatabaseError:
        log.exception("That agent %s looked (%s) could not be written down.", agent.pk, how)


def looked_at_many(agent: Agent, how: str, *, customer_ids: list[int]) -> None:
    """Write down that an agent was given the data of these customers, in one statement."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    looks = [
        Look(agent_id=agent.pk, how=how, hour=hour, customer_id=number, conversation_id=None)
        for number in sorted(set(customer_ids))
    ]
    rows.insert_all(looks, ignore_conflicts=True)


def drop_before(moment: datetime, *, most: int) -> int:
    """Delete the oldest entries from before then; returns how many."""
    oldest = Look.objects.filter(hour__lt=moment).order_by("id")
    ids = list(oldest.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
    return Look.objects.filter(pk__in=ids).delete()[0]
