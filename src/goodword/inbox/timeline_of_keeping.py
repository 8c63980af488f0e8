"""What the events about keeping say: holds, and words that were erased; registered with the event log."""

from django.utils.translation import gettext

from goodword.events.models import Event
from goodword.events.timeline import Names, register


@register("conversation.held")
@register("customer.held")
def held(event: Event, names: Names) -> str:
    """Nobody may delete it."""
    reason = (event.data.get("details") or {}).get("reason", "")
    return gettext("%(who)s put it on hold, so that nothing deletes it: %(reason)s") % {
        "who": names.who(event),
        "reason": reason,
    }


@register("conversation.released")
@register("customer.released")
def released(event: Event, names: Names) -> str:
    """It may be deleted again."""
    return gettext("%(who)s lifted the hold") % {"who": names.who(event)}


@register("conversation.words_erased")
def words_erased(event: Event, names: Names) -> str:
    """What was said is gone."""
    said = {"rule": event.data.get("rule"), "who": names.who(event)}
    if said["rule"]:
        return gettext("The words were erased, the numbers stay: rule %(rule)s") % said
    return gettext("%(who)s erased the words; the numbers stay") % said
