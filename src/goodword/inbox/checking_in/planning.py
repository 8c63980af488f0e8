"""Planning a check-in when a conversation is closed."""

from datetime import timedelta

from .. import conditions
from ..actions.adding import tell
from ..models import CheckIn, CheckInRule, Closure, Conversation


def plan(place: Conversation, closure: Closure) -> CheckIn | None:
    """Plan the check-in of the first rule that fits a locked conversation that was just closed, if any.

    One query without rules. An earlier closing's check-in that is still to come is not needed any more.
    """
    rules = list(CheckInRule.objects.filter(is_on=True))
    if not rules:
        return None
    facts = conditions.facts_of(place, only=conditions.fields_of(*(rule.conditions for rule in rules)))
    rule = next((rule for rule in rules if conditions.fits(rule.conditions, facts)), None)
    if rule is None:
        return None
    planned = CheckIn.objects.create(
        conversation=place,
        closure=closure,
        rule=rule,
        way=rule.way,
        text=rule.text,
        due_at=closure.at + timedelta(days=rule.days),
        planned_at=closure.at,
    )
    tell("check_in.planned", place, way=planned.way, due_at=planned.due_at.isoformat(), rule=rule.name)
    return planned
