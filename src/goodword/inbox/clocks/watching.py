"""Warns before a service clock is due and tells when it was breached: once each, however many workers run.

A clock is claimed by the statement that marks it, in the transaction that tells of it, and only together with
its conversation's lock: what somebody is changing at the moment is left for the next look.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from goodword.events.actions import record

AT_ONCE = 100

_BREACHED = """
WITH late AS (
  SELECT clock.id, place.customer_id, place.mailbox_id
  FROM inbox_serviceclock AS clock JOIN inbox_conversation AS place ON place.id = clock.conversation_id
  WHERE clock.ended_at IS NULL AND clock.breached_at IS NULL AND clock.due_at < %(now)s
  ORDER BY clock.due_at LIMIT %(most)s
  FOR NO KEY UPDATE SKIP LOCKED)
UPDATE inbox_serviceclock AS clock SET breached_at = clock.due_at, warn_at = NULL
FROM late WHERE clock.id = late.id
RETURNING clock.conversation_id, late.customer_id, late.mailbox_id, clock.kind, clock.started_at,
  clock.target, clock.due_at
"""

_WARNED = """
WITH soon AS (
  SELECT clock.id, place.customer_id, place.mailbox_id
  FROM inbox_serviceclock AS clock JOIN inbox_conversation AS place ON place.id = clock.conversation_id
  WHERE clock.ended_at IS NULL AND clock.warned_at IS NULL AND clock.warn_at <= %(now)s
    AND clock.due_at >= %(now)s
  ORDER BY clock.warn_at LIMIT %(most)s
  FOR NO KEY UPDATE SKIP LOCKED)
UPDATE inbox_serviceclock AS clock SET warned_at = %(now)s, warn_at = NULL
FROM soon WHERE clock.id = soon.id
RETURNING clock.conversation_id, soon.customer_id, soon.mailbox_id, clock.kind, clock.started_at,
  clock.target, clock.due_at
"""


def watch(now: datetime | None = None) -> int:
    """Tell of every clock that is breached, and warn of every one that will be; returns of how many."""
    now = now or timezone.now()
    return _tell_all("service.breached", _BREACHED, now) + _tell_all("service.warned", _WARNED, now)


def _tell_all(kind: str, statement: str, now: datetime) -> int:
    told = 0
    while True:
        with transaction.atomic():
            claimed = _claim(statement, now)
            for row in claimed:
                _tell(kind, now, *row)
        told += len(claimed)
        if len(claimed) < AT_ONCE:
            return told


def _claim(statement: str, now: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "most": AT_ONCE})
        return list(cursor.fetchall())


def _tell(
    kind: str,
    now: datetime,
    conversation: int,
    customer: int,
    mailbox: int | None,
    clock: str,
    started: datetime,
    target: int,
    due: datetime,
) -> None:
    record(
        kind,
        conversation_id=conversation,
        customer_id=customer,
        mailbox_id=mailbox,
        data={
            "clock": clock,
            "started": started.isoformat(),
            "target": target,
            "due": due.isoformat(),
            "at": now.isoformat(),
        },
    )
