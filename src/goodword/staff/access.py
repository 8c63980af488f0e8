"""Who may see what, as far as staff decides it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.utils.translation import gettext as _

from .models import Agent, Holiday, Team

# Asked several times for each page, so it is said to the database as plainly as can be.
_HIDDEN = """
SELECT DISTINCT given.mailbox_id FROM staff_team_mailboxes AS given
WHERE NOT EXISTS (
  SELECT FROM staff_team_mailboxes AS own JOIN staff_membership AS member ON member.team_id = own.team_id
  WHERE own.mailbox_id = given.mailbox_id AND member.agent_id = %s)
ORDER BY given.mailbox_id
"""


_known: ContextVar[dict[int, list[int]] | None] = ContextVar("hidden mailboxes", default=None)


class NotAllowed(Exception):
    """The agent may not do this; the text says so in a sentence."""


def hidden_mailboxes(agent: Agent) -> list[int]:
    """Ids of the mailboxes that this agent may not see; empty for most.

    A mailbox given to no team is open to all active agents; leads see every mailbox.
    """
    if agent.is_lead:
        return []
    known = _known.get()
    if known is not None and agent.pk in known:
        return known[agent.pk]
    with connection.cursor() as cursor:
        cursor.execute(_HIDDEN, [agent.pk])
        hidden = [mailbox for (mailbox,) in cursor.fetchall()]
    if known is not None:
        known[agent.pk] = hidden
    return hidden


@contextmanager
def asked_once() -> Iterator[None]:
    """While a page is read, ask the database once which mailboxes an agent may not see."""
    before = _known.set({})
    try:
        yield
    finally:
        _known.reset(before)


def require_lead(agent: Agent) -> None:
    """Raise NotAllowed unless the agent is a lead or an administrator."""
    if not agent.is_lead:
        raise NotAllowed(_("Only a lead or an administrator may do this. Ask one of them."))


def require_administrator(agent: Agent) -> None:
    """Raise NotAllowed unless the agent is an administrator."""
    if not agent.is_administrator:
        raise NotAllowed(_("Only an administrator may do this. Ask one of them."))


def get_agent(by: Agent, pk: int) -> Agent:
    """One agent, also one who has left: everybody here may know everybody. Raises Agent.DoesNotExist."""
    return Agent.objects.get(pk=pk)


def get_team(by: Agent, pk: int) -> Team:
    """One team, for those who set teams up. Raises NotAllowed or Team.DoesNotExist."""
    require_administrator(by)
    return Team.objects.get(pk=pk)


def get_holiday(by: Agent, pk: int) -> Holiday:
    """One holiday, for those who set them. Raises NotAllowed or Holiday.DoesNotExist."""
    require_lead(by)
    return Holiday.objects.get(pk=pk)
