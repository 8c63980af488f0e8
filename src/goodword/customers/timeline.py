"""What was done about a customer, as sentences of their timeline."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goodword.events.models import Event
from goodword.events.timeline import Names, register

from .models import Subscription
from .purposes import purposes


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


@register("customer.parted")
def parted(event: Event, names: Names) -> str:
    """A joining was undone."""
    facts = {"who": names.who(event), "other": event.data["details"]["name"]}
    return _("%(who)s parted this customer from %(other)s again.") % facts


@register("customer.different")
def different(event: Event, names: Names) -> str:
    """Two who look alike are two people."""
    facts = {"who": names.who(event), "other": event.data["details"]["name"]}
    return _("%(who)s said that %(other)s is somebody else.") % facts


@register("customer.phone_added")
def phone_added(event: Event, names: Names) -> str:
    """A phone number."""
    facts = {"who": names.who(event), "number": event.data["details"]["number"]}
    return _("%(who)s added the phone number %(number)s.") % facts


@register("customer.phone_removed")
def phone_removed(event: Event, names: Names) -> str:
    """A phone number less."""
    facts = {"who": names.who(event), "number": event.data["details"]["number"]}
    return _("%(who)s took the phone number %(number)s away.") % facts


@register("customer.handle_added")
def handle_added(event: Event, names: Names) -> str:
    """A name in a network."""
    facts = {"who": names.who(event), "handle": event.data["details"]["handle"]}
    return _("%(who)s added %(handle)s.") % facts


@register("customer.handle_removed")
def handle_removed(event: Event, names: Names) -> str:
    """A name in a network less."""
    facts = {"who": names.who(event), "handle": event.data["details"]["handle"]}
    return _("%(who)s took %(handle)s away.") % facts


@register("customer.consent")
def consented(event: Event, names: Names) -> str:
    """Yes or no to a purpose, and who wrote it down."""
    details = event.data["details"]
    label = next((_(one.label) for one in purposes() if one.key == details["purpose"]), details["purpose"])
    facts = {"who": names.who(event), "purpose": label, "how": details["how"]}
    if details["given"]:
        return _("The customer said yes to %(purpose)s (%(how)s); %(who)s wrote it down.") % facts
    return _("The customer said no to %(purpose)s (%(how)s); %(who)s wrote it down.") % facts


@register("customer.field_set")
def field_set(event: Event, names: Names) -> str:
    """One of the company's own fields."""
    facts = {"who": names.who(event), **event.data["details"]}
    if not facts["value"]:
        return _("%(who)s emptied %(field)s.") % facts
    return _("%(who)s set %(field)s to %(value)s.") % facts


@register("customer.described")
def described(event: Event, names: Names) -> str:
    """How to address and to reach them."""
    labels = {
        "greeting_name": _("how to be addressed"),
        "tier": _("tier"),
        "preferred_channel": _("preferred channel"),
        "language": _("language"),
        "time_zone": _("time zone"),
    }
    changed = event.data["details"]["changed"]
    told = [f"{labels[name]}: {value or _('none')}" for name, value in changed.items() if name in labels]
    return _("%(who)s noted %(what)s.") % {"who": names.who(event), "what": ", ".join(told)}


@register("customer.purchase_added")
def purchase_added(event: Event, names: Names) -> str:
    """What they bought, and when."""
    facts = _purchase(event)
    if facts["order"]:
        return _("Bought %(name)s on %(day)s, order %(order)s.") % facts
    return _("Bought %(name)s on %(day)s.") % facts


@register("customer.purchase_changed")
def purchase_changed(event: Event, names: Names) -> str:
    """News of something they bought."""
    if not event.data["details"]["source"]:
        facts = _purchase(event) | {"who": names.who(event)}
        return _("%(who)s changed the purchase of %(name)s.") % facts
    return _("The purchase of %(name)s was changed by %(source)s.") % _purchase(event)


@register("customer.purchase_removed")
def purchase_removed(event: Event, names: Names) -> str:
    """It had been typed in by mistake."""
    facts = _purchase(event) | {"who": names.who(event)}
    return _("%(who)s took away the purchase of %(name)s on %(day)s.") % facts


@register("customer.subscription_removed")
def subscription_removed(event: Event, names: Names) -> str:
    """It had been typed in by mistake."""
    facts = {"name": event.data["details"]["name"], "who": names.who(event)}
    return _("%(who)s took away the subscription to %(name)s.") % facts


@register("customer.subscription_added")
def subscription_added(event: Event, names: Names) -> str:
    """What they subscribed to."""
    return _("Subscribed to %(name)s.") % {"name": event.data["details"]["name"]}


@register("customer.subscription_changed")
def subscription_changed(event: Event, names: Names) -> str:
    """News of a subscription."""
    details = event.data["details"]
    known = details["state"] in Subscription.State.values
    state = Subscription.State(details["state"]).label if known else details["state"]
    return _("The subscription to %(name)s is now: %(state)s.") % {"name": details["name"], "state": state}


def _purchase(event: Event) -> dict[str, str]:
    details = event.data["details"]
    day = date_format(date.fromisoformat(details["day"]), "j F Y")
    return {**details, "day": day, "source": details["source"] or _("somebody")}


@register("customer.exported")
def exported(event: Event, names: Names) -> str:
    """Somebody took everything known of them."""
    if event.data["details"]["internal"]:
        return _("%(who)s exported what we have, with internal notes.") % {"who": names.who(event)}
    return _("%(who)s exported what we have.") % {"who": names.who(event)}


@register("customer.erased")
def erased(event: Event, names: Names) -> str:
    """At their request."""
    return _("%(who)s erased this person.") % {"who": names.who(event)}
