"""The room's jobs. A sweep each minute finds what a lost nudge left behind."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from goodword.kit.jobs import nudge, nudge_at
from goodword.mail import intake, outbox


@app.task(name="mail.turn_into_messages")
def turn_into_messages() -> None:
    """Turn every waiting mail into a message."""
    intake.turn_waiting()


@app.task(name="mail.send_due", pass_context=True)
def send_due(context: JobContext) -> None:
    """Send every outgoing mail that is due, and come again when a domain that is closed now opens."""
    outbox.send_due(stop=context.should_abort)
    if (moment := outbox.bulk_opens_at()) is not None:
        nudge_at(send_due, moment)


@app.periodic(cron="* * * * *")
@app.task(name="mail.sweep", queueing_lock="mail.sweep")
def sweep(timestamp: int) -> None:
    """Take up waiting mail and due mail that no job is under way for."""
    intake.turn_waiting()
    outbox.settle_lost()
    nudge(send_due)
