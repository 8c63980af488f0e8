"""The room's jobs. A sweep each minute finds what a lost nudge left behind."""

from django.db import close_old_connections
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from goodword.kit.jobs import nudge, nudge_at
from goodword.mail import attending, intake, outbox, telling


@app.task(name="mail.turn_into_messages", pass_context=True)
def turn_into_messages(context: JobContext) -> None:
    """Turn every waiting mail into a message, and stay a while for those that come after it."""
    attending.attend(stop=context.should_abort, call=lambda: nudge(turn_into_messages))


def call_for_new_mail() -> None:
    """Make sure that mail which is committed becomes messages soon; most often somebody is at it already."""
    if not attending.attended():
        nudge(turn_into_messages)


def call_for_mail_left_alone() -> None:
    """Make sure that mail which lost whoever was at it becomes messages soon; cheap enough to ask often."""
    close_old_connections()
    if attending.left_alone():
        nudge(turn_into_messages)


@app.task(name="mail.send_due", pass_context=True)
def send_due(context: JobContext) -> None:
    """Send every outgoing mail that is due, and come again when a domain that is closed now opens."""
    outbox.send_due(stop=context.should_abort)
    if (moment := outbox.bulk_opens_at()) is not None:
        nudge_at(send_due, moment)


# Nine times within a day, ever less often.
@app.task(name=telling.AGAIN, retry=RetryStrategy(max_attempts=9, exponential_wait=4))
def tell_again(number: int, listener: str, moment: str) -> None:
    """Tell a room above what became of a mail that it could not take in before."""
    telling.tell_again(number=number, name=listener, moment=moment)


@app.periodic(cron="* * * * *")
@app.task(name="mail.sweep", queueing_lock="mail.sweep")
def sweep(timestamp: int) -> None:
    """Take up waiting mail and due mail that no job is under way for."""
    intake.turn_waiting(wait_for_others=False)
    outbox.settle_lost()
    nudge(send_due)
