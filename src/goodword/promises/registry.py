"""How upper rooms take part in promises; filled in their AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from goodword.kit.registry import Registry
from goodword.staff.models import Agent

from .models import Promise


@dataclass(frozen=True)
class Linked:
    """A record of a room above in words, and its page ('' where the agent has none to open)."""

    label: str
    url: str = ""


# promise id -> (conversation id, mailbox id), or None when it was made elsewhere. The first answer counts.
place_of: Registry[Callable[[int], tuple[int | None, int | None] | None]] = Registry("place of a promise")

# Each entry leaves out the promises that an agent must not see; not asked for leads.
visible: Registry[Callable[[QuerySet[Promise], Agent], QuerySet[Promise]]] = Registry("promises visible")

# (kind, id, agent) -> what made a promise or shows that it was kept, such as ('message', 7); None for the
# kinds of other rooms and for what the agent may not see. The first answer counts.
linked: Registry[Callable[[str, int, Agent], Linked | None]] = Registry("records behind promises")


def link_of(kind: str, number: int | None, agent: Agent) -> Linked | None:
    """The record behind a promise or an outcome, as far as the agent may know of it."""
    if not kind or number is None:
        return None
    answers = (find(kind, number, agent) for find in linked)
    return next((answer for answer in answers if answer is not None), None)
