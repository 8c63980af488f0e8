"""What is done about working hours. Each verb is one transaction and writes its event; without a team it is
about the whole house. What makes no sense is refused with ValidationError, which names the field.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from goodword.events.actions import record

from . import registry
from .access import require_lead
from .models import Agent, Holiday, Shift, Team

NAME_LENGTH = 200
Week = Mapping[int, Sequence[tuple[time, time]]]


@transaction.atomic
def set_hours(*, by: Agent, team: Team | None, week: Week, time_zone: str | None = None) -> None:
    """The whole week: for each weekday (0 is Monday) when shifts open and close; days left out are closed.

    A team without any shifts has the house's hours. `time_zone` is the team's, '' the company's; the
    company's own is a setting of the server. What is the same already writes no event.
    """
    require_lead(by)
    _one_at_a_time()
    wanted = {(day, opens): closes for day, shifts in week.items() for opens, closes in shifts}
    if any(not 0 <= day <= 6 for day, _opens in wanted):
        raise ValidationError(_("A week has the days 0, Monday, to 6, Sunday."))
    changed = _set_zone(team, time_zone) if team is not None and time_zone is not None else False
    stored = {(shift.weekday, shift.opens): shift for shift in Shift.objects.filter(team=team)}
    gone = [shift.pk for key, shift in stored.items() if wanted.get(key) != shift.closes]
    new = [key for key, closes in wanted.items() if key not in stored or stored[key].closes != closes]
    if not (gone or new or changed):
        return
    Shift.objects.filter(pk__in=gone).delete()
    Shift.objects.bulk_create(
        Shift(team=team, weekday=day, opens=opens, closes=wanted[day, opens]) for day, opens in new
    )
    _changed("hours.changed", by, team, shifts=len(wanted))


@transaction.atomic
def import_holidays(*, by: Agent, team: Team | None, days: Iterable[tuple[date, str]]) -> int:
    """Add many holidays at once; days that are known already stay as they are. Returns how many are new."""
    require_lead(by)
    _one_at_a_time()
    known = set(Holiday.objects.filter(team=team).values_list("day", flat=True))
    fresh = {day: name for day, name in days if day not in known}
    Holiday.objects.bulk_create(
        Holiday(
            team=team, day=day, name=" ".join(name.replace("\x00", "").split())[:NAME_LENGTH] or _("Holiday")
        )
        for day, name in fresh.items()
    )
    if fresh:
        _changed("holidays.imported", by, team, days=sorted(day.isoformat() for day in fresh))
    return len(fresh)


def _set_zone(team: Team, name: str) -> bool:
    if name and name not in available_timezones():
        sentence = _("'%(name)s' is no time zone. Write one such as Europe/Berlin.")
        raise ValidationError({"time_zone": sentence % {"name": name[:60]}})
    team.time_zone = name
    return bool(Team.objects.filter(pk=team.pk).exclude(time_zone=name).update(time_zone=name))


def _one_at_a_time() -> None:
    """Two leads who save at once must not leave the hours of both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('goodword hours'))")


def _changed(kind: str, by: Agent, team: Team | None, **data: Any) -> None:
    about = {"team": team.pk if team else None, "name": team.name if team else ""}
    record(kind, agent_id=by.pk, data=about | data)
    tell_changed(team)


def tell_changed(team: Team | None) -> None:
    """Have the rooms above plan anew what they planned by these hours or holidays."""
    for tell in registry.hours_changed:
        tell(team)
