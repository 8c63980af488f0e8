"""What was done about a customer, as sentences of their timeline."""

from django.utils.translation import gettext as _

from goodword.events.models import Event
from goodword.events.timeline import Names, register


@register("customer.added")
def added(event: Event, names: Names) -> str:
    """They wrote for the first time."""
    return _("Became a customer.")


@register("customer.renamed")
def renamed(event: Event, names: Names) -> str:
    """The name before and the name now."""
    facts = {
        "who": names.who(event),
        "before": event.data["details"]["before"],
        "name": event.data["details"]["name"],
    }
    if not event.data["details"]["before"]:
        return _("%(who)s gave the name %(name)s.") % facts
    if not event.data["details"]["name"]:
        return _("%(who)s took the name %(before)s away.") % facts
    return _("%(who)s changed the name from %(before)s to %(name)s.") % facts


@register("customer.address_added")
def address_added(event: Event, names: Names) -> str:
    """A further address."""
    return _("%(who)s added the address %(address)s.") % {
        "who": names.who(event),
        "address": event.data["details"]["address"],
    }


@register("customer.address_removed")
def address_removed(event: Event, names: Names) -> str:
    """An address less."""
    return _("%(who)s took the address %(address)s away.") % {
        "who": names.who(event),
        "address": event.data["details"]["address"],
    }


@register("customer.organisation_set")
def organisation_set(event: Event, names: Names) -> str:
    """The organisation, or that there is none any more."""
    facts = {"who": names.who(event), "name": event.data["details"]["name"]}
    if not event.data["details"]["name"]:
        return _("%(who)s took the organisation away.") % facts
    return _("%(who)s set the organisation to %(name)s.") % facts


@register("customer.note_added")
def note_added(event: Event, names: Names) -> str:
    """Something to remember."""
    return _("%(who)s wrote a note about the customer.") % {"who": names.who(event)}


@register("customer.note_removed")
def note_removed(event: Event, names: Names) -> str:
    """A note less."""
    return _("%(who)s took a note about the customer away.") % {"who": names.who(event)}


@register("customer.joined")
def joined(event: Event, names: Names) -> str:
    """Two customers were one person."""
    facts = {
        "who": names.who(event),
        "other": event.data["details"]["name"] or ", ".join(event.data["details"]["addresses"]),
    }
    return _("%(who)s joined %(other)s with this customer.") % facts
