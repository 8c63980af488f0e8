"""Keeping rules. Each verb is one transaction, is for leads and administrators, and writes its event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.events import following
from goodword.events.actions import record
from goodword.inbox import conditions as inbox_conditions
from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from . import doing, running
from .errors import RuleError
from .kinds import EVENTS
from .models import Rule

NAME_LENGTH = 200
MOST_HOURS = 24 * 366


@dataclass(frozen=True, kw_only=True)
class NewRule:
    """A rule as somebody wrote it: an `event`, or a `state` with `hours`."""

    name: str
    event: str = ""
    state: str = ""
    hours: int | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)
    actions: Sequence[object] = ()


@transaction.atomic
def keep_rule(*, by: Agent, given: NewRule, rule: Rule | None = None) -> Rule:
    """Make a rule, or change one; it is about what happens from now on. Raises RuleError or NotPossible."""
    require_lead(by)
    following.begin(running.NAME)
    kept = Rule.objects.select_for_update().get(pk=rule.pk) if rule else Rule(order=_last() + 1)
    kept.name = _name(given.name, kept)
    kept.event, kept.state, kept.hours = _when(given)
    kept.conditions = inbox_conditions.checked(given.conditions)
    kept.actions = doing.checked(given.actions)
    kept.since, kept.changed_by = timezone.now(), by
    kept.looked_since, kept.looked_id = None, 0
    kept.save()
    record("rule.changed" if rule else "rule.made", agent_id=by.pk, data={"rule": kept.pk, "name": kept.name})
    return kept


@transaction.atomic
def switch(*, by: Agent, rule: Rule, on: bool) -> Rule:
    """Let a rule fire, or not any more; what happened while it was off is not made up for."""
    require_lead(by)
    kept = Rule.objects.select_for_update().get(pk=rule.pk)
    if kept.is_on != on:
        kept.is_on = on
        if on:
            kept.since, kept.looked_since, kept.looked_id = timezone.now(), None, 0
        kept.save()
        record(
            "rule.switched_on" if on else "rule.switched_off",
            agent_id=by.pk,
            data={"rule": kept.pk, "name": kept.name},
        )
    return kept


@transaction.atomic
def move(*, by: Agent, rule: Rule, up: bool) -> None:
    """Change places with the rule before or after it: they are asked in their order."""
    require_lead(by)
    rules = list(Rule.objects.select_for_update().order_by("order", "id"))
    place = next((number for number, one in enumerate(rules) if one.pk == rule.pk), None)
    if place is None:
        return  # taken away meanwhile
    other = place - 1 if up else place + 1
    if 0 <= other < len(rules):
        rules[place], rules[other] = rules[other], rules[place]
        for number, one in enumerate(rules):
            one.order = number
        Rule.objects.bulk_update(rules, ["order"])


@transaction.atomic
def remove(*, by: Agent, rule: Rule) -> None:
    """Take a rule away, with the log of what it did; what it did stays done."""
    require_lead(by)
    if Rule.objects.filter(pk=rule.pk).delete()[0]:
        record("rule.removed", agent_id=by.pk, data={"rule": rule.pk, "name": rule.name})


def _when(given: NewRule) -> tuple[str, str, int | None]:
    if bool(given.event) == bool(given.state):
        raise RuleError(_("Choose either something that happens, or how long a conversation waits."))
    if given.event:
        if given.event not in EVENTS:
            raise RuleError(
                _("'%(event)s' is nothing that rules hear of. Choose one of the list.")
                % {"event": given.event[:60]}
            )
        return given.event, "", None
    if given.state not in Rule.State.values:
        raise RuleError(_("'%(state)s' is no state. Choose one of the list.") % {"state": given.state[:40]})
    if given.hours is None or not 1 <= given.hours <= MOST_HOURS:
        raise RuleError(
            _("Say after how many hours: a whole number from 1 to %(most)d.") % {"most": MOST_HOURS}
        )
    return "", given.state, given.hours


def _name(name: str, rule: Rule) -> str:
    tidy = " ".join(name.replace("\x00", "").split())
    if not tidy or len(tidy) > NAME_LENGTH:
        raise RuleError(_("Give the rule a name of 1 to %(most)d characters.") % {"most": NAME_LENGTH})
    if Rule.objects.filter(name__iexact=tidy).exclude(pk=rule.pk).exists():
        raise RuleError(_("There is a rule '%(name)s' already. Choose another name.") % {"name": tidy})
    return tidy


def _last() -> int:
    return Rule.objects.order_by("-order").values_list("order", flat=True).first() or 0
