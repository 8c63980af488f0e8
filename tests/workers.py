"""Worker processes of the tests, which may be killed at any moment.

They are forked from a process that has the house loaded already, so that a new one is there within some
milliseconds and a test can afford to kill many.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

import django
import time_machine
from django.apps import apps
from django.db import connection

from .waiting import PATIENCE, until

Job = Callable[[], object]

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload([__name__])
if not apps.ready:
    django.setup()


class Worker:
    """A process on the tests' database; `work` gets its end of a line to here and what else it is given."""

    def __init__(self, work: Callable[..., None], *given: Any) -> None:
        self.line, theirs = _forks.Pipe()
        name = str(connection.settings_dict["NAME"])
        self._process = _forks.Process(target=_enter, args=(theirs, name, work, given), daemon=True)
        self._process.start()
        theirs.close()
        assert self.line.poll(PATIENCE), "The worker did not start."
        self._backend: int = self.line.recv()

    def strike(self) -> None:
        """Kill it as a power cut would, without waiting for what comes of it."""
        self._process.kill()

    def bury(self) -> None:
        """Wait until nothing is left of a killed one: until the database let go of what it held, too.

        Fails for one that ended in another way: what it stumbled over stands in its output.
        """
        self._process.join(PATIENCE)
        self.line.close()
        assert self._process.exitcode == -signal.SIGKILL, "A worker ended before it was killed."
        until(self._is_gone, what="the end of a killed worker's connection")

    def kill(self) -> None:
        """Kill it, and wait until nothing is left of it."""
        self.strike()
        self.bury()

    def _is_gone(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [self._backend])
            return cursor.fetchone() == (0,)


class Workers:
    """Some processes that do the same jobs; when one is killed, another takes its place."""

    def __init__(self, jobs: Sequence[Job], *, count: int, at: datetime | None) -> None:
        self._given = (tuple(jobs), at)
        self._running = [Worker(_repeat, *self._given) for _number in range(count)]

    def kill_one(self) -> None:
        """Kill the one that has been at work longest, and start another."""
        self._running.pop(0).kill()
        self._running.append(Worker(_repeat, *self._given))

    def kill_all(self) -> None:
        """Kill all of them."""
        while self._running:
            self._running.pop().kill()


@contextmanager
def working(*jobs: Job, count: int = 3, at: datetime | None = None) -> Iterator[Workers]:
    """Processes that do these functions of modules over and over, until they are killed at the end.

    Give the moment at which their clock stands still; without it they go by the true time. The test has to
    commit what they are to see: `django_db(transaction=True)`.
    """
    workers = Workers(jobs, count=count, at=at)
    try:
        yield workers
    finally:
        workers.kill_all()


def _enter(line: Connection, database: str, work: Callable[..., None], given: tuple[Any, ...]) -> None:
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    line.send(connection.connection.info.backend_pid)
    work(line, *given)


def _repeat(line: Connection, jobs: Sequence[Job], at: datetime | None) -> None:
    if at is not None:
        time_machine.travel(at, tick=False).start()
    while True:
        for job in jobs:
            job()
