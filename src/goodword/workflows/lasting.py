"""Conversations that have been in a state for so long.

A look takes a bounded number, the longest first, and the next one goes on where it ended, so that any number
of conversations whose conditions do not hold never costs more at once.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from goodword.inbox.models import Closure, Conversation

from .models import Firing, Rule

State = Rule.State


def candidates(rule: Rule, *, now: datetime) -> QuerySet[Any]:
    """Conversations that have been in the rule's state for its hours and for which it has not fired yet.

    Each with `lasting_since`, the longest first.
    """
    long_enough = now - timedelta(hours=rule.hours or 0)
    # By its number: a rule that is only tried has none, and has not fired.
    fired = Firing.objects.filter(
        rule_id=rule.pk or 0, conversation=OuterRef("pk"), since=OuterRef("lasting_since")
    )
    return (
        _in_state(rule)
        .filter(lasting_since__lte=long_enough)
        .filter(~Exists(fired))
        .order_by("lasting_since", "id")
    )


def next_ones(rule: Rule, *, now: datetime, limit: int) -> list[tuple[int, datetime]]:
    """The next candidates (id, since); notes on the unsaved rule how far this look came."""
    rows = candidates(rule, now=now)
    if rule.looked_since is not None:
        further = Q(lasting_since__gt=rule.looked_since)
        rows = rows.filter(further | Q(lasting_since=rule.looked_since, id__gt=rule.looked_id))
    found = list(rows.values_list("id", "lasting_since")[:limit])
    if len(found) < limit:
        rule.looked_since, rule.looked_id = None, 0
    else:
        rule.looked_id, rule.looked_since = found[-1]
    return found


def lasts_still(rule: Rule, place: Conversation, since: datetime) -> bool:
    """Whether the conversation is in that state since that moment still."""
    return _in_state(rule).filter(pk=place.pk, lasting_since=since).exists()


def begun(rule: Rule, place: Conversation) -> datetime | None:
    """Since when the conversation has been in that state; None when it is in another."""
    found = _in_state(rule).filter(pk=place.pk).values_list("lasting_since", flat=True)
    since: datetime | None = found.first()
    return since


def _in_state(rule: Rule) -> QuerySet[Any]:
    found: QuerySet[Any] = Conversation.objects.all()
    if rule.state == State.WAITING:
        found = found.filter(state="open", waiting_since__isnull=False)
        found = found.annotate(lasting_since=F("waiting_since"))
    elif rule.state == State.ANSWERED:
        found = found.filter(state="open", waiting_since=None).annotate(lasting_since=F("last_at"))
    else:
        closed = Closure.objects.filter(conversation=OuterRef("pk"), reopened_at=None).order_by()
        newest = closed.values("conversation").annotate(newest=Max("at")).values("newest")
        found = found.filter(state="closed")
        found = found.annotate(lasting_since=Subquery(newest, output_field=DateTimeField()))
        # What was closed before the rule began stays at rest: an archive must not wake up at once.
        # Said of the closures first, so that each conversation of the archive is not asked for its newest.
        lately = Closure.objects.filter(reopened_at=None, at__gte=rule.since)
        found = found.filter(pk__in=lately.values("conversation"), lasting_since__gte=rule.since)
    return found
