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


def _said(sentence: str, event: Event, names: Names) -> str:
    """The sentence filled in, with the note behind it when there is one."""
    facts = {
        "who": names.who(event),
        "what": event.data.get("what", ""),
        "due": _due(event),
        "owner": names.of(event.data.get("owner")) if event.data.get("owner") else _("nobody"),
    }
    note = event.data.get("note", "")
    return sentence % facts + (f" “{note}”" if note else "")


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
