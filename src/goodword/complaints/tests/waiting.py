"""A verb that begins while another has not committed yet."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection
from tests.waiting import waiting_for_locks


def beside(pool: ThreadPoolExecutor, verb: Callable[[], object], place: int = 1) -> "Future[object]":
    """Begin the verb on a connection of its own, and go on once it waits for a lock (or is done already).

    It is then the `place`th in line.
    """

    def run() -> object:
        try:
            return verb()
        finally:
            connection.close()

    begun = pool.submit(run)
    while waiting_for_locks() < place and not begun.done():
        pass
    return begun
