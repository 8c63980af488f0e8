"""How upper rooms take part in staff; filled in their AppConfig.ready()."""

from collections.abc import Callable

from goodword.kit.registry import Registry

from .models import Agent, Team

# Called in the transaction in which an agent begins to take new conversations or may take more of them.
has_room: Registry[Callable[[Agent], None]] = Registry("agents who have room")

# Called in the transaction in which an agent stops working here.
left: Registry[Callable[[Agent], None]] = Registry("agents who have left")

# Called in the transaction in which the hours, the time zone or the holidays of a team change; None: the
# house's. What was planned by them is planned anew.
hours_changed: Registry[Callable[[Team | None], None]] = Registry("working hours changed")
