"""Service levels: made, changed, put in order, taken away. Leads and administrators do this."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from goodword.events.actions import record
from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from ..clocks import levels_changed
from ..conditions import checked
from ..errors import NotPossible
from ..models import ServiceLevel

LONGEST = 366 * 24 * 60
NAME_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLevel:
    """Everything a service level says. Targets are minutes; None means no such target."""

    name: str
    conditions: dict[str, Any] = field(default_factory=dict)
    first_reply: int | None = None
    next_reply: int | None = None
    resolution: int | None = None
    working_hours: bool = True
    warn_at: int = 75
    is_on: bool = True


@transaction.atomic
def save_level(*, by: Agent, given: NewLevel, level: ServiceLevel | None = None) -> ServiceLevel:
    """Change a service level, or add one after all others. Raises NotPossible with a sentence.

    Open conversations go by it within seconds, without losing the time that they have waited.
    """
    require_lead(by)
    name = " ".join(given.name.split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise NotPossible(
            gettext("A service level needs a name of up to %(limit)d characters.") % {"limit": NAME_LENGTH}
        )
    others = ServiceLevel.objects.exclude(pk=level.pk) if level else ServiceLevel.objects.all()
    if others.filter(name__iexact=name).exists():
        raise NotPossible(
            gettext("There is a service level '%(name)s' already. Choose another name.") % {"name": name}
        )
    _check(given)
    # The row as it is now: somebody may have put the levels into another order since the page was opened.
    now = ServiceLevel.objects.select_for_update().get(pk=level.pk) if level else None
    kept = now or ServiceLevel(order=1 + (ServiceLevel.objects.aggregate(last=Max("order"))["last"] or 0))
    kept.name, kept.conditions = name, checked(given.conditions)
    kept.first_reply, kept.next_reply = given.first_reply, given.next_reply
    kept.resolution, kept.working_hours = given.resolution, given.working_hours
    kept.warn_at, kept.is_on = given.warn_at, given.is_on
    kept.save()
    _changed(by, "saved", level=kept.pk, name=kept.name)
    return kept


@transaction.atomic
def remove_level(*, by: Agent, level: ServiceLevel) -> None:
    """Take a service level away; what it measured stays in the reports."""
    require_lead(by)
    number, name = level.pk, level.name
    gone, _each = ServiceLevel.objects.filter(pk=number).delete()
    if gone:
        _changed(by, "removed", level=number, name=name)


@transaction.atomic
def order_levels(*, by: Agent, numbers: Sequence[int]) -> None:
    """Put the service levels into this order, by their ids; those left out come after."""
    require_lead(by)
    wanted = {number: place for place, number in enumerate(numbers)}
    locked = ServiceLevel.objects.select_for_update().order_by("order", "id")
    levels = sorted(locked, key=lambda one: wanted.get(one.pk, len(wanted)))
    for place, level in enumerate(levels):
        level.order = place
    ServiceLevel.objects.bulk_update(levels, ["order"])
    _changed(by, "ordered", levels=[level.pk for level in levels])


def _check(given: NewLevel) -> None:
    targets = (given.first_reply, given.next_reply, given.resolution)
    if all(target is None for target in targets):
        raise NotPossible(gettext("The service level asks for nothing. Set at least one time."))
    for target in targets:
        if target is not None and not 0 < target <= LONGEST:
            raise NotPossible(gettext("A time is from one minute to one year. Choose one between."))
    if not 0 < given.warn_at < 100:
        raise NotPossible(
            gettext("%(percent)d %% is no moment to warn at. Choose 1 to 99 %%.") % {"percent": given.warn_at}
        )


def _changed(by: Agent, what: str, **data: Any) -> None:
    record(f"service.level_{what}", agent_id=by.pk, data=data)
    levels_changed()
