"""The room's jobs."""

from procrastinate.contrib.django import app

from goodword.kit.jobs import nudge

from . import clocks, retention
from .actions.states import wake_due
from .checking_in.doing import do_due
from .routing.giving import route_waiting


@app.periodic(cron="* * * * *")
@app.task(name="inbox.wake", queueing_lock="inbox.wake")
def wake(timestamp: int) -> None:
    """Bring back the snoozed conversations whose moment has come."""
    wake_due()


@app.task(name="inbox.route")
def route() -> None:
    """Give every conversation that waits to the agent who should have it."""
    route_waiting()


@app.periodic(cron="* * * * *")
@app.task(name="inbox.route_sweep", queueing_lock="inbox.route_sweep")
def route_sweep(timestamp: int) -> None:
    """Route what no nudge told of, such as what waits for a team's hours to begin."""
    nudge(route)


# The sixth part of the schedule is seconds: every breach is told of well within half a minute.
@app.periodic(cron="* * * * * */10")
@app.task(name="inbox.watch", queueing_lock="inbox.watch")
def watch(timestamp: int) -> None:
    """Warn before a service clock is due, and tell of those that were breached."""
    clocks.watch()


@app.task(name="inbox.refit")
def refit() -> None:
    """Let open conversations go by the service levels there are now."""
    after = clocks.refit()
    while after:
        after = clocks.refit(after=after)


@app.periodic(cron="7 4 * * *")
@app.task(name="inbox.refit_nightly", queueing_lock="inbox.refit_nightly")
def refit_nightly(timestamp: int) -> None:
    """Look at every open conversation once a day, whatever a lost process left behind."""
    nudge(refit)


@app.periodic(cron="* * * * *")
@app.task(name="inbox.refit_outdated", queueing_lock="inbox.refit_outdated")
def refit_outdated(timestamp: int) -> None:
    """Let open conversations go by working hours and holidays as they are now."""
    clocks.refit_outdated()


@app.periodic(cron="* * * * * */20")
@app.task(name="inbox.check_in", queueing_lock="inbox.check_in")
def check_in(timestamp: int) -> None:
    """Ask customers how it went, where the time for it has come."""
    do_due()


@app.periodic(cron="31 2 * * *")
@app.task(name="inbox.retain_nightly", queueing_lock="inbox.retain_nightly")
def retain_nightly(timestamp: int) -> None:
    """Every night: write down which rules about keeping are to do their work, and begin."""
    retention.begin()
    nudge(retain)


@app.task(name="inbox.retain")
def retain() -> None:
    """Take away some of what is kept no longer, and come again while there is more."""
    retention.work()
    if retention.work_left():
        nudge(retain)


@app.periodic(cron="*/10 * * * *")
@app.task(name="inbox.retain_sweep", queueing_lock="inbox.retain_sweep")
def retain_sweep(timestamp: int) -> None:
    """Go on with a night's work that a killed worker left."""
    if retention.work_left():
        nudge(retain)
