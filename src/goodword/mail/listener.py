"""Mail taken in by SMTP and LMTP, inside the event loop of the process that serves the desk."""

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import Error, close_old_connections, connection

from goodword.mail.actions import Accepted, Handed, Unusable, accept_several
from goodword.mail.mailboxes import is_ours
from goodword.mail.parsing import NOBODY
from goodword.mail.parsing.envelope import envelope as look_at
from goodword.mail.smtp_pieces import Pieces

SESSION_SECONDS = 300
DATABASE_SECONDS = 45
CONNECTIONS = 200
RECIPIENTS = 100
HOPS = 100
# Mails that come while others are written are written together, and those that come in so short a time.
GATHER_SECONDS = 0.02
AT_ONCE = 20
BYTES_AT_ONCE = 4_000_000
PATIENCE_SECONDS = 0.5
SHORT = 8_000
OURS_SECONDS = 5
LATER = "451 4.3.0 The mail cannot be kept right now; please try again later"

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class MailHandler:
    """Decides over recipients and keeps mails; every answer that says 250 comes after the commit."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix=f"mail-{source}")
        self._ours: dict[str, float] = {}
        self._waiting: list[tuple[Handed, asyncio.Future[Accepted | Exception]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._write_at = 0.0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take recipients of our mailboxes only, so that nobody relays through us."""
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return "452 4.5.3 Too many recipients; please send the rest apart"
        try:
            ours = await self._is_ours(address)
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

    async def _is_ours(self, address: str) -> bool:
        """`is_ours`; who was ours a moment ago is not looked up. Whose mailbox is new, is."""
        now = time.monotonic()
        if settings.CONFIG.mail_catch_all or self._ours.get(address, 0) > now:
            return True
        ours = await self._in_thread(partial(is_ours, address))
        if ours:
            self._ours = {one: until for one, until in self._ours.items() if until > now}
            self._ours[address] = now + OURS_SECONDS
        return ours

    async def _keep(self, envelope: Envelope) -> str:
        raw = bytes(envelope.original_content or b"")
        try:
            # The fields of a hostile mail take a while, and the desk must not wait for them.
            few = raw.find(b"\r\n\r\n", 0, SHORT) > 0
            seen = look_at(raw) if few else await asyncio.to_thread(look_at, raw)
            if seen.hops > HOPS:
                return "554 5.4.6 The mail goes in circles"
            recipients = tuple(envelope.rcpt_tos)
            handed = Handed(raw, self.source, envelope.mail_from or NOBODY, recipients, seen)
            accepted = await asyncio.wait_for(self._accepted(handed), DATABASE_SECONDS)
        except Unusable:
            return "554 5.6.0 The mail is empty"
        except (Error, TimeoutError):
            log.warning("A mail could not be kept.", exc_info=True)
            return LATER
        return f"250 2.0.0 Kept as {accepted.mail.pk}" if accepted.mail else "250 2.0.0 Taken"

    async def _accepted(self, handed: Handed) -> Accepted:
        """Have the mail kept, with one commit for all that come while another one is under way."""
        done: asyncio.Future[Accepted | Exception] = asyncio.get_running_loop().create_future()
        self._waiting.append((handed, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        accepted = await done
        if isinstance(accepted, Exception):
            raise accepted
        return accepted

    async def _write(self) -> None:
        while self._waiting:
            # A mail alone is written at once.
            await asyncio.sleep(max(0.0, self._write_at - time.monotonic()))
            self._write_at = time.monotonic() + GATHER_SECONDS
            together = self._next()
            writing = asyncio.create_task(self._write_together(together))
            # Whatever one of them waits for, those who come after it do not wait for long.
            await asyncio.wait({writing}, timeout=PATIENCE_SECONDS)

    def _next(self) -> "list[tuple[Handed, asyncio.Future[Accepted | Exception]]]":
        size, count = 0, 0
        for handed, _done in self._waiting[:AT_ONCE]:
            size += len(handed.raw)
            if count and size > BYTES_AT_ONCE:
                break
            count += 1
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    async def _write_together(
        self, together: "list[tuple[Handed, asyncio.Future[Accepted | Exception]]]"
    ) -> None:
        keep = partial(accept_several, [handed for handed, _done in together])
        outcomes: list[Accepted | Exception]
        try:
            outcomes = await self._in_thread(keep)
        except Exception as error:
            outcomes = [error for _one in together]
        for (_handed, done), outcome in zip(together, outcomes, strict=True):
            if not done.done():
                done.set_result(outcome)

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
    line_length_limit = 64 * 1024 * 1024
    _pieces: Pieces | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the session in, and close it at once when there are too many."""
        self.open_sessions.add(self)
        super().connection_made(transport)  # type: ignore[misc]
        if len(self.open_sessions) > CONNECTIONS:
            transport.close()

    def _cb_client_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Put our own way of reading before the session's."""
        self._pieces = Pieces(reader, longest_line=self.line_length_limit)
        super()._cb_client_connected(self._pieces, writer)  # type: ignore[misc]

    async def smtp_DATA(self, arg: str) -> None:
        """Read the content of a mail in pieces."""
        assert self._pieces is not None
        self._pieces.content = True
        try:
            await super().smtp_DATA(arg)  # type: ignore[misc]
        finally:
            self._pieces.content = False

    def connection_lost(self, error: Exception | None) -> None:
        """Count the session out."""
        self.open_sessions.discard(self)
        super().connection_lost(error)  # type: ignore[misc]


class _Smtp(_Limits, SMTP):
    """A session of SMTP."""


class _Lmtp(_Limits, LMTP):
    """A session of LMTP."""

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


def _connected(work: Callable[[], Answer]) -> Answer:
    """Run `work` in this thread with a sound connection to the database, given back afterwards."""
    close_old_connections()
    try:
        return work()
    finally:
        connection.close()
