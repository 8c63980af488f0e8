"""What became of promises, as sentences of a timeline."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from goodword.events.models import Event
from goodword.events.timeline import Names, register

from .moments import company_zone


def _due(event: Event) -> str:
    """The due time of an event in the reader's words, '' when none was named."""
    if not event.data.get("due_at"):
        return ""
    moment = datetime.fromisoformat(event.data["due_at"])
    if event.data.get("whole_day"):
        return formats.date_format(moment.astimezone(company_zone()), "l j F")
    return formats.date_format(timezone.localtime(moment), "l j F, H:i")


def _said(sentence: str, event: Event, names: Names, **more: object) -> str:
    """The sentence filled in, with the note behind it when there is one."""
    facts = {
        "who": names.who(event),
        "what": event.data.get("what", ""),
        "due": _due(event),
        "owner": names.of(event.data.get("owner")) if event.data.get("owner") else _("nobody"),
    }
    note = event.data.get("note", "")
    return sentence % (facts | more) + (f" “{note}”" if note else "")


@register("promise.made")
def made(event: Event, names: Names) -> str:
    """What was promised, and by when."""
    if _due(event):
        return _said(_("%(who)s promised: %(what)s, by %(due)s."), event, names)
    return _said(_("%(who)s promised: %(what)s."), event, names)


@register("promise.kept")
def kept(event: Event, names: Names) -> str:
    """It was done."""
    return _said(_("%(who)s kept the promise: %(what)s."), event, names)


@register("promise.broken")
def broken(event: Event, names: Names) -> str:
    """It was not done."""
    return _said(_("%(who)s said that the promise was not kept: %(what)s."), event, names)


@register("promise.withdrawn")
def withdrawn(event: Event, names: Names) -> str:
    """It does not hold any more."""
    return _said(_("%(who)s withdrew the promise: %(what)s."), event, names)


@register("promise.reopened")
def reopened(event: Event, names: Names) -> str:
    """It holds still."""
    return _said(_("%(who)s opened the promise again: %(what)s."), event, names)


@register("promise.renegotiated")
def renegotiated(event: Event, names: Names) -> str:
    """Another time was agreed."""
    if _due(event):
        return _said(_("%(who)s agreed on a new time: %(what)s, by %(due)s."), event, names)
    return _said(_("%(who)s agreed that no time holds any more: %(what)s."), event, names)


@register("promise.reassigned")
def reassigned(event: Event, names: Names) -> str:
    """Somebody else sees to it."""
    return _said(_("%(who)s gave the promise to %(owner)s: %(what)s."), event, names)


@register("promise.due_soon")
def due_soon(event: Event, names: Names) -> str:
    """The owner was reminded ahead."""
    return _said(_("A promise is due by %(due)s: %(what)s."), event, names)


@register("promise.due")
def due(event: Event, names: Names) -> str:
    """The owner was reminded that its time has come."""
    return _said(_("A promise came due: %(what)s."), event, names)


@register("promise.unlikely")
def unlikely(event: Event, names: Names) -> str:
    """By history it will not be kept in time."""
    return _said(_("A promise may not hold by %(due)s: %(what)s."), event, names)


@register("promise.escalated")
def escalated(event: Event, names: Names) -> str:
    """It was late, and the leads heard of it."""
    told = ", ".join(names.of(lead) for lead in event.data.get("to", []))
    if not told:
        return _said(_("A promise is late: %(what)s."), event, names)
    return _said(_("A promise is late and went to %(leads)s: %(what)s."), event, names, leads=told)


@register("promise.condition_met")
def condition_met(event: Event, names: Names) -> str:
    """What it waited for has happened."""
    if _due(event):
        return _said(_("%(who)s ticked off what a promise waited for: %(what)s, by %(due)s."), event, names)
    return _said(_("%(who)s ticked off what a promise waited for: %(what)s."), event, names)


@register("promise.condition_open")
def condition_open(event: Event, names: Names) -> str:
    """It was ticked off by mistake."""
    return _said(_("%(who)s said that a promise still waits: %(what)s."), event, names)


@register("promise.told")
def told(event: Event, names: Names) -> str:
    """The customer has heard of the new time."""
    return _said(_("%(who)s told the customer the new time: %(what)s, by %(due)s."), event, names)


@register("promise.given_to_team")
def given_to_team(event: Event, names: Names) -> str:
    """Another team sees to it."""
    team = event.data.get("team") or _("no team")
    return _said(_("%(who)s gave the promise to %(team)s: %(what)s."), event, names, team=team)


@register("promise.lead_delay_set")
def lead_delay_set(event: Event, names: Names) -> str:
    """How soon the leads hear of late promises was changed."""
    minutes = event.data.get("minutes")
    if minutes == "house":
        said = _("%(who)s chose that late promises of %(team)s go to the leads as those of the house do.")
        return _said(said, event, names, team=event.data.get("team", ""))
    if minutes is None:
        return _said(_("%(who)s chose that late promises are not taken to the leads."), event, names)
    said = _("%(who)s chose that late promises go to the leads after %(minutes)s minutes of working time.")
    return _said(said, event, names, minutes=minutes)
