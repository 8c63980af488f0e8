"""When complaints are looked after."""

from procrastinate.contrib.django import app

from . import watching


@app.periodic(cron="* * * * * */20")
@app.task(queue="complaints", name="complaints.watch", queueing_lock="complaints.watch")
def watch(timestamp: int) -> None:
    """Every 20 seconds: warn of what comes due and say what is late."""
    watching.watch()


@app.task(queue="complaints", name="complaints.watch_now")
def watch_now() -> None:
    """At the moment a clock was set for."""
    watching.watch()
