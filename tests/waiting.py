"""Waiting for what other processes and threads are about to do."""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

PATIENCE = 120.0
LOOK_EVERY = 0.01
Found = TypeVar("Found")


def until(condition: Callable[[], Found], *, patience: float = PATIENCE, what: str = "") -> Found:
    """Come back with what the condition gives once that is true; fails when it never is.

    Nobody tells a test how far another process is, so it looks again and again, with a pause between.
    """
    latest = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < latest, f"Waited {patience:.0f} s in vain{what and f' for {what}'}."
        time.sleep(LOOK_EVERY)
    return found


def waiting_for_locks() -> int:
    """How many connections to this test's database wait for a lock that another one has.

    Within a transaction, too, where the server would show what it saw at the first look.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])
