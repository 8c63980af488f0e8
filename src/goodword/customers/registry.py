"""How upper rooms take part in customers; filled in their AppConfig.ready()."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise as Lazy

from goodword.events.models import Event
from goodword.kit.registry import Registry
from goodword.staff.models import Agent

from .models import Customer, Erasure

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


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is to be erased, by all they may be found by.

    `numbers` are the customer's and those of whoever was joined into them; `addresses` are in lower case, and
    `marks` what else is a name of theirs alone, such as a phone number. What came after `until` is not theirs
    any more: whoever writes again from the same address is a new customer.
    """

    number: int
    numbers: tuple[int, ...]
    addresses: tuple[str, ...]
    marks: tuple[str, ...]
    until: datetime
    by_id: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything to look for in what is not theirs."""
        return (*self.addresses, *self.marks)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why somebody cannot be erased yet, as a sentence, and where that is settled."""

    why: str
    url: str = ""


# Each entry says what is still open with a customer, so that they cannot be erased yet.
obstacles: Registry[Callable[[Customer], Iterable[Obstacle]]] = Registry("what stands against erasing")

# Each entry counts what of somebody goes with its room when they are erased: a model and how many rows.
going: Registry[Callable[[Person], Iterable[tuple[type[Model], int]]]] = Registry("what goes with a person")

# Each entry says in sentences what of its room stays when they are erased, and why.
staying: Registry[Callable[[Person], Iterable[str]]] = Registry("what stays of a person")

# Each entry erases a bounded piece of what its room keeps of somebody, in the transaction it is called in,
# and says how many rows of which model that were; nothing once none is left. The rooms above come first.
# It may be called again at any time, also for somebody of whom an older backup brought everything back: so it
# also settles what stood against it in `obstacles`.
erasing: Registry[Callable[[Person], Mapping[type[Model], int]]] = Registry("erasing a person")

# Called with an erasure that is done, in the transaction that ends it; what raises here puts the end off.
erased: Registry[Callable[[Erasure], None]] = Registry("people erased")


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose export is asked for, for whom, and whether what colleagues wrote for one another is in it."""

    customer: Customer
    agent: Agent
    internal: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file of an export; its bytes are read when its turn comes."""

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is known of somebody: facts by their names, each plain, a list, or facts again."""

    facts: Mapping[str, Any]
    files: Sequence[File] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind in an export; `entries` is read once, and never all at a time."""

    key: str
    title: str
    entries: Iterable[Entry]


# Each entry gives what its room knows of somebody, for their export.
exporting: Registry[Callable[[Asked], Iterable[Section]]] = Registry("exporting a person")
