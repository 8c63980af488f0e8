"""Rows of an archive, gathered to conversations.

A row is one conversation (`messages`: a list of `{who, text, at?}`) or one message of it (`who`, `text`,
`at?`; rows with the same `conversation` that follow one another belong together). `who` is customer or agent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

WHO = ("customer", "agent")
GIVEN = ("customer_name", "agent_name", "tz")
LONGEST = 1000  # messages of one conversation that are read together; what follows begins anew


@dataclass(frozen=True, slots=True)
class Message:
    """What one side wrote; `at` is its moment in ISO form."""

    who: str
    text: str
    at: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages in their order; `given` are names and time zone, as `review` takes them.

    `whole`: it came in one row, so that no other row belongs to it.
    """

    id: str
    messages: tuple[Message, ...]
    given: tuple[tuple[str, str], ...] = ()
    whole: bool = False

    def goes_on_in(self, other: Conversation) -> bool:
        """Whether the row after it is its next message."""
        return not other.whole and other.id == self.id and len(self.messages) < LONGEST


@dataclass(frozen=True, slots=True)
class Unusable:
    """A row that cannot be read, and why."""

    sentence: str


Row = Mapping[str, Any] | Unusable


def conversations(rows: Iterable[Row]) -> Iterator[Conversation | Unusable]:
    """Every conversation of `rows`, and each row that cannot be used, in order."""
    begun: Conversation | None = None
    for count, row in enumerate(rows, 1):
        found = row if isinstance(row, Unusable) else _from_row(row, str(count))
        if begun and isinstance(found, Conversation) and begun.goes_on_in(found):
            begun = replace(begun, messages=begun.messages + found.messages)
            continue
        if begun:
            yield begun
        begun = None if isinstance(found, Unusable) or found.whole else found
        if begun is None:
            yield found
    if begun:
        yield begun


def _from_row(row: Mapping[str, Any], count: str) -> Conversation | Unusable:
    listed = row.get("messages")
    found = [_message(message) for message in ([row] if listed is None else listed)]
    bad = next((message for message in found if isinstance(message, Unusable)), None)
    if bad is not None:
        return bad
    return Conversation(
        id=str(row.get("conversation", row.get("id", count))),
        messages=tuple(message for message in found if isinstance(message, Message)),
        given=tuple((field, str(row[field])) for field in GIVEN if row.get(field)),
        whole=listed is not None,
    )


def _message(row: Any) -> Message | Unusable:
    if not isinstance(row, Mapping):
        return Unusable(f"A message is {row!r}; it must have 'who' and 'text'.")
    who, text, at = row.get("who"), row.get("text"), row.get("at")
    if who not in WHO:
        return Unusable(f"'who' is {who!r}; it must be customer or agent.")
    if not isinstance(text, str):
        return Unusable(f"'text' is {text!r}; it must be the message's words.")
    return Message(who, text, str(at) if at is not None else None)
