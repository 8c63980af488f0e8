"""When promises are looked after."""

from procrastinate.contrib.django import app

from . import reminding


@app.periodic(cron="* * * * *")
@app.task(queue="promises", name="promises.remind", queueing_lock="promises.remind")
def remind(timestamp: int) -> None:
    """Every minute: remind the owners of what comes due."""
    reminding.remind_due()
