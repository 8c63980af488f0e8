"""When a promise is due, when its owner is reminded, and which part of the due list it stands in.

Whole days are days of the company (`settings.TIME_ZONE`), wherever the reader sits.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

AHEAD = timedelta(hours=4)
MORNING = time(9, 0)
LAST_SECOND = time(23, 59, 59)
FIRST_YEAR, LAST_YEAR = 1970, 2200


class Group(models.TextChoices):
    """The parts of the due list, in their order."""

    OVERDUE = "overdue", gettext_lazy("Overdue")
    TODAY = "today", gettext_lazy("Today")
    THIS_WEEK = "this_week", gettext_lazy("This week")
    LATER = "later", gettext_lazy("Later")
    NO_TIME = "no_time", gettext_lazy("No time named")


@dataclass(frozen=True)
class Bounds:
    """The moments at which the parts of the due list begin and end."""

    now: datetime
    end_of_today: datetime
    end_of_week: datetime

    def group_of(self, due_at: datetime | None) -> Group:
        """Where an open promise due at that moment stands."""
        if due_at is None:
            return Group.NO_TIME
        if due_at < self.now:
            return Group.OVERDUE
        if due_at <= self.end_of_today:
            return Group.TODAY
        return Group.THIS_WEEK if due_at <= self.end_of_week else Group.LATER


def company_zone() -> ZoneInfo:
    """The company's time zone."""
    return ZoneInfo(timezone.get_default_timezone_name())


def end_of_day(day: date) -> datetime:
    """The last second of a day of the company."""
    return datetime.combine(day, LAST_SECOND, tzinfo=company_zone())


def due_moment(due: str | None) -> tuple[datetime | None, bool]:
    """(due_at, whole_day) from an ISO date or date-time; (None, False) when no time was named.

    A date means the end of that day, a date-time without offset is the company's time.
    Raises ValueError, as a sentence, for anything else.
    """
    if not due:
        return None, False
    try:
        if ":" not in due and "T" not in due:
            return checked(end_of_day(date.fromisoformat(due))), True
        moment = datetime.fromisoformat(due)
    except ValueError as error:
        raise ValueError(
            _("'%(due)s' is no due time. Write a date such as 2026-11-27, or 2026-11-27T15:00.")
            % {"due": due[:60]}
        ) from error
    return checked(moment if moment.tzinfo else moment.replace(tzinfo=company_zone())), False


def checked(moment: datetime) -> datetime:
    """The moment itself when it is in a year that makes sense; else raises ValueError."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(
            _("The year %(year)s cannot be meant. Name one from %(first)s to %(last)s.")
            % {"year": moment.year, "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return moment


def ahead_at(due_at: datetime, *, whole_day: bool, known_since: datetime) -> datetime:
    """When the owner is reminded ahead.

    Four hours before, or at nine in the morning of a whole day; a promise made (or put off) so late that
    this has nearly come or gone is reminded of half-way between then and the due time.
    """
    if whole_day:
        day = due_at.astimezone(company_zone()).date()
        usual = datetime.combine(day, MORNING, tzinfo=company_zone())
    else:
        usual = due_at - AHEAD
    return max(usual, known_since + (due_at - known_since) / 2)


def bounds(now: datetime | None = None) -> Bounds:
    """Where today and this week (Monday to Sunday) end for the company."""
    now = now or timezone.now()
    today = now.astimezone(company_zone()).date()
    return Bounds(now, end_of_day(today), end_of_day(today + timedelta(days=6 - today.weekday())))
