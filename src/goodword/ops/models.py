"""What the processes of an installation say of themselves."""

from django.db import models
from django.utils import timezone


class Heartbeat(models.Model):
    """The last sign of life of one part, such as 'worker' or 'mail listener'."""

    part = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.part
