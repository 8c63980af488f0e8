"""The web application: live streams on the event loop, pages in threads beside it.

The pages are ordinary synchronous Django; run as WSGI in a pool of threads they cost one switch a
request instead of one for each middleware (docs/decisions/0005).
"""

import asyncio
import os
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.ops.settings")
_wsgi: Any = get_wsgi_application()

from django.conf import settings  # noqa: E402

from goodword.events.stream import live  # noqa: E402

PAGE_THREADS = 8
BODY_SECONDS = 60
_pages = WSGIMiddleware(_wsgi, workers=PAGE_THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Send a request to the live stream or to the pages."""
    if scope["type"] == "http" and scope["path"] == "/live/":
        await live(scope, receive, send)
    elif scope["type"] == "http":
        body = await _whole_body(receive, send)
        if body is not None:
            await _pages(scope, _replay(body), send)
    else:
        await _pages(scope, receive, send)


async def _whole_body(receive: Any, send: Any) -> bytes | None:
    """Take the whole body before a thread is spent on it, so that a slow sender holds none."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body += message.get("body", b"")
                if len(body) > limit:
                    await _refuse(
                        send, 413, f"The request is larger than {limit} bytes; send less at a time."
                    )
                    return None
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        await _refuse(send, 408, f"The request took longer than {BODY_SECONDS} seconds to arrive; try again.")
        return None


def _replay(body: bytes) -> Any:
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _refuse(send: Any, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
