"""The log keeps history and forgets what only mattered while it happened."""

from datetime import timedelta

import pytest
from django.utils import timezone

from goodword.events.actions import record
from goodword.events.jobs import forget_passing
from goodword.events.models import Event


@pytest.mark.django_db
def test_only_old_presence_is_forgotten() -> None:
    for kind in ("presence.changed", "message.received"):
        record(kind)
    Event.objects.update(at=timezone.now() - timedelta(days=2))
    record("presence.changed")
    forget_passing(timestamp=0)
    assert list(Event.objects.order_by("id").values_list("kind", flat=True)) == [
        "message.received",
        "presence.changed",
    ]
