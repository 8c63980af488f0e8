"""A body that is too large or never comes is refused before anything is spent on it."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from goodword.ops import asgi


def ask(path: str, bodies: Iterable[bytes]) -> tuple[int, str, bytes]:
    """Status, media type and body of the answer to a POST whose body comes in these pieces and never ends."""
    pieces = iter(bodies)
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        for piece in pieces:
            return {"type": "http.request", "body": piece, "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError("nothing ends this wait but the deadline")

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": []}
    async_to_sync(asgi.application)(scope, receive, send)
    return said[0]["status"], dict(said[0]["headers"])[b"content-type"].decode(), said[1]["body"]


@pytest.fixture
def small(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten bytes and a moment are the limits."""
    settings.PAGE_MAX_BYTES = 10
    monkeypatch.setattr(asgi, "BODY_SECONDS", 0.01)


@pytest.mark.parametrize(
    ("bodies", "status", "kind"),
    [([b"123456", b"78901"], 413, "too-large"), ([b"1"], 408, "too-slow")],
    ids=["too large", "too slow"],
)
def test_a_body_that_is_not_taken_is_refused_in_the_callers_language(
    small: None, bodies: list[bytes], status: int, kind: str
) -> None:
    page = ask("/conversations/1/upload/", bodies)
    assert page[:2] == (status, "text/plain; charset=utf-8")
    assert page[2].startswith(b"The request ")
    call = ask("/api/v1/conversations", bodies)
    assert call[:2] == (status, "application/problem+json")
    problem = json.loads(call[2])
    assert problem["status"] == status
    assert problem["type"] == f"urn:goodword:problem:{kind}"
    assert problem["detail"] == page[2].decode()
