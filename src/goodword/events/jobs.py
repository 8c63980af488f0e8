"""What the event log does by itself."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from .models import Event

# What matters only while it happens; everything else is history and stays.
PASSING = ("presence.changed",)
KEPT_FOR = timedelta(days=1)


@app.periodic(cron="41 3 * * *")
@app.task(name="events.forget_passing", queueing_lock="events.forget_passing")
def forget_passing(timestamp: int) -> None:
    """Every night: forget who looked at what the days before."""
    Event.objects.filter(kind__in=PASSING, at__lt=timezone.now() - KEPT_FOR).delete()
