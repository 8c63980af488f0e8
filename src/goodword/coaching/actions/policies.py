"""Facts that the team stands by."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.staff.models import Agent, Team

from ..models import Policy
from .writing import changed, may_change, required

TEXT_LENGTH = 500
MOST_POLICIES = 100


@transaction.atomic
def set_policy(
    *,
    by: Agent,
    team: Team | None,
    text: str,
    owner: Agent,
    review_by: date | None = None,
    policy: Policy | None = None,
) -> Policy:
    """A policy, new or changed. Raises NotAllowed, ValidationError by field."""
    may_change(by, team)
    text = required("text", text, _("Write the fact in a sentence."), longest=TEXT_LENGTH)
    others = Policy.objects.filter(team=team)
    if policy is not None:
        others = others.exclude(pk=policy.pk)
    if others.filter(text__iexact=text).exists():
        raise ValidationError({"text": _("This stands in the list already.")})
    if policy is None and others.count() >= MOST_POLICIES:
        said = _("There are %(most)d policies already. Remove one, or join two.")
        raise ValidationError({"text": said % {"most": MOST_POLICIES}})
    if not owner.is_active:
        raise ValidationError({"owner": _("%(name)s has left. Choose somebody else.") % {"name": owner.name}})
    policy = policy or Policy(team=team)
    policy.text, policy.owner, policy.review_by = text, owner, review_by
    policy.by, policy.at = by, timezone.now()
    policy.save()
    changed("policy.changed", by, team, policy=policy.pk)
    return policy


@transaction.atomic
def remove_policy(*, by: Agent, policy: Policy) -> None:
    """The team no longer stands by it. Removing it twice is harmless."""
    may_change(by, policy.team)
    if Policy.objects.filter(pk=policy.pk).delete()[0]:
        changed("policy.removed", by, policy.team, text=policy.text)
