"""What the events of routing, hand-overs, escalations and calls say; registered with the event log."""

from django.utils.translation import gettext, ngettext

from goodword.events.models import Event
from goodword.events.timeline import Names, register


def routed(event: Event, who: str) -> str:
    """An assignment that a rule made, and how much the agent has now."""
    said = {
        "who": who,
        "rule": event.data["rule"],
        "held": event.data.get("held"),
        "most": event.data.get("most"),
    }
    if said["most"] is None:
        return gettext("Routed to %(who)s: rule %(rule)s") % said
    return gettext("Routed to %(who)s: rule %(rule)s, %(held)s of %(most)s") % said


def handed_over(event: Event, names: Names) -> str:
    """An assignment that came with a summary, and how often that has happened."""
    to, times = event.data.get("to"), event.data.get("times") or 1
    said = {"who": names.who(event), "to": names.of(to) if to else event.data.get("team_name"), "n": times}
    if times < 2:
        return gettext("%(who)s handed it over to %(to)s") % said
    return gettext("%(who)s handed it over to %(to)s; that was hand-over %(n)s") % said


@register("conversation.queued")
def queued(event: Event, names: Names) -> str:
    """Routing found nobody yet."""
    reasons = {
        "closed": gettext("Waits for somebody (rule %(rule)s): the team does not work at this hour"),
        "unfit": gettext("Waits for somebody (rule %(rule)s): nobody has the skill and the language"),
        "away": gettext("Waits for somebody (rule %(rule)s): everybody who could is away"),
        "full": gettext("Waits for somebody (rule %(rule)s): nobody has room for more"),
    }
    said = reasons.get(str(event.data.get("why")), gettext("Waits for somebody (rule %(rule)s)"))
    return said % {"rule": event.data.get("rule")}


@register("conversation.team_set")
def team_set(event: Event, names: Names) -> str:
    """It was put into a team, or taken out of its team."""
    said = {"who": names.who(event), "team": event.data.get("name"), "rule": event.data.get("rule")}
    if event.data.get("team") is None:
        return gettext("%(who)s took it out of its team") % said
    if said["rule"]:
        return gettext("Put into the team %(team)s: rule %(rule)s") % said
    return gettext("%(who)s put it into the team %(team)s") % said


@register("conversation.escalated")
def escalated(event: Event, names: Names) -> str:
    """It went up, and why."""
    said = {
        "who": names.who(event),
        "level": event.data.get("name"),
        "to": names.of(event.data.get("to")),
        "reason": (event.data.get("details") or {}).get("reason", ""),
    }
    if event.data.get("to"):
        return gettext("%(who)s raised it to %(to)s (%(level)s): %(reason)s") % said
    return gettext("%(who)s raised it to %(level)s: %(reason)s") % said


@register("conversation.decided")
def decided(event: Event, names: Names) -> str:
    """What those above decided."""
    decision = (event.data.get("details") or {}).get("decision", "")
    return gettext("%(who)s decided: %(decision)s") % {"who": names.who(event), "decision": decision}


@register("call.logged")
def called(event: Event, names: Names) -> str:
    """Somebody was on the telephone."""
    who, minutes = names.who(event), event.data.get("minutes")
    incoming = event.data.get("direction") == "incoming"
    if not event.data.get("answered"):
        return (
            gettext("The customer called and nobody picked up")
            if incoming
            else gettext("%(who)s called; nobody picked up") % {"who": who}
        )
    said = (
        gettext("The customer called; %(who)s spoke with them")
        if incoming
        else gettext("%(who)s called the customer")
    )
    if not isinstance(minutes, int):
        return said % {"who": who}
    span = ngettext("one minute", "%(n)s minutes", minutes) % {"n": minutes}
    return f"{said % {'who': who}} ({span})"
