"""How the house deals with complaints, as leads set it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from goodword.staff.access import require_lead
from goodword.staff.models import Agent, Team

from .. import furnishing
from ..errors import ComplaintError
from ..models import Checklist, Procedure, ProcedureStage, StageKey
from ..telling import clean, one_line

LONGEST = 366 * 24 * 60
MOST_ITEMS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage as it is to be; `key` '' for a new one. `limit_minutes` None: no clock."""

    key: str
    name: str
    limit_minutes: int | None
    working_hours: bool = True
    warn_percent: int = 75
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A procedure as it is to be."""

    name: str
    team: Team | None
    final_response_days: int | None
    body_text: str
    follow_up_days: int
    proposal_days: int
    has_form: bool = True


@transaction.atomic
def add_procedure(*, by: Agent, preset: str, name: str = "") -> Procedure:
    """A further procedure, made from a preset; it holds for nobody until it gets a team or is the default."""
    require_lead(by)
    furnishing.default_procedure()
    if preset not in furnishing.presets():
        raise ComplaintError(gettext("There is no preset '%(key)s'. Choose one.") % {"key": preset})
    words = one_line(name, 200) or furnishing.presets()[preset]["name"]
    if Procedure.objects.filter(name=words).exists():
        raise ComplaintError(
            gettext("There is a procedure '%(name)s' already. Give this one another name.") % {"name": words}
        )
    return furnishing.from_preset(preset, name=words)


@transaction.atomic
def change_procedure(*, by: Agent, procedure: Procedure, rules: Rules, stages: Sequence[Stage]) -> Procedure:
    """Set a procedure and its stages, in this order. Clocks that run keep the times they were given.

    Raises ComplaintError for a stage without a name, for a first or last stage other than received and
    closed, and for a stage taken away that complaints are in.
    """
    require_lead(by)
    found = Procedure.objects.select_for_update().get(pk=procedure.pk)
    keyed = _keyed(stages)
    _check(found, rules, keyed)
    found.name = one_line(rules.name, 200)
    found.team = rules.team
    found.final_response_days = rules.final_response_days
    found.body_text = clean(rules.body_text)
    found.follow_up_days, found.proposal_days = rules.follow_up_days, rules.proposal_days
    found.has_form = rules.has_form
    found.save()
    found.stages.exclude(key__in=keyed).delete()
    for order, (key, stage) in enumerate(keyed.items()):
        ProcedureStage.objects.update_or_create(
            procedure=found,
            key=key,
            defaults={
                "order": order,
                "name": one_line(stage.name, 100),
                "limit_minutes": stage.limit_minutes or None,
                "working_hours": stage.working_hours,
                "warn_percent": stage.warn_percent,
                "next_step": one_line(stage.next_step, 300),
            },
        )
    return found


@transaction.atomic
def make_default(*, by: Agent, procedure: Procedure) -> Procedure:
    """This one holds for every complaint whose team has none of its own."""
    require_lead(by)
    Procedure.objects.filter(is_default=True).exclude(pk=procedure.pk).update(is_default=False)
    Procedure.objects.filter(pk=procedure.pk).update(is_default=True)
    return Procedure.objects.get(pk=procedure.pk)


@transaction.atomic
def remove_procedure(*, by: Agent, procedure: Procedure) -> None:
    """Take a procedure away that no complaint was dealt with by."""
    require_lead(by)
    found = Procedure.objects.filter(pk=procedure.pk).first()
    if found is None:
        return
    if found.is_default:
        raise ComplaintError(gettext("This is the house's procedure. Make another one that first."))
    if found.complaints.exists():
        raise ComplaintError(
            gettext("Complaints were dealt with by '%(name)s', so it stays. Take its team away instead.")
            % {"name": found.name}
        )
    found.delete()


@transaction.atomic
def set_checklist(
    *, by: Agent, name: str, items: Sequence[str], checklist: Checklist | None = None
) -> Checklist:
    """Add a kind of complaint with what is to be looked at, or change one; cases keep their own copies."""
    require_lead(by)
    words = one_line(name, 200)
    lines = list(dict.fromkeys(line for line in (one_line(item, 500) for item in items) if line))
    if not words or not lines:
        raise ComplaintError(gettext("A kind of complaint needs a name and at least one thing to look at."))
    if len(lines) > MOST_ITEMS:
        raise ComplaintError(
            gettext("A checklist has %(most)d lines at most; nobody reads more.") % {"most": MOST_ITEMS}
        )
    if checklist is not None:
        Checklist.objects.filter(pk=checklist.pk).update(name=words, items=lines)
        return Checklist.objects.get(pk=checklist.pk)
    key = slugify(words)[:60]
    if not key or Checklist.objects.filter(key=key).exists():
        raise ComplaintError(
            gettext("There is a kind '%(name)s' already, or the name has no letters.") % {"name": words}
        )
    return Checklist.objects.create(key=key, name=words, items=lines, order=Checklist.objects.count())


@transaction.atomic
def remove_checklist(*, by: Agent, checklist: Checklist) -> None:
    """This kind is no longer offered; complaints of it keep their lines."""
    require_lead(by)
    Checklist.objects.filter(pk=checklist.pk).delete()


def _keyed(stages: Sequence[Stage]) -> dict[str, Stage]:
    """The stages by their keys, in their order; a new one gets its key from its name."""
    keyed: dict[str, Stage] = {}
    for stage in stages:
        key = stage.key or slugify(stage.name)[:40]
        if not key or not one_line(stage.name, 100):
            raise ComplaintError(gettext("A stage has no name. Give it one of a word or two."))
        if key in keyed:
            raise ComplaintError(gettext("There are two stages '%(name)s'.") % {"name": stage.name})
        keyed[key] = stage
    return keyed


def _check(procedure: Procedure, rules: Rules, keyed: dict[str, Stage]) -> None:
    if not one_line(rules.name, 200):
        raise ComplaintError(gettext("The procedure has no name. Give it one."))
    if Procedure.objects.filter(name=one_line(rules.name, 200)).exclude(pk=procedure.pk).exists():
        raise ComplaintError(gettext("There is another procedure of that name. Choose a different one."))
    if rules.team and Procedure.objects.filter(team=rules.team).exclude(pk=procedure.pk).exists():
        raise ComplaintError(
            gettext("Team %(team)s has a procedure of its own already.") % {"team": rules.team}
        )
    keys = list(keyed)
    if keys[:1] != [StageKey.RECEIVED.value] or keys[-1:] != [StageKey.CLOSED.value]:
        raise ComplaintError(gettext("A procedure begins with 'received' and ends with 'closed'."))
    for stage in keyed.values():
        if stage.limit_minutes is not None and not 0 <= stage.limit_minutes <= LONGEST:
            raise ComplaintError(
                gettext("The time for '%(stage)s' is to be within a year.") % {"stage": stage.name}
            )
        if not 0 < stage.warn_percent <= 100:
            raise ComplaintError(
                gettext("The warning of '%(stage)s' is to come after 1 to 100 percent of its time.")
                % {"stage": stage.name}
            )
    used = procedure.complaints.exclude(stage__in=keys).values_list("number", flat=True).first()
    if used is not None:
        raise ComplaintError(
            gettext("%(number)s is in a stage that you take away. Bring it on first.") % {"number": used}
        )
