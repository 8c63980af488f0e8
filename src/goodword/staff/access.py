"""Who may see what, as far as staff decides it."""

from django.utils.translation import gettext as _

from goodword.mail.models import Mailbox

from .models import Agent, Holiday, Team


class NotAllowed(Exception):
    """The agent may not do this; the text says so in a sentence."""


def hidden_mailboxes(agent: Agent) -> list[int]:
    """Ids of the mailboxes that this agent may not see; empty for most.

    A mailbox given to no team is open to all active agents; leads see every mailbox.
    """
    if agent.is_lead:
        return []
    closed = Mailbox.objects.filter(teams__isnull=False).exclude(teams__members=agent)
    return list(closed.values_list("id", flat=True).distinct())


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
