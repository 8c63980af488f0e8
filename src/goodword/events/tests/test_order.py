"""Every reader sees every event, in one order, however late a writer commits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction

from goodword.events import actions, queries
from goodword.events.models import Event
from goodword.events.position import BadPosition, Position

DEADLINE = 20


@contextmanager
def open_transaction(kind: str) -> Iterator[None]:
    """Another connection that has written an event and commits at the end of the block."""
    written, end = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            actions.record(kind)
            written.set()
            end.wait(DEADLINE)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(DEADLINE)
    try:
        yield
    finally:
        end.set()
        writer.join(DEADLINE)


def read_until(position: Position, count: int) -> list[Event]:
    """Read on until so many events were seen, as a stream does."""
    seen: list[Event] = []
    deadline = threading.Event()
    timer = threading.Timer(DEADLINE, deadline.set)
    timer.start()
    while len(seen) < count and not deadline.is_set():
        found = queries.after(position, limit=1)
        seen += found
        position = Position(seen[-1].transaction, seen[-1].pk) if seen else position
    timer.cancel()
    return seen


@pytest.mark.django_db(transaction=True)
def test_an_event_committed_late_is_not_skipped() -> None:
    start = queries.now()
    with open_transaction("early.written"):
        actions.record("late.written")
        assert queries.after(start) == [], "a reader went past a transaction that was still open"
    assert [event.kind for event in read_until(start, 2)] == ["early.written", "late.written"]


@pytest.mark.django_db(transaction=True)
def test_long_work_in_another_database_holds_nobody_back() -> None:
    start = queries.now()
    elsewhere = connection.get_connection_params() | {"dbname": connection.settings_dict["USER"]}
    with psycopg.connect(**elsewhere) as other:
        other.execute("SELECT pg_current_xact_id()")
        actions.record("here")
        assert [event.kind for event in queries.after(start)] == ["here"]


@pytest.mark.django_db(transaction=True)
def test_now_lies_before_what_is_still_being_written() -> None:
    with open_transaction("early.written"):
        now = queries.now()
    assert [event.kind for event in read_until(now, 1)] == ["early.written"]


@pytest.mark.django_db(transaction=True)
def test_events_of_one_transaction_follow_each_other() -> None:
    start = queries.now()
    with transaction.atomic():
        for kind in ("first", "second", "third"):
            actions.record(kind)
    assert [event.kind for event in read_until(start, 3)] == ["first", "second", "third"]


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_failed_transaction_never_happened() -> None:
    start = queries.now()
    with transaction.atomic():
        actions.record("undone")
        transaction.set_rollback(True)
    actions.record("done")
    assert [event.kind for event in read_until(start, 1)] == ["done"]


@pytest.mark.parametrize("text", ["", "17", "a-b", "1-2-3", "-1-5", f"{2**64}-1", "1-٣"])
def test_what_is_no_position_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(BadPosition, match="is no position in the event log; one looks like"):
        Position.parse(text)


def test_a_position_reads_what_it_writes() -> None:
    assert Position.parse(str(Position(4711, 90210))) == Position(4711, 90210)


@pytest.mark.django_db(transaction=True)
def test_a_position_of_another_database_cannot_be_followed() -> None:
    assert queries.can_follow(queries.now(), most=10)
    assert not queries.can_follow(Position(2**62, 1), most=10)
