"""What the tests of mail share: a listener at work, a mail server that takes mail, and mails on disk."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP

from goodword.mail import listener, registry
from goodword.mail.models import RawMail
from goodword.mail.parsing import ParsedMail

MAILS = Path(__file__).parent / "mails"


def mail_file(name: str) -> bytes:
    """The bytes of a mail kept beside the tests, with the line ends of the network."""
    return (MAILS / f"{name}.eml").read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


class Loop:
    """An event loop in a thread of its own, as the serving process has one."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, coroutine):  # type: ignore[no-untyped-def]
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def stop(self) -> None:
        async def last_words() -> None:
            tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self.do(last_words())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


@pytest.fixture
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.stop()


@pytest.fixture
def listening(loop: Loop) -> Iterator[Callable[..., int]]:
    """Start a listener of the desk; gives its port."""
    started: list[listener.Listening] = []

    def start(*, lmtp: bool = False) -> int:
        started.append(loop.do(listener.serve(host="127.0.0.1", port=0, lmtp=lmtp)))
        return started[-1].port

    yield start

    async def close() -> None:
        for one in started:
            one.close()

    loop.do(close())


class Server(SMTP):
    """A server that may say no before it has seen anything of the mail."""

    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.wants_no_data:
            await self.push("554 5.7.1 you may not send as this")
        else:
            await super().smtp_DATA(arg)


class Outside:
    """A mail server of the world outside, which does with mail what a test tells it to."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.senders: list[str] = []
        self.recipients: list[str] = []
        self.answer = "250 OK"
        self.refused: dict[str, str] = {}
        self.only_sender = ""
        self.says_so_at = ""
        self.bare = False
        self.hangs_up = False
        self.asked: list[str] = []
        self.wants_no_data = False

    def _no(self, said: str) -> str:
        """A refusal as large servers write it, or `bare`, as small ones do."""
        return f"{said.partition(' ')[0]} Sender verify failed" if self.bare else said

    def _forbids(self, step: str, sender: str | None) -> bool:
        return self.says_so_at == step and sender != self.only_sender

    async def handle_MAIL(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]
        self.asked.append(address)
        if self.wants_no_data and len(self.asked) > 1:
            server.transport.abort()
        if self._forbids("MAIL", address):
            return self._no("550 5.1.7 this sender is not yours")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]
        if self._forbids("RCPT", envelope.mail_from):
            return self._no("550 5.7.1 sender address rejected: not owned by user")
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]
        if self.hangs_up:
            server.transport.abort()
            return "250 OK"
        if self._forbids("DATA", envelope.mail_from):
            return self._no("554 5.2.252 SendAsDenied; you may not send as this")
        if self.answer.startswith("2"):
            self.received.append(envelope.original_content)
            self.senders.append(envelope.mail_from)
            self.recipients += envelope.rcpt_tos
        return self.answer


@pytest.fixture
def outside(loop: Loop, settings) -> Iterator[Outside]:  # type: ignore[no-untyped-def]
    """The mail server outside, with the desk set to send through it."""
    world = Outside()

    async def serve() -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(
            lambda: Server(world, hostname="outside.example", loop=asyncio.get_running_loop()), "127.0.0.1", 0
        )

    server = loop.do(serve())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = server.sockets[0].getsockname()[1]
    settings.EMAIL_TIMEOUT = 10
    yield world

    async def close() -> None:
        server.close()

    loop.do(close())


@pytest.fixture
def taken_in() -> Iterator[list[tuple[RawMail, ParsedMail]]]:
    """What a room above is handed: every mail with what was read in it, and nobody else listening."""
    seen: list[tuple[RawMail, ParsedMail]] = []
    others, registry.intake._entries = registry.intake._entries, []
    registry.register_intake(lambda mail, parsed: seen.append((mail, parsed)))
    yield seen
    registry.intake._entries = others
