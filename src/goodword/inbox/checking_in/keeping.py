"""Keeping the rules of check-ins; for leads and administrators."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.events.actions import record
from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from .. import conditions
from ..errors import NotPossible
from ..models import CheckInRule

NAME_LENGTH, TEXT_LENGTH, MOST_DAYS = 200, 5_000, 366


@dataclass(frozen=True, kw_only=True)
class NewCheckInRule:
    """A rule of check-ins as somebody wrote it."""

    name: str
    days: int
    text: str
    way: str = CheckInRule.Way.MAIL
    is_on: bool = True
    conditions: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def keep_rule(*, by: Agent, given: NewCheckInRule, rule: CheckInRule | None = None) -> CheckInRule:
    """Make a rule, or change one; check-ins that are planned stay as they are. Raises NotPossible."""
    require_lead(by)
    kept = CheckInRule.objects.select_for_update().get(pk=rule.pk) if rule else CheckInRule(order=_last() + 1)
    kept.name, kept.text = _name(given.name, kept), given.text.replace("\x00", "").strip()
    if not 0 < len(kept.text) <= TEXT_LENGTH:
        raise NotPossible(_("Write what to ask: 1 to %(most)d characters.") % {"most": TEXT_LENGTH})
    if not 1 <= given.days <= MOST_DAYS:
        raise NotPossible(_("Say after how many days: 1 to %(most)d.") % {"most": MOST_DAYS})
    if given.way not in CheckInRule.Way.values:
        raise NotPossible(_("'%(way)s' is no way to ask. Choose mail or call.") % {"way": given.way[:40]})
    kept.days, kept.way, kept.is_on = given.days, given.way, given.is_on
    kept.conditions = conditions.checked(given.conditions)
    kept.save()
    record("check_in_rule.kept", agent_id=by.pk, data={"rule": kept.pk, "name": kept.name})
    return kept


@transaction.atomic
def remove_rule(*, by: Agent, rule: CheckInRule) -> None:
    """Take a rule away; what it planned is done all the same."""
    require_lead(by)
    if CheckInRule.objects.filter(pk=rule.pk).delete()[0]:
        record("check_in_rule.removed", agent_id=by.pk, data={"rule": rule.pk, "name": rule.name})


def _name(name: str, rule: CheckInRule) -> str:
    tidy = " ".join(name.replace("\x00", "").split())
    if not 0 < len(tidy) <= NAME_LENGTH:
        raise NotPossible(_("Give the rule a name of 1 to %(most)d characters.") % {"most": NAME_LENGTH})
    if CheckInRule.objects.filter(name__iexact=tidy).exclude(pk=rule.pk).exists():
        raise NotPossible(_("There is a rule '%(name)s' already. Choose another name.") % {"name": tidy})
    return tidy


def _last() -> int:
    return CheckInRule.objects.order_by("-order").values_list("order", flat=True).first() or 0
