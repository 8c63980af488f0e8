"""When promises are looked after."""

from procrastinate.contrib.django import app

from . import reminding


# The sixth part of the schedule is seconds: every reminder is given well within half a minute of its moment.
@app.periodic(cron="* * * * * */10")
@app.task(queue="promises", name="promises.remind", queueing_lock="promises.remind")
def remind(timestamp: int) -> None:
    """Every ten seconds: remind of what comes due, and take what is late to the leads."""
    reminding.remind_due()
