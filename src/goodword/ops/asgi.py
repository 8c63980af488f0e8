"""The web application: live streams on the event loop, pages in threads beside it.

The pages are ordinary synchronous Django; run as WSGI in a pool of threads they cost one switch a
request instead of one for each middleware (docs/decisions/0005).
"""

import asyncio
import json
import os
import tempfile
from http import HTTPStatus
from typing import IO, Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodword.ops.settings")
_wsgi: Any = get_wsgi_application()

from django.conf import settings  # noqa: E402

from goodword.events.stream import live  # noqa: E402
from goodword.kit import mail_hooks  # noqa: E402

from .pages import Pages  # noqa: E402

PAGE_THREADS = 8
BODY_SECONDS = 60
# What is larger waits on disk, so that many who send slowly fill no memory.
BODY_IN_MEMORY = 1024 * 1024
MAIL_CALL = "/api/v1/mail"
HOOKS = "/hooks/mail/"
REPORTS = "/tracking/"
# Of whom does not show the secret no more is taken than what a call needs that is refused.
STRANGER_MAX_BYTES = 64 * 1024
_pages = Pages(_wsgi, threads=PAGE_THREADS)


class RefusedError(Exception):
    """A body that is not taken; says why as a sentence."""

    def __init__(self, status: int, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.kind = kind

    def problem(self) -> dict[str, Any]:
        """The same as RFC 9457 has it."""
        title = HTTPStatus(self.status).phrase
        return {
            "type": f"urn:goodword:problem:{self.kind}",
            "title": title,
            "status": self.status,
            "detail": str(self),
        }


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Send a request to the live stream or to the pages."""
    if scope["type"] == "http" and scope["path"] == "/live/":
        await live(scope, receive, send)
    elif scope["type"] == "http":
        await _page(scope, receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1000})


async def _page(scope: Any, receive: Any, send: Any) -> None:
    known = _is_let_in(scope)
    limit = _largest(scope["path"]) if known else STRANGER_MAX_BYTES
    with tempfile.SpooledTemporaryFile(max_size=BODY_IN_MEMORY) as body:
        try:
            arrived = await _take_body(receive, body, limit=limit)
        except RefusedError as refused:
            if known or refused.status != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                await _refuse(send, refused, as_problem=scope["path"].startswith("/api/"))
                return
            # Its headers alone are refused: some senders show their secret only when they are asked to.
            body.truncate(0)
            await _pages(scope, body, _closing(send))
        else:
            if arrived:
                await _pages(scope, body, send)


def _sender(path: str) -> str:
    """The mail sender whose calls come to an address, if it is set; else ''."""
    name = path.removeprefix(HOOKS).partition("/")[0] if path.startswith(HOOKS) else ""
    return name if name in settings.CONFIG.mail_hooks else ""


def _is_let_in(scope: Any) -> bool:
    """Whether a request shows the secret that its address asks for, if any, in its headers."""
    sender = _sender(scope["path"])
    shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    return not sender or mail_hooks.shows_secret(settings.CONFIG.mail_hooks[sender], shown)


def _largest(path: str) -> int:
    """The largest body that is taken at an address."""
    if path == MAIL_CALL:
        return int(settings.MAIL_CALL_MAX_BYTES)
    brings_mail = _sender(path) and not path.endswith(REPORTS)
    return int(settings.HOOK_MAX_BYTES if brings_mail else settings.PAGE_MAX_BYTES)


def _closing(send: Any) -> Any:
    """`send`, for an answer to a request of which no more is read."""

    async def send_and_close(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message["headers"], (b"connection", b"close")]}
        await send(message)

    return send_and_close


async def _take_body(receive: Any, body: IO[bytes], *, limit: int) -> bool:
    """Take the whole body before a thread is spent on it, so that a slow sender holds none.

    False when its sender has gone; raises RefusedError for a body that is too large or too slow.
    """
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return False
                piece = message.get("body", b"")
                size += len(piece)
                if size > limit:
                    raise RefusedError(
                        413, "too-large", f"The request is larger than {limit} bytes; send less at a time."
                    )
                body.write(piece)
                if not message.get("more_body"):
                    body.seek(0)
                    return True
    except TimeoutError as error:
        said = f"The request took longer than {BODY_SECONDS} seconds to arrive; try again."
        raise RefusedError(408, "too-slow", said) from error


async def _refuse(send: Any, refused: RefusedError, *, as_problem: bool) -> None:
    """Answer with the sentence; a program that calls the API gets it as a problem, as everywhere there."""
    kind, body = "text/plain; charset=utf-8", str(refused)
    if as_problem:
        kind, body = "application/problem+json", json.dumps(refused.problem())
    headers = [(b"content-type", kind.encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
