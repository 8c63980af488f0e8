"""What promises do when working hours change."""

from goodword.staff import registry
from goodword.staff.models import Team

from .actions import look_again


@registry.hours_changed.add
def hours_changed(team: Team | None) -> None:
    """When the leads hear of what is late is counted anew."""
    look_again()
