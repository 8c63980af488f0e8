"""What the coach says of each message of a batch of conversations: one pure function, for any process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from goodword.coach.archive.conversations import Conversation, Message, Unusable
from goodword.coach.errors import CoachError
from goodword.coach.json_form import as_json
from goodword.coach.results import Reading, Review
from goodword.coach.reviewing import read, review

EARLIER = 3  # earlier replies that a reply is compared with


def results_of(batch: Iterable[Conversation | Unusable]) -> list[dict[str, Any]]:
    """One row for each message: `conversation`, `place` (from 1), `who`, `at`, and `result` or `error`."""
    rows: list[dict[str, Any]] = []
    for item in batch:
        if isinstance(item, Unusable):
            rows.append(
                {"conversation": None, "place": None, "who": None, "at": None, "error": item.sentence}
            )
        else:
            rows.extend(_rows(item))
    return rows


def _rows(conversation: Conversation) -> Iterable[dict[str, Any]]:
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
            result = _result(message, asked, told, given)
            row |= {"result": as_json(result), **_figures(result)}
        except CoachError as error:
            row["error"] = str(error)
        yield row
        if message.who == "customer":
            asked.append(message.text)
        else:
            told = [*told[1 - EARLIER :], message.text]
            asked = []


def _result(message: Message, asked: list[str], told: list[str], given: dict[str, str]) -> Reading | Review:
    if message.who == "customer":
        return read(message.text, now=message.at, tz=given.get("tz"))
    return review(
        message.text,
        customer_message=asked,
        customer_name=given.get("customer_name"),
        agent_name=given.get("agent_name"),
        earlier_replies=told,
        now=message.at,
        tz=given.get("tz"),
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
