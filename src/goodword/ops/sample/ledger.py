"""Rows of the sample, gathered first and then written table by table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.inbox.models import Conversation
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent

BATCH = 500
# What a row of the sample calls the time at which it came to be.
MOMENTS = ("bought_at", "opened_at", "received_at", "made_at", "created_at", "since", "at")
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event to be; rows among its facts are told by their ids, which they have when it is written."""

    at: datetime
    kind: str
    agent: Agent | None = None
    conversation: Conversation | None = None
    customer: Customer | None = None
    mailbox: Mailbox | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def event(self) -> Event:
        """The row of the event log."""
        place = self.conversation
        facts = _told(self.facts)
        return Event(
            at=self.at,
            kind=self.kind,
            agent_id=self.agent.pk if self.agent else None,
            conversation_id=place.pk if place else None,
            customer_id=place.customer_id if place else self.customer.pk if self.customer else None,
            mailbox_id=place.mailbox_id if place else self.mailbox.pk if self.mailbox else None,
            data=facts,
        )


class Ledger:
    """Collects rows and writes them table by table, in the order given: what is referred to comes first."""

    def __init__(self, order: Iterable[type[Model]]) -> None:
        self._rows: dict[type[Model], list[Model]] = {table: [] for table in order}
        self._happenings: list[Happening] = []
        self._numbers: list[tuple[Model, str, Model]] = []

    def add(self, row: Row) -> Row:
        """Note down a row, whose related rows may be noted but not yet written."""
        self._rows[type(row)].append(row)
        return row

    def number(self, row: Model, name: str, of: Model) -> None:
        """Have the row hold the id of another, which is written before it, in a field that is no relation."""
        self._numbers.append((row, name, of))

    def tell(self, happening: Happening) -> None:
        """Note down what happened."""
        self._happenings.append(happening)

    def untell(self, conversation: Conversation, kind: str) -> None:
        """Take back the newest note of this kind about a conversation."""
        for index in range(len(self._happenings) - 1, -1, -1):
            happening = self._happenings[index]
            if happening.kind == kind and happening.conversation is conversation:
                del self._happenings[index]
                return

    def write(self, progress: Callable[[int, int], None]) -> None:
        """Write everything in the caller's transaction; `progress` hears (rows written, rows in all)."""
        total = sum(len(rows) for rows in self._rows.values()) + len(self._happenings)
        done = 0
        for table, rows in self._rows.items():
            for row, name, of in self._numbers:
                if type(row) is table:
                    setattr(row, name, of.pk)
            for some in _batches(_by_time(rows)):
                table._default_manager.bulk_create(some)
                done += len(some)
                progress(done, total)
        for some in _batches(sorted(self._happenings, key=lambda happening: happening.at)):
            Event.objects.bulk_create([happening.event() for happening in some])
            done += len(some)
            progress(done, total)


def _told(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with the ids of rows, also one level down."""
    return {
        name: _told(value) if isinstance(value, dict) else value.pk if isinstance(value, Model) else value
        for name, value in facts.items()
    }


def _by_time(rows: list[Model]) -> list[Model]:
    """The rows as they would have come in, so that what is newer has the greater id."""
    moment = next((name for name in MOMENTS if rows and hasattr(rows[0], name)), None)
    return sorted(rows, key=lambda row: getattr(row, moment)) if moment else rows


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
