"""The terms that hold: which level fits a conversation, what it asks for, and the hours it counts over.

What is in force is looked up at most every few seconds in each process. Whoever edits a level has the open
conversations looked at again once that time is over (`following.refit`), so nothing is missed meanwhile.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

from goodword.staff.calendars import calendar_of, zone_of
from goodword.staff.models import Team
from goodword.staff.working_time import Calendar, Hours, always

from ..conditions import facts_of_each, fields_of, fits
from ..models import Conversation, ServiceLevel, ServiceTerms
from .tracing import Kind, Terms

LOOK_SECONDS = 5.0
_KEPT = 1000


class _Looked:
    """What was found at the last look: the levels, and the terms by level and team."""

    def __init__(self) -> None:
        self.levels = tuple(ServiceLevel.objects.filter(is_on=True))
        self.fields = fields_of(*(level.conditions for level in self.levels))
        self.terms: dict[tuple[int, int | None], int] = {}
        self.until = time.monotonic() + LOOK_SECONDS


_looked: _Looked | None = None
_known: dict[int, Terms] = {}


def forget() -> None:
    """Look again at once: a level was edited in this process, or the tables are other ones."""
    global _looked
    _looked = None
    _known.clear()


def any_in_force() -> bool:
    """Whether there is any service level at all."""
    return bool(_look().levels)


def terms_of_each(places: Sequence[Conversation]) -> dict[int, int | None]:
    """The number of the terms that hold for each conversation, by its id; None where no level fits.

    Costs the query of `facts_of_each` for what the levels ask about, and nothing else beyond the look.
    """
    look = _look()
    if not look.levels:
        return dict.fromkeys((place.pk for place in places), None)
    facts = facts_of_each(places, only=look.fields)
    found: dict[int, int | None] = {}
    for place in places:
        level = next((one for one in look.levels if fits(one.conditions, facts[place.pk])), None)
        found[place.pk] = _terms_of(look, level, place.team_id) if level else None
    return found


def current_terms() -> set[int]:
    """The numbers of all terms that a conversation may have now, as far as its team was ever met."""
    look = _look()
    teams = [None, *Team.objects.values_list("pk", flat=True)]
    return {_terms_of(look, level, team) for level in look.levels for team in teams}


def known(numbers: Iterable[int]) -> Mapping[int, Terms]:
    """The terms of these numbers; they never change, so each is read once in a process."""
    missing = {number for number in numbers if number not in _known}
    if missing:
        if len(_known) > _KEPT:
            _known.clear()
        for row in ServiceTerms.objects.filter(pk__in=missing):
            _known[row.pk] = _as_terms(row)
    return _known


def targets_of(level: ServiceLevel) -> dict[str, int]:
    """Minutes by the kind of clock, for those that the level asks for."""
    asked = {
        Kind.FIRST_REPLY.value: level.first_reply,
        Kind.NEXT_REPLY.value: level.next_reply,
        Kind.RESOLUTION.value: level.resolution,
    }
    return {kind: minutes for kind, minutes in asked.items() if minutes}


def _look() -> _Looked:
    global _looked
    looked = _looked
    if looked is None or looked.until < time.monotonic():
        _looked = looked = _Looked()
    return looked


def _terms_of(look: _Looked, level: ServiceLevel, team_id: int | None) -> int:
    key = (level.pk, team_id)
    if key not in look.terms:
        look.terms[key] = _kept(level, team_id)
    return look.terms[key]


def _kept(level: ServiceLevel, team_id: int | None) -> int:
    """The row that says what the level asks for now; made where there is none yet."""
    team = Team.objects.filter(pk=team_id).first() if team_id else None
    calendar = calendar_of(team) if level.working_hours else always(zone_of(team))
    said = {
        "level": level.pk,
        "targets": targets_of(level),
        "warn_at": level.warn_at,
        "hours": _as_json(calendar),
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    row, _made = ServiceTerms.objects.get_or_create(
        digest=digest,
        defaults={
            "level": level,
            "name": level.name,
            "targets": said["targets"],
            "warn_at": level.warn_at,
            "hours": said["hours"],
        },
    )
    return row.pk


def _as_json(calendar: Calendar) -> dict[str, Any]:
    shifts = [[one.weekday, one.opens.isoformat(), one.closes.isoformat()] for one in calendar.hours]
    return {
        "zone": calendar.zone.key,
        "shifts": sorted(shifts),
        "holidays": sorted(day.isoformat() for day in calendar.holidays),
    }


def _as_terms(row: ServiceTerms) -> Terms:
    return Terms(
        id=row.pk,
        targets=row.targets,
        warn_at=row.warn_at,
        calendar=Calendar(
            ZoneInfo(row.hours["zone"]),
            tuple(
                Hours(day, clock_time.fromisoformat(opens), clock_time.fromisoformat(closes))
                for day, opens, closes in row.hours["shifts"]
            ),
            frozenset(date.fromisoformat(day) for day in row.hours["holidays"]),
        ),
    )
