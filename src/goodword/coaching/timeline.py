"""What was sent in spite of the coach, as a sentence of a conversation's timeline."""

from django.utils.translation import gettext as _

from goodword.events.models import Event
from goodword.events.timeline import Names, register


@register("finding.overridden")
def overridden(event: Event, names: Names) -> str:
    """Who sent it, and which rule spoke against it."""
    return _("%(who)s sent a reply in spite of the coach (%(rule)s).") % {
        "who": names.who(event),
        "rule": event.data["rule"],
    }
