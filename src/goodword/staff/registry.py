"""How upper rooms take part in staff; filled in their AppConfig.ready()."""

from collections.abc import Callable

from goodword.kit.registry import Registry

from .models import Agent

# Called in the transaction in which an agent begins to take new conversations or may take more of them.
has_room: Registry[Callable[[Agent], None]] = Registry("agents who have room")
