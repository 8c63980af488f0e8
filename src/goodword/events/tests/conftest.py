"""A live server of the stream, and a reader that a browser could be."""

import asyncio
import contextlib
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.test import Client

from goodword.events.stream import hub, live
from goodword.staff.models import Agent

DEADLINE = 20


@dataclass
class Heard:
    """One Server-Sent Event."""

    name: str
    id: str
    data: dict[str, Any]


class Listener:
    """Reads a live stream, like a browser."""

    def __init__(self, port: int, cookie: str, *, last: str | None = None, path: str = "/live/") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
        headers = {"Cookie": cookie} | ({"Last-Event-ID": last} if last else {})
        self.connection.request("GET", path, headers=headers)
        self.answer = self.connection.getresponse()
        self.last = last

    def next(self) -> Heard | None:
        """The next event; None when the stream has ended."""
        fields: dict[str, str] = {}
        while line := self.answer.readline():
            text = line.decode().rstrip("\n")
            if not text and "data" in fields:
                return Heard(fields.get("event", "message"), fields["id"], json.loads(fields["data"]))
            name, _, value = text.partition(": ")
            fields[name] = value
            self.last = fields.get("id", self.last)
        return None

    def ready(self) -> "Listener":
        """Wait until the stream has begun."""
        while self.last is None or self.answer.readline() != b"\n":
            line = self.answer.readline()
            if line.startswith(b"id: "):
                self.last = line[4:].decode().strip()
        return self

    def cut(self) -> None:
        """Lose the connection."""
        self.connection.close()
        self.answer.close()


@pytest.fixture
def stream_port(transactional_db: None) -> Iterator[int]:
    """A real uvicorn with the live stream alone, in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(live, port=0, lifespan="off", log_level="error"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve()))
    thread.start()
    while not server.started and thread.is_alive():
        threading.Event().wait(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    asyncio.run_coroutine_threadsafe(hub.stop(), loop).result(DEADLINE)
    server.should_exit = True
    thread.join(DEADLINE)
    assert not thread.is_alive(), "the streams did not let the server stop"
    loop.close()


@pytest.fixture
def listen(stream_port: int) -> Iterator[Callable[..., Listener]]:
    """Opens streams for agents; closes them in the end."""
    with contextlib.ExitStack() as opened:

        def begin(agent: Agent | None, **how: Any) -> Listener:
            browser = Client()
            if agent is not None:
                browser.force_login(agent)
            found = browser.cookies.get(settings.SESSION_COOKIE_NAME)
            cookie = f"{settings.SESSION_COOKIE_NAME}={found.value}" if found else ""
            listener = Listener(stream_port, cookie, **how)
            opened.callback(listener.cut)
            return listener

        yield begin
