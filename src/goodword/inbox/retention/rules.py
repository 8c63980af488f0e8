"""What administrators decide: rules, and how long leftovers are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.events.actions import record
from goodword.mail.models import Mailbox
from goodword.staff.access import require_administrator
from goodword.staff.models import Agent

from ..errors import NotPossible
from ..models import KeepingTimes, RetentionRule, Tag

NAME_LENGTH = 200
LONGEST_MONTHS = 50 * 12
LONGEST_DAYS = 3650
# A dry run that was looked at longer ago says little of what would go today.
FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRetentionRule:
    """Everything a retention rule says; no mailbox: all of them, no tag: with or without any."""

    name: str
    months: int
    does: str = RetentionRule.Does.ERASE
    mailbox: Mailbox | None = None
    tag: Tag | None = None


@transaction.atomic
def save_rule(*, by: Agent, given: NewRetentionRule, rule: RetentionRule | None = None) -> RetentionRule:
    """Change a rule, or add one. It is off afterwards, and has to be tried again before it is switched on.

    Raises NotAllowed, or NotPossible with a sentence.
    """
    require_administrator(by)
    name = " ".join(given.name.replace("\x00", "").split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise NotPossible(
            gettext("A rule needs a name of up to %(limit)d characters.") % {"limit": NAME_LENGTH}
        )
    others = RetentionRule.objects.exclude(pk=rule.pk) if rule else RetentionRule.objects.all()
    if others.filter(name__iexact=name).exists():
        raise NotPossible(
            gettext("There is a rule '%(name)s' already. Choose another name.") % {"name": name}
        )
    if not 1 <= given.months <= LONGEST_MONTHS:
        raise NotPossible(
            gettext("%(given)d months cannot be meant. Name 1 to %(most)d.")
            % {"given": given.months, "most": LONGEST_MONTHS}
        )
    if given.does not in RetentionRule.Does.values:
        raise NotPossible(gettext("Say what happens: erase the words, or delete for good."))
    kept = RetentionRule.objects.select_for_update(of=("self",)).get(pk=rule.pk) if rule else RetentionRule()
    kept.name, kept.months, kept.does = name, given.months, given.does
    kept.mailbox, kept.tag, kept.by = given.mailbox, given.tag, by
    kept.is_on, kept.tried_at = False, None
    kept.save()
    record("retention_rule.saved", agent_id=by.pk, data=_facts(kept))
    return kept


def tried(*, by: Agent, rule: RetentionRule, at: datetime | None = None) -> None:
    """An administrator has seen what the rule would do now."""
    require_administrator(by)
    RetentionRule.objects.filter(pk=rule.pk).update(tried_at=at or timezone.now())


@transaction.atomic
def switch_rule(*, by: Agent, rule: RetentionRule, on: bool) -> RetentionRule:
    """Let a rule work from the next night on, or not any more. Raises NotAllowed, or NotPossible untried."""
    require_administrator(by)
    kept = RetentionRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if on and (kept.tried_at is None or kept.tried_at < timezone.now() - FRESH):
        raise NotPossible(
            gettext("Look first at what '%(name)s' would do today, then switch it on.") % {"name": kept.name}
        )
    if kept.is_on != on:
        kept.is_on = on
        kept.save(update_fields=["is_on"])
        record("retention_rule.switched", agent_id=by.pk, data=_facts(kept) | {"on": on})
    return kept


@transaction.atomic
def remove_rule(*, by: Agent, rule: RetentionRule) -> None:
    """Take a rule away; the log of what it did stays. Raises NotAllowed."""
    require_administrator(by)
    kept = RetentionRule.objects.select_for_update(of=("self",)).filter(pk=rule.pk).first()
    if kept is not None:
        facts = _facts(kept)
        kept.delete()
        record("retention_rule.removed", agent_id=by.pk, data=facts)


def get_rule(by: Agent, pk: int) -> RetentionRule:
    """One rule, for those who set them. Raises NotAllowed or RetentionRule.DoesNotExist."""
    require_administrator(by)
    return RetentionRule.objects.select_related("mailbox", "tag").get(pk=pk)


def times() -> KeepingTimes:
    """How long leftovers are kept; what was never set is kept, and who looked for two years."""
    return KeepingTimes.objects.order_by("id").first() or KeepingTimes(pk=1)


@transaction.atomic
def keep_times(
    *, by: Agent, recorded_days: int | None, aside_days: int | None, looks_months: int | None
) -> KeepingTimes:
    """Say how long leftovers are kept; None: for ever. Raises NotAllowed or NotPossible."""
    require_administrator(by)
    for given, most in (
        (recorded_days, LONGEST_DAYS),
        (aside_days, LONGEST_DAYS),
        (looks_months, LONGEST_MONTHS),
    ):
        if given is not None and not 1 <= given <= most:
            raise NotPossible(
                gettext("%(given)d cannot be meant. Name 1 to %(most)d, or nothing to keep them.")
                % {"given": given, "most": most}
            )
    chosen = {"recorded_days": recorded_days, "aside_days": aside_days, "looks_months": looks_months}
    kept, _made = KeepingTimes.objects.update_or_create(pk=1, defaults=chosen)
    record("keeping_times.set", agent_id=by.pk, data=chosen)
    return kept


def _facts(rule: RetentionRule) -> dict[str, object]:
    return {
        "rule": rule.pk,
        "name": rule.name,
        "months": rule.months,
        "does": str(rule.does),
        "mailbox": rule.mailbox_id,
        "tag": rule.tag.name if rule.tag else "",
    }
