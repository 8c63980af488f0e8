"""Routing rules: made, changed, put in order, taken away. Leads and administrators do this."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from goodword.events.actions import record
from goodword.staff.access import require_lead
from goodword.staff.models import Agent, Skill, Team

from ..conditions import checked
from ..errors import NotPossible
from ..models import Conversation, RoutingRule
from .waking import opened

NAME_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """Everything a rule says; what is None or '' stays as it is in the conversation."""

    name: str
    conditions: dict[str, Any] = field(default_factory=dict)
    team: Team | None = None
    skill: Skill | None = None
    agent: Agent | None = None
    priority: str = ""
    by_language: bool = False
    assigns: bool = True
    is_on: bool = True


def rule_of(given: NewRule, rule: RoutingRule | None = None) -> RoutingRule:
    """The rule as it would be, not kept; raises NotPossible with a sentence."""
    name = " ".join(given.name.split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise NotPossible(
            gettext("A rule needs a name of up to %(limit)d characters.") % {"limit": NAME_LENGTH}
        )
    if given.priority and given.priority not in Conversation.Priority.values:
        raise NotPossible(gettext("'%(given)s' is no priority.") % {"given": given.priority[:40]})
    if not given.assigns and not (given.team or given.priority):
        raise NotPossible(
            gettext("This rule does nothing. Choose a team or a priority, or let it give conversations out.")
        )
    kept = rule or RoutingRule()
    kept.name, kept.conditions = name, checked(given.conditions)
    kept.team, kept.skill, kept.agent = given.team, given.skill, given.agent
    kept.priority, kept.by_language = given.priority, given.by_language
    kept.assigns, kept.is_on = given.assigns, given.is_on
    return kept


@transaction.atomic
def save_rule(*, by: Agent, given: NewRule, rule: RoutingRule | None = None) -> RoutingRule:
    """Change a rule, or add one after all others. Raises NotAllowed, NotPossible, or DoesNotExist.

    What lay there before the first rule was switched on stays with people; rules are for what comes.
    """
    require_lead(by)
    # The row as it is now: somebody may have put the rules into another order since the page was opened.
    now = RoutingRule.objects.select_for_update().get(pk=rule.pk) if rule is not None else None
    kept = rule_of(given, now)
    others = RoutingRule.objects.exclude(pk=kept.pk) if kept.pk else RoutingRule.objects.all()
    if others.filter(name__iexact=kept.name).exists():
        raise NotPossible(
            gettext("There is a rule '%(name)s' already. Choose another name.") % {"name": kept.name}
        )
    if kept.is_on and not RoutingRule.objects.filter(is_on=True).exists():
        lying = Conversation.objects.filter(state=Conversation.State.OPEN, assignee=None)
        lying.exclude(routing="").update(routing="", routing_rule=None)
    if kept._state.adding:
        kept.order = 1 + (RoutingRule.objects.aggregate(last=Max("order"))["last"] or 0)
    kept.save()
    record("routing.rule_saved", agent_id=by.pk, data={"rule": kept.pk, "name": kept.name})
    opened()
    return kept


@transaction.atomic
def remove_rule(*, by: Agent, rule: RoutingRule) -> None:
    """Take a rule away; what waits by it is looked at anew by the others."""
    require_lead(by)
    number, name = rule.pk, rule.name
    if RoutingRule.objects.filter(pk=number).delete()[0]:
        record("routing.rule_removed", agent_id=by.pk, data={"rule": number, "name": name})
        opened()


@transaction.atomic
def order_rules(*, by: Agent, ids: Sequence[int]) -> None:
    """Put the rules in this order; those not named come after, as they were."""
    require_lead(by)
    rules = {rule.pk: rule for rule in RoutingRule.objects.select_for_update().order_by("order", "id")}
    wanted = [pk for pk in dict.fromkeys(ids) if pk in rules]
    for place, pk in enumerate([*wanted, *(pk for pk in rules if pk not in wanted)], start=1):
        rules[pk].order = place
    RoutingRule.objects.bulk_update(rules.values(), ["order"])
    record("routing.rules_ordered", agent_id=by.pk)
    opened()
