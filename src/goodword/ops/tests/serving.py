"""The whole house over real HTTP, inside the test's process and on the test's database."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn

from goodword.mail.tests.conftest import Loop
from goodword.ops import asgi


@contextlib.contextmanager
def served() -> Iterator[str]:
    """Serve; gives the address without a slash at its end."""
    loop = Loop()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            asgi.application, lifespan="off", access_log=False, log_config=None, log_level="warning"
        )
    )
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]

    async def start() -> "asyncio.Task[None]":
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        return serving

    async def stop(serving: "asyncio.Task[None]") -> None:
        server.should_exit = True
        await serving

    serving = loop.do(start())
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        loop.do(stop(serving))
        loop.stop()
