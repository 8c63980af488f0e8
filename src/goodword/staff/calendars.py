"""The calendars of the house and of its teams, for `working_time`."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from .models import Holiday, Shift, Team
from .working_time import Calendar, Hours, always


def calendar_of(team: Team | None = None) -> Calendar:
    """When the team works, by its own shifts or else the house's; round the clock where neither has any.

    Two queries. Holidays are the house's and the team's own. Without a team it is the house.
    """
    whose = Q(team=None) | Q(team=team) if team else Q(team=None)
    shifts = list(Shift.objects.filter(whose))
    holidays = frozenset(Holiday.objects.filter(whose).values_list("day", flat=True))
    own = [shift for shift in shifts if shift.team_id is not None]
    zone = zone_of(team)
    hours = _hours(own or shifts) or always(zone).hours
    return Calendar(zone, hours, holidays)


def zone_of(team: Team | None) -> ZoneInfo:
    """The time zone of the team's hours."""
    return ZoneInfo(team.time_zone if team and team.time_zone else timezone.get_default_timezone_name())


def _hours(shifts: Iterable[Shift]) -> tuple[Hours, ...]:
    return tuple(Hours(shift.weekday, shift.opens, shift.closes) for shift in shifts)
