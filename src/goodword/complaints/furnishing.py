"""What a house begins with: a procedure, checklists and causes, made from the presets once."""

from typing import Any

from django.db import connection, transaction

from goodword.staff.models import Team

from .models import Cause, Checklist, Procedure, ProcedureStage
from .tables import table

DEFAULT_PRESET = "general"
_LOCK = 0x636F6D70


def presets() -> dict[str, dict[str, Any]]:
    """The presets by their keys."""
    return table("presets")


def procedure_for(team: Team | None) -> Procedure:
    """How complaints of this team are dealt with: its own procedure, or else the house's."""
    if team is not None:
        own = Procedure.objects.filter(team=team).first()
        if own is not None:
            return own
    return default_procedure()


def default_procedure() -> Procedure:
    """The house's procedure; the first time anybody asks, the house is furnished from the presets."""
    found = Procedure.objects.filter(is_default=True).first()
    return found or _furnish()


@transaction.atomic
def _furnish() -> Procedure:
    with connection.cursor() as cursor:
        # One at a time: whoever comes second finds what the first one made.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    found = Procedure.objects.filter(is_default=True).first()
    if found is not None:
        return found
    for order, given in enumerate(table("checklists")["checklist"]):
        Checklist.objects.get_or_create(key=given["key"], defaults={**given, "order": order})
    if not Cause.objects.exists():
        for branch, names in table("causes").items():
            parent = Cause.objects.create(name=branch)
            Cause.objects.bulk_create([Cause(parent=parent, name=name) for name in names])
    return from_preset(DEFAULT_PRESET, is_default=True)


def from_preset(key: str, *, name: str = "", is_default: bool = False) -> Procedure:
    """A new procedure made from a preset; raises KeyError for a preset there is not."""
    preset = presets()[key]
    procedure = Procedure.objects.create(
        name=name or preset["name"],
        preset=key,
        is_default=is_default,
        final_response_days=preset.get("final_response_days"),
        body_text=preset["body_text"].strip(),
        follow_up_days=preset["follow_up_days"],
        proposal_days=preset["proposal_days"],
    )
    ProcedureStage.objects.bulk_create(
        ProcedureStage(
            procedure=procedure,
            key=stage["key"],
            order=order,
            name=stage["name"],
            limit_minutes=round(stage["hours"] * 60) if stage.get("hours") else None,
            working_hours=not stage.get("any_time", False),
            next_step=stage["next_step"],
        )
        for order, stage in enumerate(preset["stages"])
    )
    return procedure
