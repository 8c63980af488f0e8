"""A verb that begins while another has not committed yet."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection


def beside(pool: ThreadPoolExecutor, verb: Callable[[], object]) -> "Future[object]":
    """Begin the verb on a connection of its own, and go on once it waits for a lock (or is done already)."""

    def run() -> object:
        try:
            return verb()
        finally:
            connection.close()

    begun = pool.submit(run)
    while not (somebody_waits() or begun.done()):
        pass
    return begun


def somebody_waits() -> bool:
    """Whether a connection waits for a lock that another has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])
