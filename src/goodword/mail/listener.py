"""Mail taken in by SMTP and LMTP, inside the event loop of the process that serves the desk."""

import asyncio
import logging
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import Error, close_old_connections, connection

from goodword.mail.actions import Accepted, Unusable, accept
from goodword.mail.mailboxes import is_ours
from goodword.mail.parsing.envelope import envelope as look_at

SESSION_SECONDS = 300
DATABASE_SECONDS = 45
CONNECTIONS = 200
RECIPIENTS = 100
HOPS = 100
LATER = "451 4.3.0 The mail cannot be kept right now; please try again later"

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Circling(Exception):
    """A mail that went from server to server too often."""


class MailHandler:
    """Decides over recipients and keeps mails; every answer that says 250 comes after the commit."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix=f"mail-{source}")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take recipients of our mailboxes only, so that nobody relays through us."""
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients; please send the rest apart"
        try:
            ours = await self._in_thread(partial(is_ours, address))
        except (Error, TimeoutError):
            log.warning("A recipient could not be looked up.", exc_info=True)
            return LATER
        if not ours:
            return "550 5.1.1 There is no such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail and answer once for SMTP, once for each recipient for LMTP."""
        answer = await self._keep(envelope)
        copies = len(envelope.rcpt_tos) if isinstance(server, LMTP) else 1
        return "\r\n".join([answer] * copies)

    async def handle_exception(self, error: Exception) -> str:
        """Never tell strangers how the house is built; ask them to come again."""
        log.error("A mail session failed.", exc_info=error)
        return LATER

    async def _keep(self, envelope: Envelope) -> str:
        keep = partial(
            _accept_unless_circling,
            raw=bytes(envelope.original_content or b""),
            source=self.source,
            envelope_from=envelope.mail_from or "",
            envelope_to=tuple(envelope.rcpt_tos),
        )
        try:
            accepted = await self._in_thread(keep)
        except Unusable:
            return "554 5.6.0 The mail is empty"
        except Circling:
            return "554 5.4.6 The mail goes in circles"
        except (Error, TimeoutError):
            log.warning("A mail could not be kept.", exc_info=True)
            return LATER
        return f"250 2.0.0 Kept as {accepted.mail.pk}" if accepted.mail else "250 2.0.0 Taken"

    async def _in_thread(self, work: Callable[[], Answer]) -> Answer:
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.run_in_executor(self._threads, _connected, work), DATABASE_SECONDS)

    def close(self) -> None:
        """Let the threads go once their work is done."""
        self._threads.shutdown(wait=False)


class _Limits:
    """Mixed into the protocols: no mail is refused for a long line, and no stranger can take all
    connections.
    """

    open_sessions: set[Any]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the session in, and close it at once when there are too many."""
        self.open_sessions.add(self)
        super().connection_made(transport)  # type: ignore[misc]
        if len(self.open_sessions) > CONNECTIONS:
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Count the session out."""
        self.open_sessions.discard(self)
        super().connection_lost(error)  # type: ignore[misc]


class _Smtp(_Limits, SMTP):
    line_length_limit = 64 * 1024 * 1024


class _Lmtp(_Limits, LMTP):
    line_length_limit = 64 * 1024 * 1024

    async def push(self, status: Any) -> None:
        """Answer; a mail that is too large is refused once for each recipient, as LMTP wants it."""
        count = len(self.envelope.rcpt_tos) if self.envelope and self.envelope.rcpt_tos else 1
        refused = isinstance(status, str) and status.startswith(("552 Error: Too much", "500 Line too long"))
        await super().push("\r\n".join([status] * count) if refused else status)


class Listening:
    """A listener at work; `port` is the one it listens on."""

    def __init__(self, server: asyncio.Server, handler: MailHandler, sessions: set[Any]) -> None:
        self._server = server
        self._handler = handler
        self._sessions = sessions

    @property
    def port(self) -> int:
        """The port, also when any free one was asked for."""
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        """Take no more mail; sessions under way are cut, and their senders come again."""
        self._server.close()
        for session in list(self._sessions):
            if session.transport is not None:
                session.transport.close()
        self._handler.close()


async def serve(*, host: str, port: int, lmtp: bool = False) -> Listening:
    """Listen on `host`:`port` (0 for any free one) in the running event loop."""
    loop = asyncio.get_running_loop()
    handler = MailHandler("lmtp" if lmtp else "smtp")
    sessions: set[Any] = set()
    name = socket.gethostname()

    def protocol() -> SMTP:
        kind = _Lmtp if lmtp else _Smtp
        made = kind(
            handler,
            data_size_limit=settings.CONFIG.mail_max_bytes,
            enable_SMTPUTF8=True,
            hostname=name,
            ident="Goodword",
            timeout=SESSION_SECONDS,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=loop,
        )
        made.open_sessions = sessions
        return made

    server = await loop.create_server(protocol, host=host, port=port)
    return Listening(server, handler, sessions)


def _accept_unless_circling(*, raw: bytes, **more: Any) -> Accepted:
    # In the thread of the delivery: the fields of a hostile mail take a while, and the desk must not wait.
    if look_at(raw).hops > HOPS:
        raise Circling
    return accept(raw=raw, **more)


def _connected(work: Callable[[], Answer]) -> Answer:
    """Run `work` in this thread with a sound connection to the database, given back afterwards."""
    close_old_connections()
    try:
        return work()
    finally:
        connection.close()
