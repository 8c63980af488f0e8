"""What rules did, as sentences of a timeline."""

from django.utils.translation import gettext as _

from goodword.events.models import Event
from goodword.events.timeline import Names, register


@register("rule.fired")
def fired(event: Event, names: Names) -> str:
    """A rule did something."""
    did = " ".join(str(one) for one in event.data.get("did", ()))
    return _("The rule '%(name)s': %(did)s") % {"name": event.data.get("name", ""), "did": did}


@register("rule.held")
def held(event: Event, names: Names) -> str:
    """A rule was held back."""
    return _("The rule '%(name)s' was held back: %(why)s") % {
        "name": event.data.get("name", ""),
        "why": event.data.get("why", ""),
    }
