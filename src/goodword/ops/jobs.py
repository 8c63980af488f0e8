"""Jobs that keep the house in order."""

from procrastinate.contrib.django import app

from .heartbeat import beat


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ops.worker_beat")
def worker_beat(timestamp: int) -> None:
    """Show that jobs are moving."""
    beat("worker")
