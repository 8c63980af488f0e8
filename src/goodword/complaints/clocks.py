"""When a stage is to be left: pure arithmetic over working hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from goodword.staff import working_time
from goodword.staff.working_time import Calendar

from .models import ProcedureStage


@dataclass(frozen=True, slots=True)
class Clock:
    """The moments of one stage; None where nothing is to be watched."""

    warn_at: datetime | None
    due_at: datetime | None


NO_CLOCK = Clock(None, None)


def clock_of(stage: ProcedureStage | None, calendar: Calendar, since: datetime) -> Clock:
    """When to warn and when the stage is over, for a complaint that is in it since `since`."""
    if stage is None or not stage.limit_minutes:
        return NO_CLOCK
    whole = timedelta(minutes=stage.limit_minutes)
    due_at = _after(stage, calendar, since, whole)
    warn_at = _after(stage, calendar, since, whole * stage.warn_percent / 100)
    return Clock(warn_at if warn_at < due_at else None, due_at)


def _after(stage: ProcedureStage, calendar: Calendar, since: datetime, span: timedelta) -> datetime:
    if not stage.working_hours:
        return since + span
    try:
        return working_time.add(calendar, since, span)
    except ValueError:
        # By these hours nobody works for a year; a clock that runs day and night beats one that never ends.
        return since + span
