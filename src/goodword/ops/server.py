"""One process that does it all: pages, live streams, mail listeners and jobs."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from types import FrameType
from typing import cast

import uvicorn
from asgiref.sync import sync_to_async
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.django_connector import DjangoConnector

from goodword.events import stream
from goodword.kit.config import Config
from goodword.mail import listener
from goodword.mail.imap.readers import Readers
from goodword.mail.jobs import call_for_mail_left_alone

from .heartbeat import beat

GRACE_SECONDS = 3
BEAT_SECONDS = 20
# So soon other workers notice that one which turned mail into messages was killed.
LOOK_SECONDS = 5
JOBS_AT_ONCE = 4
# Jobs for later are found by polling; a reply leaves within a second of its moment.
POLL_SECONDS = 1

log = logging.getLogger(__name__)


class PortInUse(Exception):
    """Something else listens on the port; the text names it and what to set."""


@dataclass(frozen=True)
class Parts:
    """Which parts this process runs."""

    pages: bool = True
    mail: bool = True
    jobs: bool = True


def require_free(*ports: tuple[str, int, str]) -> None:
    """Raise PortInUse for the first (host, port, setting) that is taken."""
    for host, port, setting in ports:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise PortInUse(
                    f"Port {port} on {host} cannot be used ({error.strerror}). "
                    f"Stop what uses it, or set {setting} to another port."
                ) from error


def ports(config: Config, parts: Parts) -> list[tuple[str, int, str]]:
    """The ports these parts listen on, as (host, port, setting)."""
    wanted = [(config.host, config.port, "GOODWORD_PORT")] if parts.pages else []
    if parts.mail and config.smtp_port:
        wanted.append((config.smtp_host, config.smtp_port, "GOODWORD_SMTP_PORT"))
    if parts.mail and config.lmtp_port:
        wanted.append((config.smtp_host, config.lmtp_port, "GOODWORD_LMTP_PORT"))
    return wanted


def run(config: Config, *, parts: Parts, ready: Callable[[], object]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called once when all parts answer."""
    asyncio.run(_run(config, parts, ready))


async def _run(config: Config, parts: Parts, ready: Callable[[], object]) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    async with contextlib.AsyncExitStack() as stack:
        if parts.pages:
            await stack.enter_async_context(_pages(config, stopping))
        if parts.mail:
            await stack.enter_async_context(_mail(config))
        if parts.jobs:
            await stack.enter_async_context(_jobs(stopping))
        ready()
        await stopping.wait()


@contextlib.asynccontextmanager
async def _pages(config: Config, stopping: asyncio.Event) -> AsyncIterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(
            "goodword.ops.asgi:application",
            host=config.host,
            port=config.port,
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_SECONDS,
            proxy_headers=bool(config.trusted_proxies),
            forwarded_allow_ips="*" if config.trusted_proxies else "127.0.0.1",
        )
    )
    # The signals are ours: all parts stop together.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    serving.add_done_callback(lambda _: stopping.set())
    try:
        yield
    finally:
        await stream.stop()
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def _mail(config: Config) -> AsyncIterator[None]:
    servers = []
    for port, lmtp in ((config.smtp_port, False), (config.lmtp_port, True)):
        if port:
            servers.append(await listener.serve(host=config.smtp_host, port=port, lmtp=lmtp))
    beating = asyncio.create_task(_beat("mail listener")) if servers else None
    readers = Readers()
    readers.start()
    try:
        yield
    finally:
        for server in servers:
            server.close()
        await asyncio.to_thread(readers.stop)
        if beating:
            beating.cancel()


@contextlib.asynccontextmanager
async def _jobs(stopping: asyncio.Event) -> AsyncIterator[None]:
    async with _worker_app().open_async() as worker_app:
        working = asyncio.create_task(
            worker_app.run_worker_async(
                concurrency=JOBS_AT_ONCE,
                fetch_job_polling_interval=POLL_SECONDS,
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=GRACE_SECONDS,
            )
        )
        working.add_done_callback(lambda _: stopping.set())
        looking = asyncio.create_task(_look_for_mail_left_alone())
        try:
            yield
        finally:
            looking.cancel()
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working


def _worker_app() -> DjangoApp:
    """The same jobs on connections of the worker's own.

    The app itself keeps Django's connection: were it replaced here, pages and the mail listener of this
    process would put jobs off outside their transactions, and a job could run before what it is about.
    """
    connector = cast(DjangoConnector, app.connector).get_worker_connector()
    worker_app = DjangoApp(connector=connector)
    worker_app.tasks = app.tasks
    worker_app.periodic_registry = app.periodic_registry
    return worker_app


async def _beat(part: str) -> None:
    while True:
        with contextlib.suppress(Exception):
            await sync_to_async(beat)(part)
        await asyncio.sleep(BEAT_SECONDS)


async def _look_for_mail_left_alone() -> None:
    told = False
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await sync_to_async(call_for_mail_left_alone)()
            told = False
        except Exception:
            if not told:
                log.exception("Mail that nobody is at could not be looked for; it is tried again and again.")
            told = True
