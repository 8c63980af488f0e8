"""Rules switched off, made milder or said in other words; each change is a record with who, when and why."""

from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from goodword import coach
from goodword.coach import tailor
from goodword.coach.results import SEVERITIES, Severity
from goodword.staff.models import Agent, Team

from ..errors import CoachingError
from ..models import OwnRule, RuleChange
from ..tailoring import newest_changes
from .writing import changed, clean, may_change, required, short

MESSAGE_LENGTH = 300
WHY_LENGTH = 500
CHANGE_REASON_LENGTH = 300


@transaction.atomic
def change_rule(
    *,
    by: Agent,
    team: Team | None,
    rule: str,
    reason: str,
    off: bool = False,
    severity: str = "",
    message: str = "",
    why: str = "",
) -> RuleChange:
    """How a rule stands for a team from now on; what is empty is the standard. Nothing new is no change.

    For a team the standard is what holds for everybody; a severity that is named holds before that.

    Raises NotAllowed, CoachingError for a rule that nobody knows, ValidationError by field.
    """
    may_change(by, team)
    standard = standard_severity(rule)
    if severity and severity not in milder_or_same(standard):
        raise ValidationError({"severity": _("A rule can be made milder than the standard, not graver.")})
    wanted = RuleChange(
        team=team,
        rule=rule,
        off=off,
        severity="" if severity == standard and not _changed_for_everybody(team, rule) else severity,
        message=short("message", clean(message), longest=MESSAGE_LENGTH),
        why=short("why", clean(why), longest=WHY_LENGTH),
        by=by,
    )
    known = newest_changes(team.pk if team else None).get(rule)
    if _same(known, wanted):
        return known or wanted
    wanted.reason = required(
        "reason",
        reason,
        _("Say in a few words why, so that the team understands."),
        longest=CHANGE_REASON_LENGTH,
    )
    wanted.save()
    changed("rule.changed", by, team, rule=rule, change=wanted.pk)
    return wanted


def switch_off_rule(*, by: Agent, team: Team | None, rule: str, reason: str) -> RuleChange:
    """It says nothing any more; its words and severity wait for when it is switched on again."""
    may_change(by, team)
    known = newest_changes(team.pk if team else None).get(rule) or RuleChange()
    return change_rule(
        by=by,
        team=team,
        rule=rule,
        reason=reason,
        off=True,
        severity=known.severity,
        message=known.message,
        why=known.why,
    )


def soften_rule(*, by: Agent, team: Team | None, rule: str, reason: str) -> RuleChange:
    """One step milder: a stop becomes a warning, a warning a hint. A hint stays what it is."""
    may_change(by, team)
    known = newest_changes(team.pk if team else None).get(rule) or RuleChange()
    now = known.severity or standard_severity(rule)
    milder = tailor.milder(cast(Severity, now))
    return change_rule(
        by=by,
        team=team,
        rule=rule,
        reason=reason,
        severity=milder,
        message=known.message,
        why=known.why,
    )


def standard_rule(*, by: Agent, team: Team | None, rule: str, reason: str) -> RuleChange:
    """Back to the standard."""
    return change_rule(by=by, team=team, rule=rule, reason=reason)


def standard_severity(rule: str) -> str:
    """How grave a rule is where nobody changed it. Raises CoachingError for one that there is not."""
    found: str | None = next((one.severity for one in coach.load_pack().rules if one.id == rule), None)
    if found is None and rule.startswith("own-") and rule[4:].isdigit() and len(rule) < 20:
        found = OwnRule.objects.filter(pk=int(rule[4:])).values_list("severity", flat=True).first()
    if found is None and rule == tailor.GLOSSARY:
        found = "warn"
    if found is None:
        raise CoachingError(_("There is no rule '%(rule)s'. Choose one of the list.") % {"rule": rule})
    return found


def milder_or_same(severity: str) -> tuple[str, ...]:
    """This severity and those below it."""
    return SEVERITIES[SEVERITIES.index(cast(Severity, severity)) :]


def _changed_for_everybody(team: Team | None, rule: str) -> bool:
    """A team that has a rule as the coach knows it must then say so."""
    change = newest_changes(None).get(rule) if team is not None else None
    return change is not None and not change.is_standard


def _same(known: RuleChange | None, wanted: RuleChange) -> bool:
    if known is None:
        return wanted.is_standard
    return all(
        getattr(known, name) == getattr(wanted, name) for name in ("off", "severity", "message", "why")
    )
