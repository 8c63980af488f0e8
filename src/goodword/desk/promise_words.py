"""How a promise is shown: its colour, its icon and its time in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.promises.models import Promise
from goodword.ui.times import exact, say_date, say_moment

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
    if promise.due_at is None:
        return _("no time named")
    return moment_words(promise.due_at, whole_day=promise.whole_day)


def moment_words(due_at: datetime, *, whole_day: bool) -> str:
    """A due time in words; of a whole day only the day, which is the company's."""
    if not whole_day:
        return say_moment(due_at)
    company = timezone.get_default_timezone()
    day, today = timezone.localtime(due_at, company).date(), timezone.localdate(timezone=company)
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    days = (day - today).days
    if days in near:
        return near[days]
    return say_date(day, "D j M" if day.year == today.year else "j M Y")
