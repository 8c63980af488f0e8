"""The worker beside the pages, in one process."""

import asyncio
from contextlib import suppress

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from goodword.mail.jobs import turn_into_messages
from goodword.ops import server
from goodword.ops.jobs import tidy_jobs

QUEUE = "put off by a test"


def put_off_and_change_ones_mind() -> int:
    """Ask for a job in a transaction that fails; how many jobs there are afterwards."""
    try:
        with transaction.atomic():
            turn_into_messages.configure(queue=QUEUE, schedule_in={"hours": 1}).defer()
            raise LookupError
    except LookupError:
        return ProcrastinateJob.objects.filter(queue_name=QUEUE).count()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_work_put_off_while_the_worker_runs_is_part_of_its_transaction() -> None:
    async def beside_the_worker() -> int:
        async with server._jobs(asyncio.Event()):
            return await sync_to_async(put_off_and_change_ones_mind, thread_sensitive=False)()

    assert asyncio.run(beside_the_worker()) == 0


def test_a_look_for_mail_left_alone_that_fails_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks: list[str] = []

    def fail_but_for_the_third() -> None:
        looks.append("look")
        if len(looks) != 3:
            raise LookupError("no table of this name")

    async def look_again_and_again() -> None:
        looking = asyncio.create_task(server._look_for_mail_left_alone())
        while len(looks) < 6:
            await asyncio.sleep(0.01)
        looking.cancel()

    monkeypatch.setattr(server, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(server, "call_for_mail_left_alone", fail_but_for_the_third)
    asyncio.run(look_again_and_again())
    # Once for each time that it began to fail.
    assert caplog.text.count("LookupError: no table of this name") == 2


DOING = """
    WITH worker AS (
        INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id
    )
    INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)
    SELECT %s, 'mail.send_due', '{}', 'doing', worker.id FROM worker
"""


async def work_once() -> None:
    """Run the jobs that wait, and end."""
    async with server._worker_app().open_async() as worker_app:
        await worker_app.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="successful")


@pytest.mark.django_db(transaction=True)
def test_jobs_of_a_killed_worker_are_cleared_away_and_those_under_way_are_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute(DOING, ["10 minutes", "of a killed worker"])
        cursor.execute(DOING, ["1 second", "of one at work"])
    with suppress(AlreadyEnqueued):  # by a worker of another test, whose hour had come
        tidy_jobs.defer(timestamp=0)
    connection.close()
    asyncio.run(work_once())
    left = set(ProcrastinateJob.objects.values_list("queue_name", flat=True))
    assert "of one at work" in left
    assert "of a killed worker" not in left


@pytest.mark.django_db
def test_a_look_for_work_passes_by_the_jobs_that_wait_for_another_day() -> None:
    tomorrow = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, scheduled_at) "
        "SELECT 'of another day', 'mail.send_due', 0, '{}'::jsonb, 'todo', now() + interval '1 day' "
        "FROM generate_series(1, 5000)"
    )
    read = (
        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables "
        "WHERE relname = 'procrastinate_jobs'"
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute(tomorrow)
        cursor.execute("ANALYZE procrastinate_jobs")
        cursor.execute(read)
        before = cursor.fetchone()[0]
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['of another day'], NULL)")
        assert cursor.fetchone() == (None,)
        cursor.execute(read)
        assert cursor.fetchone()[0] - before < 100
