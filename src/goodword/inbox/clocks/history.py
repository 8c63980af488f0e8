"""The events of conversations as the happenings that clocks go by."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.dateparse import parse_datetime

from ..models import Call, Merge, Message
from .tracing import Happening, What

# A reply that leaves later than this was put off on purpose, and answers nobody until it left.
SOON = timedelta(minutes=5)
MERGED = ("conversation.merged", "conversation.unmerged")
OF_THE_CONVERSATION = (
    "conversation.closed",
    "conversation.reopened",
    "service.terms",
    "service.warned",
    "service.breached",
    *MERGED,
)
OF_A_MESSAGE = (
    "message.received",
    "call.logged",
    "reply.queued",
    "reply.sent",
    "reply.failed",
    "reply.unknown",
    "reply.withdrawn",
)

# By the number of the event: whoever writes one holds the conversation's lock, so that is their order.
_EVENTS = """
SELECT event.id, event.conversation_id, event.kind, event.at, event.data,
  message.id, message.conversation_id, message.kind, message.at, phone.direction, phone.answered
FROM events_event AS event
LEFT JOIN inbox_message AS message
  ON event.kind = ANY (%(spoken)s) AND message.id = (event.data->>'message')::bigint
LEFT JOIN inbox_call AS phone ON phone.message_id = message.id
WHERE event.conversation_id = ANY (%(places)s) AND event.kind = ANY (%(kinds)s)
ORDER BY event.id
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An event, and the message it is about as that stands now; without one when it was taken back."""

    id: int
    place: int
    kind: str
    at: datetime
    data: dict[str, Any]
    message: int | None
    message_place: int | None
    message_kind: str | None
    message_at: datetime | None
    direction: str | None
    answered: bool | None


def histories(places: Collection[int]) -> dict[int, list[Happening]]:
    """What happened in each of these conversations, by id. One query, and two more for each merged one."""
    rows = _read(list(places))
    found: dict[int, list[Happening]] = {}
    for place in places:
        own = [row for row in rows if row.place == place]
        if any(row.kind in MERGED for row in own):
            own = _read(_family(place))
        found[place] = happenings(own, place)
    return found


def happenings(rows: Sequence[Row], place: int) -> list[Happening]:
    """What these events, in order, mean for one conversation: what it said itself, and its messages now."""
    answers = _answers(rows, place)
    told: list[Happening] = []
    for row in rows:
        if row.id in answers:
            told.append(Happening(answers[row.id], What.ANSWERED))
        elif row.kind in OF_A_MESSAGE:
            if row.message_place == place and _asks(row):
                told.append(Happening(row.message_at or row.at, What.ASKED))
        elif row.place == place and row.kind not in MERGED:
            told.append(_of_itself(row))
    return told


def _read(places: list[int]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            _EVENTS,
            {
                "spoken": list(OF_A_MESSAGE),
                "kinds": [*OF_THE_CONVERSATION, *OF_A_MESSAGE],
                "places": places,
            },
        )
        # Django's cursor gives JSON as text.
        return [
            Row(number, place, kind, at, json.loads(data), *message)
            for number, place, kind, at, data, *message in cursor.fetchall()
        ]


def _family(place: int) -> list[int]:
    """The conversation and all that its messages may have been in, through merges and their undoing."""
    found, new = {place}, {place}
    while new:
        pairs = Merge.objects.filter(Q(source__in=new) | Q(target__in=new)).values_list("source", "target")
        new = {one for pair in pairs for one in pair} - found
        found |= new
    return sorted(found)


def _asks(row: Row) -> bool:
    """Whether the customer waits since this message: they wrote, or called and nobody picked up."""
    if row.kind == "message.received":
        return row.message_kind == Message.Kind.CUSTOMER
    return row.kind == "call.logged" and row.direction == Call.Direction.INCOMING and not row.answered


def _answers(rows: Iterable[Row], place: int) -> dict[int, datetime]:
    """When each answer counts, by the event that it counts at.

    A reply counts from when it was queued. One that failed never was an answer; sent again it counts from
    then on. One whose fate is unknown counts once it is known that it left, and then from when it was
    queued. A call counts when both sides spoke.
    """
    counted: dict[int, tuple[int, datetime]] = {}
    doubtful: dict[int, tuple[int, datetime]] = {}
    for row in rows:
        number = row.message
        if number is None or row.message_place != place:
            continue
        if row.kind == "call.logged":
            if row.answered:
                counted[number] = (row.id, row.message_at or row.at)
        elif row.message_kind != Message.Kind.REPLY:
            continue
        elif row.kind == "reply.queued" and number not in counted and not _put_off(row):
            counted[number] = (row.id, row.at)
            doubtful.pop(number, None)
        elif row.kind == "reply.sent" and number not in counted:
            counted[number] = doubtful.pop(number, (row.id, row.at))
        elif row.kind == "reply.unknown" and number in counted:
            doubtful[number] = counted.pop(number)
        elif row.kind in ("reply.failed", "reply.withdrawn"):
            counted.pop(number, None)
            doubtful.pop(number, None)
    return dict(counted.values())


def _put_off(row: Row) -> bool:
    leaves = parse_datetime(row.data.get("not_before") or "")
    return leaves is not None and leaves - row.at > SOON


def _of_itself(row: Row) -> Happening:
    match row.kind:
        case "conversation.closed":
            return Happening(row.at, What.CLOSED)
        case "conversation.reopened":
            return Happening(row.at, What.REOPENED)
        case "service.terms":
            return Happening(row.at, What.AGREED, terms=row.data.get("terms"))
    told = What.WARNED if row.kind == "service.warned" else What.BREACHED
    at = parse_datetime(row.data["at"]) or row.at
    started = parse_datetime(row.data["started"])
    return Happening(at, told, clock=(row.data["clock"], started) if started else None)
