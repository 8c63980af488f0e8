"""What people say of a suggestion that two customers are one."""

from django.db import transaction
from django.utils import timezone

from goodword.staff.models import Agent

from ..models import Customer, Duplicate
from ..telling import tell


@transaction.atomic
def not_the_same(*, first: Customer, second: Customer, agent: Agent | None) -> Duplicate:
    """These are two people; they are not suggested again. Saying so twice is harmless."""
    low, high = sorted((first, second), key=lambda one: one.pk)
    pair, _made = Duplicate.objects.get_or_create(first=low, second=high, defaults={"why": [], "score": 0.0})
    if pair.decided != Duplicate.Decision.DIFFERENT:
        pair.decided, pair.decided_at, pair.decided_by = (
            Duplicate.Decision.DIFFERENT,
            timezone.now(),
            agent,
        )
        pair.save(update_fields=["decided", "decided_at", "decided_by"])
        tell("customer.different", low, agent, other=high.pk, name=str(high))
        tell("customer.different", high, agent, other=low.pk, name=str(low))
    return pair
