"""What the coach says of each message of a batch of conversations: one pure function, for any process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from goodword.coach.archive.conversations import Conversation, Message, Unusable
from goodword.coach.errors import CoachError
from goodword.coach.json_form import as_text
from goodword.coach.learned import tell_ahead
from goodword.coach.on_file import MOST, text_on_file
from goodword.coach.pack import Pack, load_pack
from goodword.coach.results import Reading, Review
from goodword.coach.reviewing import as_one, read, review
from goodword.coach.text import Text

EARLIER = 3  # earlier replies that a reply is compared with
_TOGETHER = MOST // 4  # messages that are heard together: fewer than are remembered, those before them too


def results_of(batch: Iterable[Conversation | Unusable]) -> list[dict[str, Any]]:
    """One row for each message: `conversation`, `place` (from 1), `who`, `at`, and `result` or `error`.

    `result` is JSON already, so that it costs nothing to be sent from one process to another.
    """
    pack = load_pack()
    rows: list[dict[str, Any]] = []
    for items in _portions(batch):
        _hear(pack, (item for item in items if isinstance(item, Conversation)))
        for item in items:
            rows.extend([_unusable(item)] if isinstance(item, Unusable) else _rows(pack, item))
    return rows


def _portions(batch: Iterable[Conversation | Unusable]) -> Iterator[list[Conversation | Unusable]]:
    """The batch in parts of some `_TOGETHER` messages."""
    part: list[Conversation | Unusable] = []
    size = 0
    for item in batch:
        part.append(item)
        size += len(item.messages) if isinstance(item, Conversation) else 0
        if size >= _TOGETHER:
            yield part
            part, size = [], 0
    yield part


def _hear(pack: Pack, conversations: Iterable[Conversation]) -> None:
    """Let the learned heads hear all replies at once, and the messages before them: a third of the cost."""
    said: list[Text] = []
    heard: list[Text] = []
    for talk in conversations:
        asked: list[str] = []
        for message in talk.messages[: _TOGETHER * 2]:
            if message.who == "customer":
                asked.append(message.text)
                continue
            said.append(text_on_file(pack, message.text))
            if asked:
                heard.append(text_on_file(pack, as_one(asked)))
                asked = []
    tell_ahead(said, "agent")
    tell_ahead(heard, "customer")


def _unusable(row: Unusable) -> dict[str, Any]:
    return {"conversation": None, "place": None, "who": None, "at": None, "error": row.sentence}


def _rows(pack: Pack, conversation: Conversation) -> Iterable[dict[str, Any]]:
    asked: list[str] = []
    told: list[str] = []
    given = dict(conversation.given)
    for place, message in enumerate(conversation.messages, 1):
        row: dict[str, Any] = {
            "conversation": conversation.id,
            "place": place,
            "who": message.who,
            "at": message.at,
        }
        try:
            result = _result(pack, message, asked, told, given)
            row |= {"result": as_text(result), **_figures(result)}
        except CoachError as error:
            row["error"] = str(error)
        yield row
        if message.who == "customer":
            asked.append(message.text)
        else:
            told = [*told[1 - EARLIER :], message.text]
            asked = []


def _result(
    pack: Pack, message: Message, asked: list[str], told: list[str], given: dict[str, str]
) -> Reading | Review:
    if message.who == "customer":
        return read(message.text, now=message.at, tz=given.get("tz"))
    return review(
        text_on_file(pack, message.text),
        customer_message=asked,
        customer_name=given.get("customer_name"),
        agent_name=given.get("agent_name"),
        earlier_replies=told,
        now=message.at,
        tz=given.get("tz"),
        closely=False,
    )


def _figures(result: Reading | Review) -> dict[str, Any]:
    """The few figures most tables are made of, so that nobody has to open the whole result."""
    if isinstance(result, Reading):
        return {"feeling": result.feeling, "strength": result.strength, "complaint": result.complaint}
    return {
        "findings": len(result.findings),
        "stops": sum(finding.severity == "stop" for finding in result.findings),
        "open_questions": sum(question.answered != "yes" for question in result.questions),
        "commitments": len(result.commitments),
    }
