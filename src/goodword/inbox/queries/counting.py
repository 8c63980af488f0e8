"""How many conversations each list holds, in two plain statements: they stand on every page."""

from dataclasses import dataclass

from django.db import connection

from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent

from .views import VIEWS

COUNT_LIMIT = 1000

# Each part walks the index of its view, in the view's order, and no further than the limit; the same as
# `views` holds, which a test compares. Where nothing is hidden, the planner drops the condition on it.
_COUNTS = """
SELECT
  (SELECT COUNT(*) FROM (
     SELECT 1 FROM inbox_conversation
     WHERE state = 'open' AND assignee_id = %(agent)s
       AND (cardinality(%(hidden)s::bigint[]) = 0
         OR mailbox_id IS NULL OR mailbox_id <> ALL (%(hidden)s::bigint[]))
     ORDER BY last_at DESC, id DESC LIMIT %(most)s) AS held),
  (SELECT COUNT(*) FROM (
     SELECT 1 FROM inbox_conversation
     WHERE state = 'open' AND assignee_id IS NULL
       AND (cardinality(%(hidden)s::bigint[]) = 0
         OR mailbox_id IS NULL OR mailbox_id <> ALL (%(hidden)s::bigint[]))
     ORDER BY last_at DESC, id DESC LIMIT %(most)s) AS held),
  (SELECT COUNT(*) FROM (
     SELECT 1 FROM inbox_conversation
     WHERE state = 'open'
       AND (cardinality(%(hidden)s::bigint[]) = 0
         OR mailbox_id IS NULL OR mailbox_id <> ALL (%(hidden)s::bigint[]))
     ORDER BY last_at DESC, id DESC LIMIT %(most)s) AS held),
  (SELECT COUNT(*) FROM (
     SELECT 1 FROM inbox_conversation
     WHERE state = 'open' AND waiting_since IS NOT NULL
       AND (cardinality(%(hidden)s::bigint[]) = 0
         OR mailbox_id IS NULL OR mailbox_id <> ALL (%(hidden)s::bigint[]))
     ORDER BY waiting_since, id LIMIT %(most)s) AS held),
  (SELECT COUNT(*) FROM (
     SELECT 1 FROM inbox_conversation
     WHERE state = 'open' AND reply_due_at IS NOT NULL
       AND (cardinality(%(hidden)s::bigint[]) = 0
         OR mailbox_id IS NULL OR mailbox_id <> ALL (%(hidden)s::bigint[]))
     ORDER BY reply_due_at, id LIMIT %(most)s) AS held),
  (SELECT COUNT(*) FROM (
     SELECT 1 FROM inbox_conversation
     WHERE state = 'snoozed'
       AND (cardinality(%(hidden)s::bigint[]) = 0
         OR mailbox_id IS NULL OR mailbox_id <> ALL (%(hidden)s::bigint[]))
     ORDER BY snoozed_until, id LIMIT %(most)s) AS held),
  (SELECT COUNT(*) FROM (
     SELECT 1 FROM inbox_conversation
     WHERE state = 'closed'
       AND (cardinality(%(hidden)s::bigint[]) = 0
         OR mailbox_id IS NULL OR mailbox_id <> ALL (%(hidden)s::bigint[]))
     ORDER BY last_at DESC, id DESC LIMIT %(most)s) AS held),
  (SELECT COUNT(DISTINCT conversation_id) FROM (
     SELECT place.conversation_id
     FROM promises_promise AS promise
     JOIN inbox_conversationpromise AS place ON place.promise_id = promise.id
     WHERE promise.state = 'open' AND promise.due_at IS NOT NULL
       AND (cardinality(%(hidden)s::bigint[]) = 0 OR EXISTS (
         SELECT 1 FROM inbox_conversation AS held
         WHERE held.id = place.conversation_id
           AND (held.mailbox_id IS NULL OR held.mailbox_id <> ALL (%(hidden)s::bigint[]))))
     ORDER BY promise.due_at, promise.id LIMIT %(most)s) AS held)
"""

_TEAMS = """
SELECT team.id, team.name, (
  SELECT COUNT(*) FROM (
     SELECT 1 FROM inbox_conversation
     WHERE state = 'open' AND team_id = team.id
       AND (cardinality(%(hidden)s::bigint[]) = 0
         OR mailbox_id IS NULL OR mailbox_id <> ALL (%(hidden)s::bigint[]))
     ORDER BY last_at DESC, id DESC LIMIT %(most)s) AS held)
FROM staff_team AS team
WHERE %(all)s OR EXISTS (
  SELECT FROM staff_membership WHERE team_id = team.id AND agent_id = %(agent)s)
ORDER BY team.name
"""


@dataclass(frozen=True, slots=True)
class TeamCount:
    """How many open conversations a team has that the agent may see."""

    id: int
    name: str
    count: int


def counters(agent: Agent) -> dict[str, int]:
    """How many conversations each view holds, up to COUNT_LIMIT, in one round trip."""
    return _counters(agent, hidden_mailboxes(agent))


def all_counters(agent: Agent) -> tuple[dict[str, int], list[TeamCount]]:
    """`counters`, and those of the agent's teams; leads have every team."""
    hidden = hidden_mailboxes(agent)
    return _counters(agent, hidden), _team_counters(agent, hidden)


def _counters(agent: Agent, hidden: list[int]) -> dict[str, int]:
    if not agent.is_active:
        return dict.fromkeys(VIEWS, 0)
    given: dict[str, int | list[int]] = {"agent": agent.pk, "hidden": hidden}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, given | {"most": COUNT_LIMIT})
        counted = cursor.fetchone()
    return dict(zip(VIEWS, counted, strict=True))


def _team_counters(agent: Agent, hidden: list[int]) -> list[TeamCount]:
    given: dict[str, int | list[int]] = {"agent": agent.pk, "hidden": hidden, "all": agent.is_lead}
    with connection.cursor() as cursor:
        cursor.execute(_TEAMS, given | {"most": COUNT_LIMIT})
        return [TeamCount(*row) for row in cursor.fetchall()]
