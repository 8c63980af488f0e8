"""When rules are asked."""

from procrastinate.contrib.django import app

from goodword.events import following

from . import running


@app.periodic(cron="* * * * * */5")
@app.task(queue="workflows", name="workflows.run_events", queueing_lock="workflows.run_events")
def run_events(timestamp: int) -> None:
    """Every five seconds: what happened since."""
    following.begin(running.NAME)
    running.run_events()


@app.periodic(cron="* * * * *")
@app.task(queue="workflows", name="workflows.run_lasting", queueing_lock="workflows.run_lasting")
def run_lasting(timestamp: int) -> None:
    """Every minute: what has lasted long enough."""
    running.run_lasting()
