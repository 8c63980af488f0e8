"""What promises do when working hours change, or an agent leaves."""

from goodword.staff import registry
from goodword.staff.models import Agent, Team

from .actions import leave, look_again


@registry.hours_changed.add
def hours_changed(team: Team | None) -> None:
    """When the leads hear of what is late is counted anew."""
    look_again()


@registry.left.add
def left(agent: Agent) -> None:
    """Their teams hear of what they were told."""
    leave(agent=agent)
