"""When customers are compared with each other."""

from procrastinate.contrib.django import app

from . import balance, comparing
from .erasing import go_on as go_on
from .importing import forget_old

AT_NIGHT = 20_000


@app.periodic(cron="* * * * * */10")
@app.task(name="customers.compare", queueing_lock="customers.compare")
def compare(timestamp: int = 0) -> None:
    """Every ten seconds: look for others who may be the same person as those who are new or changed.

    A few at a time, so that no mail waits for it that the same process turns into a message.
    """
    comparing.compare_waiting()


@app.periodic(cron="20 2 * * *")
@app.task(name="customers.compare_many", queueing_lock="customers.compare_many")
def compare_many(timestamp: int) -> None:
    """Every night: what is left of it after a large import, and files that nobody took in."""
    comparing.compare_waiting(most=AT_NIGHT)
    forget_old()


@app.periodic(cron="* * * * * */10")
@app.task(name="customers.take_up_moments", queueing_lock="customers.take_up_moments")
def take_up_moments(timestamp: int) -> None:
    """Every ten seconds: note what was good or bad for customers since the last time."""
    balance.take_up()
