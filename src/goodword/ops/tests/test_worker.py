"""The worker beside the pages, in one process."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from goodword.mail.jobs import turn_into_messages
from goodword.ops import server

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
