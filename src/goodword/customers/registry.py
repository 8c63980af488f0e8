"""How upper rooms take part in customers; filled in their AppConfig.ready()."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.utils.functional import Promise as Lazy

from goodword.events.models import Event
from goodword.kit.registry import Registry
from goodword.staff.models import Agent

from .models import Customer

# Each entry leaves out the customers that an agent must not see. The inbox adds one that drops
# customers who have conversations, all of them in mailboxes hidden from the agent.
visible: Registry[Callable[[QuerySet[Customer], Agent], QuerySet[Customer]]] = Registry("customers visible")


@dataclass(frozen=True, slots=True)
class Belonging:
    """Rows that belong to a customer by `field`, which is a relation or the customer's plain number.

    `label` says in the plural what they are; without one they move unmentioned.
    """

    model: type[Model]
    field: str
    label: str | Lazy = ""


# Each entry names what its room keeps for customers, so that joining two can say what it moves, move it, and
# put it back. A relation to a customer that no entry names moves as well; a plain number must be named.
belongings: Registry[Callable[[], Iterable[Belonging]]] = Registry("customers' belongings")

# Each entry says which of these events were good or bad moments that the events alone do not tell, such as
# angry words in a message: pairs of an event and a kind of `data/moments.toml`.
moments: Registry[Callable[[list[Event]], Iterable[tuple[Event, str]]]] = Registry("customers' moments")

# Called in the transaction in which a customer's tier changes or what belongs to them does, such as when two
# are joined. Whoever has to lock rows of their own puts that off until the commit.
changed: Registry[Callable[[Customer], None]] = Registry("customers changed")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What would be the best thing to do for a customer now: in a few words, why, and where to do it."""

    what: str
    why: str
    url: str = ""


# Each entry may suggest the next best action for a customer whom the agent may see; the first one counts.
suggestions: Registry[Callable[[Customer, Agent], Suggestion | None]] = Registry("next best actions")
