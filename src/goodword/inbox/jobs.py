"""The room's jobs."""

from procrastinate.contrib.django import app

from .actions.states import wake_due


@app.periodic(cron="* * * * *")
@app.task(name="inbox.wake", queueing_lock="inbox.wake")
def wake(timestamp: int) -> None:
    """Bring back the snoozed conversations whose moment has come."""
    wake_due()
