"""The threads that read the accounts: one for each account that this process holds the lease of."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import Error, close_old_connections, connection

from goodword.mail.imap import lease as leases
from goodword.mail.imap.connecting import connect
from goodword.mail.imap.connection import CONNECT_SECONDS, STEP_SECONDS, Connection
from goodword.mail.imap.lease import Lease, LeaseLost
from goodword.mail.imap.reading import Reader
from goodword.mail.imap.trouble import Trouble

LOOK_SECONDS = 2.0
# A server that tells of new mail is asked all the same, as some forget to.
WAIT_SECONDS = 120.0
POLL_SECONDS = 60.0
# However much a server chatters, it is asked no more often.
PAUSE_SECONDS = 0.2
STOP_SECONDS = 5.0

log = logging.getLogger(__name__)


@dataclass
class _Running:
    lease: Lease
    thread: threading.Thread
    stopping: threading.Event


@dataclass
class Readers:
    """Reads every account that nobody else reads, from `start` until `stop`."""

    _running: dict[int, _Running] = field(default_factory=dict)
    _strikes: dict[int, Counter[tuple[int, int]]] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread = threading.Thread(target=self._look_after, name="mail-accounts", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let every account go, so that another process may read it at once."""
        until = time.monotonic() + STOP_SECONDS
        self._stopping.set()
        if self._thread:
            self._thread.join(STOP_SECONDS)
        for one in self._running.values():
            one.stopping.set()
        for one in self._running.values():
            one.thread.join(max(0.0, until - time.monotonic()))

    def _look_after(self) -> None:
        is_away = False
        while not self._stopping.is_set():
            try:
                self._look()
                is_away = False
            except Error as error:
                # Once for each time that the database goes away.
                log.log(logging.DEBUG if is_away else logging.WARNING, "Mail accounts wait: %s", error)
                is_away = True
            except Exception:
                log.exception("The mail accounts could not be looked after.")
            finally:
                _give_back_connection()
            self._stopping.wait(LOOK_SECONDS)

    def _look(self) -> None:
        close_old_connections()
        self._running = {pk: one for pk, one in self._running.items() if one.thread.is_alive()}
        tokens = [one.lease.token for one in self._running.values()]
        lost = leases.lost(tokens) if tokens else set()
        for one in self._running.values():
            if one.lease.token in lost:
                one.stopping.set()
        for pk in leases.due():
            lease = None if pk in self._running else leases.claim(pk)
            if lease:
                self._running[pk] = self._begin(lease)

    def _begin(self, lease: Lease) -> _Running:
        stopping = threading.Event()
        strikes = self._strikes.setdefault(lease.account.pk, Counter())
        thread = threading.Thread(
            target=_hold_and_read,
            args=(lease, strikes, stopping),
            name=f"mail-account-{lease.account.pk}",
            daemon=True,
        )
        thread.start()
        return _Running(lease, thread, stopping)


def _hold_and_read(lease: Lease, strikes: Counter[tuple[int, int]], stopping: threading.Event) -> None:
    """Read until stopped or until something fails; what failed stands in the account's row then."""
    try:
        _read(lease, strikes, stopping)
    except LeaseLost:
        log.info("%s is read elsewhere, or no more.", lease.account)
    except Trouble as trouble:
        _note(lease.missed, trouble)
    except Error as error:
        log.warning("Mail of %s waits for the database: %s", lease.account, error)
        _note(lease.release)
    except Exception as error:
        log.exception("Mail of %s could not be fetched.", lease.account)
        words = f"Goodword stumbled ({type(error).__name__}); the server's log says more."
        _note(lease.missed, Trouble(words))
    else:
        _note(lease.release)
    finally:
        _give_back_connection()


def _read(lease: Lease, strikes: Counter[tuple[int, int]], stopping: threading.Event) -> None:
    lease.hold(2 * CONNECT_SECONDS + 3 * STEP_SECONDS)
    server = connect(lease.account)
    try:
        reader = Reader(lease=lease, server=server, strikes=strikes, stopping=stopping.is_set)
        reader.open()
        while not stopping.is_set():
            server.told_of_mail()
            reader.read_new()
            _give_back_connection()
            if stopping.wait(PAUSE_SECONDS):
                break
            if not server.told_of_mail():
                _wait(server, lease, stopping)
    finally:
        server.close_politely()


def _wait(server: Connection, lease: Lease, stopping: threading.Event) -> None:
    lease.hold(2 * STEP_SECONDS)
    if server.can_wait:
        server.wait_for_news(WAIT_SECONDS, stopping.is_set, lambda: _keep(lease))
        return
    until = time.monotonic() + POLL_SECONDS
    while time.monotonic() < until and not stopping.wait(0.25):
        _keep(lease)


def _keep(lease: Lease) -> None:
    lease.hold(2 * STEP_SECONDS)
    _give_back_connection()


def _note(write: Callable[..., None], *told: Trouble) -> None:
    """What cannot be written ends with the lease by itself."""
    with suppress(Error):
        write(*told)


def _give_back_connection() -> None:
    """While nothing is read, no connection to the database is held."""
    with suppress(Error):
        connection.close()
