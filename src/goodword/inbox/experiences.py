"""What a customer's own words say of their experience; registered with customers."""

from collections.abc import Iterable

from goodword.customers import registry
from goodword.events.models import Event

from .models import Message

WARM = {"grateful", "pleased"}
ANGRY = "angry"
STRONG = 2


@registry.moments.add
def moments_in_words(events: list[Event]) -> Iterable[tuple[Event, str]]:
    """Angry and warm words in what customers wrote; one query when anybody wrote."""
    received = {event.data.get("message"): event for event in events if event.kind == "message.received"}
    if not received:
        return []
    read = Message.objects.filter(pk__in=received, reading__isnull=False).values_list("pk", "reading")
    found = []
    for pk, reading in read:
        heard = reading or {}
        feeling, strength = heard.get("feeling"), int(heard.get("strength") or 0)
        if feeling == ANGRY and strength >= STRONG:
            found.append((received[pk], "angry-words"))
        elif feeling in WARM:
            found.append((received[pk], "warm-words"))
    return found
