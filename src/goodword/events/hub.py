"""Hands new events to every live stream of this process.

One connection listens for the wake-up that `actions.record` sends, and the log is read once for all
streams. A lost wake-up costs at most `POLL_SECONDS`. Nothing here is needed by another process: what a
stream missed it reads from the log.
"""

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.db import Error as DatabaseError
from django.db import connection as django_connection
from django.db import connections

from . import queries
from .models import Event
from .position import Position
from .viewers import Viewer

# What the trigger of the event table notifies.
CHANNEL = "goodword_events"
POLL_SECONDS = 2.0
FIRST_POLL_SECONDS = 0.05
WAITING_LIMIT = 500
PAGE = 500
DATABASE_SECONDS = 30
LONGEST_WORD = 100

log = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")
Args = ParamSpec("Args")
Result = TypeVar("Result")


async def in_thread(function: Callable[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result:
    """Run a function that uses the database in a thread; its connection goes back to the pool."""

    def run() -> Result:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    async with asyncio.timeout(DATABASE_SECONDS):
        return await asyncio.get_running_loop().run_in_executor(_threads, run)


@dataclass(frozen=True, slots=True)
class Change:
    """An event as the streams send it, with what decides who gets it."""

    position: Position
    mailbox_id: int | None
    only_for: frozenset[int] | None
    not_for: int | None
    frame: bytes


def as_change(event: Event) -> Change:
    """Make the frame once for all streams; of the event's data only single short values travel.

    Words travel only with a conversation, whose mailbox decides who gets them: a customer may be
    hidden from an agent without the event knowing it.
    """
    words = event.conversation_id is not None
    data = {
        key: value for key, value in event.data.items() if key != "only_for" and _may_go(value, words=words)
    }
    body = {
        "id": event.pk,
        "kind": event.kind,
        "conversation": event.conversation_id,
        "customer": event.customer_id,
        "agent": event.agent_id,
        "data": data,
    }
    position = Position(event.transaction, event.pk)
    chosen = [event.data.get("to")] if event.kind == "agent.mentioned" else event.data.get("only_for")
    return Change(
        position=position,
        mailbox_id=event.mailbox_id,
        only_for=None if chosen is None else frozenset(chosen),
        # Agents know where they are themselves.
        not_for=event.agent_id if event.kind == "presence.changed" else None,
        frame=frame("change", position, body),
    )


def frame(name: str, position: Position, body: dict[str, Any]) -> bytes:
    """One Server-Sent Event."""
    return f"event: {name}\nid: {position}\ndata: {json.dumps(body, separators=(',', ':'))}\n\n".encode()


def _may_go(value: object, *, words: bool) -> bool:
    if isinstance(value, str):
        return words and len(value) <= LONGEST_WORD
    return value is None or isinstance(value, bool | int | float)


class Client:
    """One open stream: what it may get, and what waits for it."""

    __slots__ = ("_waiting", "_wake", "ended", "viewer")

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.ended = False
        self._waiting: deque[Change] = deque()
        self._wake = asyncio.Event()

    def may_get(self, change: Change) -> bool:
        """Whether this change is for this agent's eyes."""
        agent = self.viewer.agent_id
        return (
            change.mailbox_id not in self.viewer.hidden
            and (change.only_for is None or agent in change.only_for)
            and change.not_for != agent
        )

    def offer(self, change: Change) -> None:
        """Queue a change; a stream that has fallen too far behind ends, and comes back by its position."""
        if len(self._waiting) >= WAITING_LIMIT:
            self.end()
            return
        self._waiting.append(change)
        self._wake.set()

    def end(self) -> None:
        """Let the stream finish."""
        self.ended = True
        self._wake.set()

    async def changes(self, *, seconds: float) -> list[Change]:
        """Everything that waits; an empty list when nothing came in time or the stream is to end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()
        found = list(self._waiting)
        self._waiting.clear()
        return found


class HubStopped(Exception):
    """The process is shutting down; it takes no more streams."""


class Hub:
    """The streams of this process and the one reader that feeds them."""

    def __init__(self) -> None:
        self._clients: set[Client] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reader: asyncio.Task[None] | None = None
        self._stopped = False
        self.position: Position | None = None

    async def join(self, client: Client) -> None:
        """Feed this stream from now on; from here every event is either in the log or offered."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._reader, self._stopped, self.position = loop, None, False, None
            self._clients = set()
        if self._stopped:
            raise HubStopped
        if self.position is None:
            position = await in_thread(queries.now)
            self.position = self.position or position
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._run(), name="live events")
        self._clients.add(client)

    def leave(self, client: Client) -> None:
        """Feed this stream no more."""
        self._clients.discard(client)

    async def stop(self) -> None:
        """End every stream and the reader; await it before the server waits for its connections to close."""
        self._stopped = True
        for client in self._clients:
            client.end()
        if self._reader is not None and self._loop is asyncio.get_running_loop():
            # A cancellation can get lost in a wait that ends at the same moment, so ask again.
            reader, self._reader = self._reader, None
            while not reader.done():
                reader.cancel()
                await asyncio.wait([reader], timeout=0.1)

    async def _run(self) -> None:
        pause = 0.5
        while True:
            try:
                async with await _connected() as listener:
                    await listener.execute(f"LISTEN {CHANNEL}")
                    pause = 0.5
                    await self._follow(listener)
            except (psycopg.Error, DatabaseError, OSError, TimeoutError) as error:
                log.warning("Live updates wait for the database, next try in %s s: %s", pause, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 15.0)

    async def _follow(self, listener: "psycopg.AsyncConnection[Any]") -> None:
        """Read on each wake-up, and again soon after: an older open transaction may have held events back."""
        poll = POLL_SECONDS
        while True:
            await self._read()
            woken = [notice async for notice in listener.notifies(timeout=poll, stop_after=1)]
            poll = FIRST_POLL_SECONDS if woken else min(poll * 2, POLL_SECONDS)

    async def _read(self) -> None:
        if not self._clients or self.position is None:
            # Nobody looks: stand at the end of the log without reading it.
            end = await in_thread(queries.now)
            # Somebody who came meanwhile may have read less far than this.
            if not self._clients:
                self.position = end
            return
        while True:
            events = await in_thread(queries.after, self.position, limit=PAGE)
            self._hand_out(as_change(event) for event in events)
            if len(events) < PAGE:
                return

    def _hand_out(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self.position = change.position
            for client in self._clients:
                if client.may_get(change):
                    client.offer(change)


async def _connected() -> "psycopg.AsyncConnection[Any]":
    parameters = django_connection.get_connection_params()
    for name in ("cursor_factory", "context"):
        parameters.pop(name, None)
    async with asyncio.timeout(DATABASE_SECONDS):
        return await psycopg.AsyncConnection.connect(**parameters, autocommit=True)


hub = Hub()
