"""When complaints are looked after."""

from procrastinate.contrib.django import app

from . import actions, watching


@app.periodic(cron="* * * * * */20")
@app.task(queue="complaints", name="complaints.watch", queueing_lock="complaints.watch")
def watch(timestamp: int) -> None:
    """Every 20 seconds: warn of what comes due and say what is late."""
    watching.watch()


@app.task(queue="complaints", name="complaints.watch_now")
def watch_now() -> None:
    """At the moment a clock was set for."""
    watching.watch()


@app.periodic(cron="* * * * * */10")
@app.task(queue="complaints", name="complaints.settle", queueing_lock="complaints.settle")
def settle(timestamp: int) -> None:
    """Every 10 seconds: end proposals whose time is over, and ask customers whether all is well."""
    _settle()


@app.task(queue="complaints", name="complaints.settle_now")
def settle_now() -> None:
    """At the moment that a proposal ends or a customer is to be asked."""
    _settle()


def _settle() -> None:
    actions.expire_due()
    actions.send_due()
