"""The live stream: a thin ASGI application in front of Django that sends events to an agent's browser.

`GET /live/` answers with Server-Sent Events: `event: change`, `id: <transaction>-<id>`, and a JSON object
`{id, kind, conversation, customer, agent, data}`. A stream begins where `Last-Event-ID` or `?after=` says,
else now. `event: reset` says that the position cannot be followed and the page should load anew.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import parse_cookie

from . import queries
from .hub import PAGE, Client, HubStopped, as_change, frame, hub, in_thread
from .position import BadPosition, Position
from .viewers import admit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_SECONDS = 15.0
HEARTBEATS_TO_RECHECK = 8
RETRY_MILLISECONDS = 2000
SEND_SECONDS = 30
FOLLOW_LIMIT = 2000


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application; knows its agent by Django's session cookie."""
    if scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1008})
        return
    if scope["method"] != "GET":
        await _refuse(send, 405, "The live stream is read with GET.")
        return
    try:
        viewer = await in_thread(admit, _session_key(scope))
        if viewer is None:
            await _refuse(send, 401, "Log in first; the live stream belongs to an agent.")
            return
        client = Client(viewer)
        await hub.join(client)
    except (DatabaseError, psycopg.Error, TimeoutError, HubStopped):
        # An EventSource gives up for ever on an error status; on an empty stream it comes back.
        await _begin(send)
        await _write(send, b"retry: 5000\n\n", more=False)
        return
    await _serve(client, scope, receive, send)


async def stop() -> None:
    """End every stream of this process; await it before the server waits for its connections to close."""
    await hub.stop()


async def _serve(client: Client, scope: Scope, receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_gone(client, receive))
    try:
        await _begin(send)
        position = await _catch_up(client, _wanted(scope), send)
        await _follow(client, position, _session_key(scope), send)
        await _write(send, b"", more=False)
    except (DatabaseError, psycopg.Error, OSError):
        # The browser comes back by its position.
        with contextlib.suppress(OSError):
            await _write(send, b"", more=False)
    finally:
        hub.leave(client)
        gone.cancel()


async def _catch_up(client: Client, wanted: str | None, send: Send) -> Position:
    """Send what happened since the wanted position; returns the place from which the hub goes on."""
    reset = False
    position = now = await in_thread(queries.now)
    if wanted is not None:
        try:
            position = Position.parse(wanted)
            reset = not await in_thread(queries.can_follow, position, most=FOLLOW_LIMIT)
        except BadPosition:
            reset = True
        position = now if reset else position
    await _write(send, f"retry: {RETRY_MILLISECONDS}\nid: {position}\n\n".encode())
    if reset:
        await _write(send, frame("reset", position, {"why": "This page has missed too much; load it anew."}))
    while not client.ended:
        changes = [as_change(event) for event in await in_thread(queries.after, position, limit=PAGE)]
        await _write(send, b"".join(change.frame for change in changes if client.may_get(change)))
        position = changes[-1].position if changes else position
        if len(changes) < PAGE:
            break
    return position


async def _follow(client: Client, position: Position, session_key: str, send: Send) -> None:
    """Send what the hub offers and signs of life between; ask again now and then whether they may."""
    clock = asyncio.get_running_loop().time
    checked_at = clock()
    while not client.ended:
        changes = await client.changes(seconds=HEARTBEAT_SECONDS)
        fresh = [change for change in changes if change.position > position and client.may_get(change)]
        if changes:
            position = max(position, changes[-1].position)
        elif not client.ended:
            position = max(position, hub.position or position)
            await _write(send, f": still here\nid: {position}\n\n".encode())
        await _write(send, b"".join(change.frame for change in fresh))
        if clock() - checked_at > HEARTBEAT_SECONDS * HEARTBEATS_TO_RECHECK:
            checked_at = clock()
            viewer = await in_thread(admit, session_key)
            if viewer is None:
                return
            client.viewer = viewer


async def _gone(client: Client, receive: Receive) -> None:
    """End the stream when the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    client.end()


async def _begin(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _write(send: Send, body: bytes, *, more: bool = True) -> None:
    if body or not more:
        message = {"type": "http.response.body", "body": body, "more_body": more}
        async with asyncio.timeout(SEND_SECONDS):
            await send(message)


async def _refuse(send: Send, status: int, sentence: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if status == 405:
        headers.append((b"allow", b"GET"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})


def _header(scope: Scope, name: bytes) -> str | None:
    found = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return found[-1] if found else None


def _session_key(scope: Scope) -> str:
    return parse_cookie(_header(scope, b"cookie") or "").get(settings.SESSION_COOKIE_NAME, "")


def _wanted(scope: Scope) -> str | None:
    """The position asked for: the browser's own on reconnecting, else the one the page was drawn at."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return _header(scope, b"last-event-id") or next(iter(query.get("after", [])), None)
