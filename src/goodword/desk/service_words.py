"""Service clocks in words: on the line above a conversation, under 'For you', and in the report."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goodword.inbox.models import Conversation, ServiceClock
from goodword.inbox.queries.levels import clocks
from goodword.ui.times import say_moment, say_span

from .durations import words_of

KINDS = {
    ServiceClock.Kind.FIRST_REPLY: gettext_lazy("First reply"),
    ServiceClock.Kind.NEXT_REPLY: gettext_lazy("Next reply"),
    ServiceClock.Kind.RESOLUTION: gettext_lazy("Resolution"),
}
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A clock as it is told: what it measures, how it stands, how that was counted."""

    clock: ServiceClock
    what: str
    state: str
    tone: str
    how: str

    @property
    def look(self) -> str:
        """Its classes."""
        return f"chip chip--{self.tone}" if self.tone else "chip"


def service_context(place: Conversation) -> dict[str, Any]:
    """What the line above a conversation shows of its clocks; nothing where no level ever held."""
    shown = [told(one) for one in clocks(place)]
    running = [one for one in shown if one.clock.runs_since is not None and one.clock.due_at]
    first = min(running, key=lambda one: one.clock.due_at or timezone.now(), default=None)
    return {"service_clocks": shown[:SHOWN], "service_next": first, "priorities": priorities()}


def priorities() -> list[tuple[str, Any]]:
    """The priorities that can be chosen, the most pressing first."""
    return list(reversed(Conversation.Priority.choices))


def told(clock: ServiceClock) -> Shown:
    """A clock in words."""
    state, tone = _state(clock, timezone.now())
    return Shown(clock, str(KINDS[ServiceClock.Kind(clock.kind)]), state, tone, _how(clock))


def _state(clock: ServiceClock, now: datetime) -> tuple[str, str]:
    if clock.met_at is not None:
        if clock.breached_at is not None:
            return _("late, done %(when)s") % {"when": say_moment(clock.met_at, now=now)}, "bad"
        return _("done in time %(when)s") % {"when": say_moment(clock.met_at, now=now)}, "good"
    if clock.ended_at is not None:
        return _("ended %(when)s") % {"when": say_moment(clock.ended_at, now=now)}, ""
    if clock.runs_since is None:
        return _("stands still while the customer answers"), "bad" if clock.breached_at else ""
    if clock.due_at is None:
        return _("runs, but nobody works in its hours"), ""
    if clock.due_at < now:
        return _("%(span)s late") % {"span": say_span(now - clock.due_at)}, "bad"
    words = _("due %(when)s") % {"when": say_moment(clock.due_at, now=now)}
    return words, "soon" if clock.warned_at is not None else ""


def _how(clock: ServiceClock) -> str:
    """How the due time was counted, as a sentence."""
    hours = clock.terms.hours
    day_and_night = len(hours["shifts"]) == 7 and all(
        opens == closes for _day, opens, closes in hours["shifts"]
    )
    level = clock.terms.level
    said = {
        "target": words_of(clock.target),
        "level": level.name if level else clock.terms.name,
        "since": say_moment(clock.started_at),
        "zone": hours["zone"],
        "spent": words_of(round(clock.spent.total_seconds() / 60)) or _("no time"),
    }
    counted = _("day and night") if day_and_night else _("over working hours (%(zone)s)") % said
    asked = _("%(level)s asks for %(target)s") % said
    if clock.runs_since is None:
        so_far = _("%(spent)s counted in all") % said
    else:
        so_far = _("%(spent)s counted before its last start") % said
    return _("%(asked)s, %(counted)s, since %(since)s; %(so_far)s.") % {
        "asked": asked,
        "counted": counted,
        "since": said["since"],
        "so_far": so_far,
    }
