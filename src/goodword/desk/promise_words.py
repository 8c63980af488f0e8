"""How a promise is shown: its colour, its icon and its time in words."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from goodword.promises.models import Promise
from goodword.ui.times import exact, say_moment

SOON = timedelta(hours=24)
State = Promise.State


@dataclass(frozen=True, slots=True)
class Look:
    """`tone` is bad, soon, good or empty."""

    tone: str
    icon: str
    words: str
    exact: str


def look(promise: Promise) -> Look:
    """What the eye should see of a promise."""
    when = exact(promise.due_at) if promise.due_at else ""
    if promise.state == State.KEPT:
        return Look("good", "check-circle", _("kept"), when)
    if promise.state == State.BROKEN:
        return Look("bad", "alert-circle", _("broken"), when)
    if promise.state == State.WITHDRAWN:
        return Look("", "x", _("withdrawn"), when)
    if promise.is_overdue:
        return Look("bad", "alert-circle", _("overdue since %(when)s") % {"when": due_words(promise)}, when)
    if promise.due_at is not None and promise.due_at - timezone.now() < SOON:
        return Look("soon", "circle-dot", due_words(promise), when)
    return Look("", "circle", due_words(promise), when)


def due_words(promise: Promise) -> str:
    """The due time as a person says it: 'today', 'tomorrow 15:00', 'Fri 27 Nov', 'no time named'."""
    if promise.due_at is None or promise.due_day is None:
        return _("no time named")
    if not promise.whole_day:
        return say_moment(promise.due_at)
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    days = (promise.due_day - today).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if days in near:
        return near[days]
    return formats.date_format(promise.due_day, "D j M" if promise.due_day.year == today.year else "j M Y")
