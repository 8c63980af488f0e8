"""Jobs that keep the house in order."""

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from .heartbeat import beat

FAILED_KEPT_HOURS = 7 * 24


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ops.worker_beat")
def worker_beat(timestamp: int) -> None:
    """Show that jobs are moving."""
    beat("worker")


@app.periodic(cron="*/10 * * * *")
@app.task(name="ops.tidy_jobs", queueing_lock="ops.tidy_jobs", pass_context=True)
async def tidy_jobs(context: JobContext, timestamp: int) -> None:
    """Clear away the jobs of workers that were killed, and old ones that failed.

    None is run again: each job finds its work in the tables, and the next one does what this one left.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.finish_job(job, status=Status.FAILED, delete_job=True)
    await manager.delete_old_jobs(nb_hours=FAILED_KEPT_HOURS, include_failed=True)
