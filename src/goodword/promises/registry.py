"""How upper rooms take part in promises; filled in their AppConfig.ready()."""

from collections.abc import Callable

from django.db.models import QuerySet

from goodword.kit.registry import Registry
from goodword.staff.models import Agent

from .models import Promise

# promise id -> (conversation id, mailbox id), or None when it was made elsewhere. The first answer counts.
place_of: Registry[Callable[[int], tuple[int | None, int | None] | None]] = Registry("place of a promise")

# Each entry leaves out the promises that an agent must not see; not asked for leads.
visible: Registry[Callable[[QuerySet[Promise], Agent], QuerySet[Promise]]] = Registry("promises visible")
