"""The room's jobs. A sweep each minute finds what a lost nudge left behind."""

from procrastinate.contrib.django import app

from goodword.mail import intake, outbox


@app.task(name="mail.turn_into_messages")
def turn_into_messages() -> None:
    """Turn every waiting mail into a message."""
    intake.turn_waiting()


@app.task(name="mail.send_due")
def send_due() -> None:
    """Send every outgoing mail that is due."""
    outbox.send_due()


@app.periodic(cron="* * * * *")
@app.task(name="mail.sweep", queueing_lock="mail.sweep")
def sweep(timestamp: int) -> None:
    """Take up waiting mail and due mail that no job is under way for."""
    intake.turn_waiting()
    outbox.settle_lost()
    outbox.send_due()
