"""Signs of life of the parts of an installation."""

from django.utils import timezone

from .models import Heartbeat


def beat(part: str) -> None:
    """Write the sign of life of one part, such as 'worker' or 'mail listener'."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": timezone.now()})
