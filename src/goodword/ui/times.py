"""How a moment is said on screen: 'yesterday 16:20', 'in 40 min', 'Fri 10:00'."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

HOUR = 3600


def exact(moment: datetime) -> str:
    """The whole moment in the reader's time zone: 'Saturday 21 November 2026, 16:20'."""
    local = timezone.localtime(moment)
    return f"{say_date(local, 'l j F Y')}, {local:%H:%M}"


def say_date(day: date, style: str) -> str:
    """A day in one of Django's date formats and the reader's language; pages say the same few very often."""
    return _say_date(day.toordinal(), style, get_language() or "")


@lru_cache(maxsize=5000)
def _say_date(day: int, style: str, language: str) -> str:
    return formats.date_format(date.fromordinal(day), style)


def say_moment(moment: datetime, *, now: datetime | None = None) -> str:
    """Past or future in the words a person would use, in the reader's time zone."""
    now = now or timezone.now()
    seconds = (moment - now).total_seconds()
    if abs(seconds) < HOUR:
        return _near(seconds)
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    clock = local.strftime("%H:%M")
    days = (local.date() - today).days
    if days == 0:
        return clock if seconds < 0 else _("today %(clock)s") % {"clock": clock}
    if days == -1:
        return _("yesterday %(clock)s") % {"clock": clock}
    if days == 1:
        return _("tomorrow %(clock)s") % {"clock": clock}
    if -7 < days < 7:
        return f"{say_date(local, 'D')} {clock}"
    return say_date(local, "j M" if local.year == today.year else "j M Y")


def say_short(moment: datetime, *, now: datetime | None = None) -> str:
    """The shortest form, for the right edge of a list row: '16:20', 'Mon', '3 Nov', '3 Nov 2025'."""
    local, today = timezone.localtime(moment), timezone.localtime(now or timezone.now()).date()
    days = (today - local.date()).days
    if days == 0:
        return local.strftime("%H:%M")
    if 0 < days < 7:
        return say_date(local, "D")
    return say_date(local, "j M" if local.year == today.year else "j M Y")


def say_span(span: timedelta) -> str:
    """A length of time in its largest whole unit: '40 min', '3 h', '2 days'."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)s h") % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _near(seconds: float) -> str:
    if abs(seconds) < 60:
        return _("just now") if seconds <= 0 else _("in a minute")
    span = say_span(timedelta(seconds=abs(seconds)))
    return (_("%(span)s ago") if seconds < 0 else _("in %(span)s")) % {"span": span}
