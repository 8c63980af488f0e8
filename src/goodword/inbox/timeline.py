"""What the events of a conversation say; registered with the event log."""

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy

from goodword.events.models import Event
from goodword.events.timeline import Names, register

from . import timeline_of_work


@register("conversation.opened")
def opened(event: Event, names: Names) -> str:
    """Somebody wrote for the first time about this."""
    return gettext("The conversation was opened")


@register("conversation.joined")
def joined(event: Event, names: Names) -> str:
    """Somebody new wrote to the reply address, which only those who take part were given."""
    return gettext("%(address)s is new here: they had the reply address of this conversation") % {
        "address": event.data.get("address", "")
    }


@register("conversation.assigned")
def assigned(event: Event, names: Names) -> str:
    """It was given to somebody, or to nobody."""
    to = event.data.get("to")
    if "rule" in event.data:
        return timeline_of_work.routed(event, names.of(to))
    if "handover" in event.data:
        return timeline_of_work.handed_over(event, names)
    if to is None:
        return gettext("%(who)s put it back for anybody to take") % {"who": names.who(event)}
    if to == event.agent_id:
        return gettext("%(who)s took it") % {"who": names.who(event)}
    return gettext("%(who)s gave it to %(to)s") % {"who": names.who(event), "to": names.of(to)}


@register("conversation.snoozed")
def snoozed(event: Event, names: Names) -> str:
    """It was put away until a moment."""
    until = parse_datetime(event.data.get("until") or "")
    when = date_format(localtime(until), "j F Y, H:i") if until else "?"
    return gettext("%(who)s put it away until %(when)s") % {"who": names.who(event), "when": when}


@register("conversation.woken")
def woken(event: Event, names: Names) -> str:
    """It came back before or at its moment."""
    if event.agent_id:
        return gettext("%(who)s took it up again") % {"who": names.who(event)}
    if event.data.get("reason") == "customer":
        return gettext("It came back because the customer wrote")
    if event.data.get("reason") == "not delivered":
        return gettext("It came back because the reply did not arrive")
    return gettext("It came back as planned")


@register("conversation.closed")
def closed(event: Event, names: Names) -> str:
    """It was closed."""
    return gettext("%(who)s closed it") % {"who": names.who(event)}


@register("conversation.reopened")
def reopened(event: Event, names: Names) -> str:
    """It was opened again: by somebody, by the customer, or because a reply did not arrive."""
    if event.agent_id:
        return gettext("%(who)s opened it again") % {"who": names.who(event)}
    if event.data.get("reason") == "not delivered":
        return gettext("It was opened again because the reply did not arrive")
    return gettext("It was opened again because the customer wrote")


@register("conversation.merged")
def merged(event: Event, names: Names) -> str:
    """One conversation went into another."""
    if "target" in event.data:
        return gettext("%(who)s merged it into conversation %(number)s") % {
            "who": names.who(event),
            "number": event.data["target"],
        }
    return gettext("%(who)s merged conversation %(number)s into it") % {
        "who": names.who(event),
        "number": event.data.get("source"),
    }


@register("conversation.unmerged")
def unmerged(event: Event, names: Names) -> str:
    """A merge was taken back."""
    other = event.data.get("target") or event.data.get("source")
    return gettext("%(who)s separated it from conversation %(number)s") % {
        "who": names.who(event),
        "number": other,
    }


@register("conversation.removed")
def removed(event: Event, names: Names) -> str:
    """It was deleted for good."""
    said = {"who": names.who(event), "number": event.conversation_id, "reason": event.data.get("reason")}
    if said["reason"]:
        return gettext("%(who)s deleted conversation %(number)s for good: %(reason)s") % said
    return gettext("%(who)s deleted conversation %(number)s for good") % said


@register("conversation.tagged")
def tagged(event: Event, names: Names) -> str:
    """A tag was put on it."""
    return gettext("%(who)s tagged it '%(tag)s'") % {"who": names.who(event), "tag": event.data.get("tag")}


@register("conversation.untagged")
def untagged(event: Event, names: Names) -> str:
    """A tag was taken off."""
    return gettext("%(who)s took the tag '%(tag)s' off") % {
        "who": names.who(event),
        "tag": event.data.get("tag"),
    }


@register("reply.sent")
def sent(event: Event, names: Names) -> str:
    """A reply left the house."""
    return gettext("%(who)s's reply was sent") % {"who": names.of(event.data.get("author"))}


@register("reply.failed")
def failed(event: Event, names: Names) -> str:
    """A reply did not arrive."""
    return gettext("%(who)s's reply did not arrive") % {"who": names.of(event.data.get("author"))}


@register("reply.doubted")
def doubted(event: Event, names: Names) -> str:
    """A report that nothing proves calls a reply lost."""
    said = gettext(
        "A report says that %(who)s's reply was not delivered; it did not come by the way that proves it"
    )
    return said % {"who": names.of(event.data.get("author"))}


@register("reply.unknown")
def unknown(event: Event, names: Names) -> str:
    """Nobody knows whether a reply left."""
    return gettext("Nobody knows whether %(who)s's reply left") % {"who": names.of(event.data.get("author"))}


@register("reply.undone")
def undone(event: Event, names: Names) -> str:
    """A reply was taken back before it left."""
    return gettext("%(who)s took a reply back before it left") % {"who": names.who(event)}


PRIORITIES = {
    "low": gettext_lazy("low"),
    "normal": gettext_lazy("normal"),
    "high": gettext_lazy("high"),
    "urgent": gettext_lazy("urgent"),
}


@register("conversation.priority_set")
def priority_set(event: Event, names: Names) -> str:
    """It is more or less pressing than before."""
    chosen = event.data.get("priority", "")
    said = {
        "who": names.who(event),
        "priority": PRIORITIES.get(chosen, chosen),
        "rule": event.data.get("rule"),
    }
    if said["rule"]:
        return gettext("The priority is %(priority)s: rule %(rule)s") % said
    return gettext("%(who)s set the priority to %(priority)s") % said


CLOCKS = {
    "first_reply": gettext_lazy("The first reply"),
    "next_reply": gettext_lazy("The next reply"),
    "resolution": gettext_lazy("The resolution"),
}


@register("service.warned")
def service_warned(event: Event, names: Names) -> str:
    """A service clock comes due soon."""
    return gettext("%(what)s is due %(when)s") % _clock(event)


@register("service.breached")
def service_breached(event: Event, names: Names) -> str:
    """A service clock was due and not met."""
    return gettext("%(what)s is late: it was due %(when)s") % _clock(event)


def _clock(event: Event) -> dict[str, str]:
    due = parse_datetime(event.data.get("due") or "")
    return {
        "what": str(CLOCKS.get(event.data.get("clock", ""), event.data.get("clock"))),
        "when": date_format(localtime(due), "j F Y, H:i") if due else "?",
    }


@register("message.withheld")
def withheld(event: Event, names: Names) -> str:
    """A mail that nobody asked for waited to leave, and its recipient wants none any more."""
    return gettext("A mail was not sent: %(why)s") % {"why": event.data.get("why", "")}


@register("note.added")
def noted(event: Event, names: Names) -> str:
    """An internal note was added."""
    return gettext("%(who)s added a note") % {"who": names.who(event)}


@register("check_in.planned")
def check_in_planned(event: Event, names: Names) -> str:
    """Somebody will ask how it went."""
    due = parse_datetime(event.data.get("due_at") or "")
    when = date_format(localtime(due), "j F Y") if due else "?"
    return gettext("A check-in is planned for %(when)s") % {"when": when}


@register("check_in.done")
def check_in_done(event: Event, names: Names) -> str:
    """We asked how it went, or noted the call to make."""
    if event.data.get("way") == "call":
        return gettext("A call to ask how it went stands in the promises")
    return gettext("The customer was asked how it went")


@register("check_in.skipped")
def check_in_skipped(event: Event, names: Names) -> str:
    """Nobody asked, for a reason."""
    return gettext("No check-in: %(why)s") % {"why": event.data.get("why", "")}
