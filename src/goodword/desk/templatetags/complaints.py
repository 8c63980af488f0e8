"""Template tags of the pages about complaints."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from goodword.ui.templatetags.ui import icon
from goodword.ui.times import exact, say_moment

register = template.Library()

SOON = timedelta(hours=8)
TONES = {"grave": "bad", "serious": "soon", "minor": ""}


@register.simple_tag
def by_chip(due_at: datetime | None, settled: object = None) -> SafeString:
    """When something is to be done by: red once that passed, amber when it is near.

    Nothing without a time, or once it is settled.
    """
    if due_at is None or settled:
        return SafeString()
    left = due_at - timezone.now()
    tone, words = "", _("by %(when)s") % {"when": say_moment(due_at)}
    if left <= timedelta(0):
        tone, words = " chip--bad", _("late since %(when)s") % {"when": say_moment(due_at)}
    elif left < SOON:
        tone = " chip--soon"
    sign = icon("alert-circle" if tone == " chip--bad" else "clock")
    return format_html('<span class="chip{}" title="{}">{}{}</span>', tone, exact(due_at), sign, words)


@register.simple_tag
def severity_chip(complaint: object) -> SafeString:
    """How grave it is, as a word in a colour."""
    severity = str(getattr(complaint, "severity", ""))
    words = str(complaint.get_severity_display())  # type: ignore[attr-defined]
    tone = f" chip--{TONES[severity]}" if TONES.get(severity) else ""
    return format_html('<span class="chip{}">{}</span>', tone, words)


@register.filter
def hours(minutes: int | None) -> str:
    """Minutes as hours to be typed over: '8', '0.5'; '' for none."""
    return f"{minutes / 60:g}" if minutes else ""


@register.filter
def minus(first: float, second: float) -> float:
    """The difference."""
    return first - second


@register.filter
def share_of(part: int, whole: int) -> int:
    """A part as pixels of a plot that is 28 high; at least 2 where there is any."""
    return max(2, round(28 * part / whole)) if part and whole else 0
