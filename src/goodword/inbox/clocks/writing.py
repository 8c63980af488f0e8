"""Keeping the clocks of conversations as they were traced."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from ..models import Conversation, ServiceClock
from .tracing import Clock, next_due

COLUMNS = (
    "kind", "started_at", "terms_id", "target", "spent", "runs_since", "warn_at", "due_at",
    "warned_at", "breached_at", "met_at", "ended_at",
)  # fmt: skip
MICROSECOND = timedelta(microseconds=1)

# One statement: what is no clock any more goes, what is new or different is written, nothing else is touched,
# and the conversations repeat what their lists need.
_KEEP = """
WITH given AS (
  SELECT * FROM jsonb_to_recordset(%(clocks)s::jsonb) AS clock (
    conversation_id bigint, kind text, started_at timestamptz, terms_id bigint, target int,
    spent bigint, runs_since timestamptz, warn_at timestamptz, due_at timestamptz, warned_at timestamptz,
    breached_at timestamptz, met_at timestamptz, ended_at timestamptz)
), gone AS (
  DELETE FROM inbox_serviceclock AS clock
  WHERE clock.conversation_id = ANY (%(places)s) AND NOT EXISTS (
    SELECT FROM given
    WHERE given.conversation_id = clock.conversation_id
      AND given.kind = clock.kind AND given.started_at = clock.started_at)
), repeated AS (
  UPDATE inbox_conversation AS place
  SET reply_due_at = changed.reply_due_at, terms_id = changed.terms_id
  FROM jsonb_to_recordset(%(changed)s::jsonb) AS changed (
    id bigint, reply_due_at timestamptz, terms_id bigint)
  WHERE place.id = changed.id
)
INSERT INTO inbox_serviceclock AS clock (
  conversation_id, kind, started_at, terms_id, target, spent, runs_since, warn_at, due_at,
  warned_at, breached_at, met_at, ended_at)
SELECT conversation_id, kind, started_at, terms_id, target, spent * interval '1 microsecond',
  runs_since, warn_at, due_at, warned_at, breached_at, met_at, ended_at
FROM given
ON CONFLICT (conversation_id, kind, started_at) DO UPDATE SET
  terms_id = excluded.terms_id, target = excluded.target,
  spent = excluded.spent, runs_since = excluded.runs_since, warn_at = excluded.warn_at,
  due_at = excluded.due_at, warned_at = excluded.warned_at, breached_at = excluded.breached_at,
  met_at = excluded.met_at, ended_at = excluded.ended_at
WHERE (clock.terms_id, clock.target, clock.spent, clock.runs_since, clock.warn_at,
    clock.due_at, clock.warned_at, clock.breached_at, clock.met_at, clock.ended_at)
  IS DISTINCT FROM (excluded.terms_id, excluded.target, excluded.spent,
    excluded.runs_since, excluded.warn_at, excluded.due_at, excluded.warned_at, excluded.breached_at,
    excluded.met_at, excluded.ended_at)
"""


def keep(
    places: Sequence[Conversation],
    clocks: Mapping[int, Sequence[Clock]],
    terms: Mapping[int, int | None],
) -> None:
    """Write the clocks of these locked conversations, and set what they repeat, in one statement."""
    changed = []
    for place in places:
        due, holds = next_due(clocks[place.pk]), terms[place.pk]
        if (place.reply_due_at, place.terms_id) != (due, holds):
            place.reply_due_at, place.terms_id = due, holds
            changed.append({"id": place.pk, "reply_due_at": due, "terms_id": holds})
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "places": [place.pk for place in places],
                "clocks": _json(as_row(place.pk, clock) for place in places for clock in clocks[place.pk]),
                "changed": _json(changed),
            },
        )


def as_row(place: int, clock: Clock) -> dict[str, Any]:
    """The columns of a traced clock."""
    values = asdict(clock)
    return {"conversation_id": place} | {name: values[name] for name in COLUMNS}


def stored(places: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The columns of the clocks that are kept of these conversations, by their beginning."""
    found: dict[int, list[dict[str, Any]]] = {place: [] for place in places}
    rows = ServiceClock.objects.filter(conversation__in=places).order_by("started_at", "kind")
    for row in rows.values("conversation_id", *COLUMNS):
        found[row["conversation_id"]].append(row)
    return found


def _json(rows: Any) -> str:
    return json.dumps(list(rows), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // MICROSECOND
    raise TypeError(f"A clock holds no {type(value).__name__}.")
