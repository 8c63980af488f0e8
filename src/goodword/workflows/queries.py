"""What pages ask about rules, each in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from goodword.events.models import Event
from goodword.inbox import access
from goodword.inbox.models import Conversation
from goodword.staff.models import Agent

from . import lasting
from .models import Firing, Rule
from .running import MACHINES, fits

LOOKED_BACK = timedelta(days=30)
LOOKED_AT = 2_000
SHOWN = 50


@dataclass(frozen=True)
class DryRun:
    """What a rule would do: for each time the conversation as it stands today, the newest first.

    `times` counts them; `looked_at` says of how many events or conversations, and `is_all` whether these are
    all there were in the last 30 days.
    """

    times: int
    looked_at: int
    is_all: bool
    rows: Sequence[tuple[Conversation, datetime]]


def rules() -> list[Rule]:
    """Every rule in its order, each with `lately`: how often it fired in the last 30 days."""
    lately = Q(firings__at__gte=timezone.now() - LOOKED_BACK, firings__result=Firing.Result.DONE)
    return list(Rule.objects.annotate(lately=Count("firings", filter=lately)).order_by("order", "id"))


def log(
    agent: Agent, *, rule: Rule | None = None, before: int | None = None, limit: int = 50
) -> list[Firing]:
    """What fired in conversations that the agent may see, the newest first; `before` is the last id shown."""
    rows = Firing.objects.filter(conversation__in=access.conversations(agent))
    if rule is not None:
        rows = rows.filter(rule=rule)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.select_related("rule", "conversation__customer").order_by("-id")[:limit])


def dry_run(agent: Agent, rule: Rule, *, now: datetime | None = None) -> DryRun:
    """What the rule, kept or not yet, would have done in the last 30 days. Changes nothing.

    Conditions are asked of the conversations as they are today, of those the agent may see.
    """
    now = now or timezone.now()
    seen = access.conversations(agent).exclude(state=Conversation.State.MERGED).select_related("customer")
    if rule.event:
        happened = Event.objects.filter(
            kind=rule.event, at__gte=now - LOOKED_BACK, conversation_id__isnull=False
        ).order_by("-id")
        of_people = Q(data__message_kind__isnull=True) | ~Q(data__message_kind__in=MACHINES)
        happened = happened.filter(of_people)
        moments = list(happened.values_list("conversation_id", "at")[: LOOKED_AT + 1])
    else:
        found = lasting.candidates(rule, now=now)
        moments = list(found.values_list("id", "lasting_since")[: LOOKED_AT + 1])
    places = {place.pk: place for place in seen.filter(pk__in={pk for pk, _at in moments[:LOOKED_AT]})}
    fitting = {place.pk for place in fits(rule, list(places.values()))}
    rows = [(places[pk], at) for pk, at in moments[:LOOKED_AT] if pk in fitting]
    return DryRun(
        times=len(rows),
        looked_at=min(len(moments), LOOKED_AT),
        is_all=len(moments) <= LOOKED_AT,
        rows=rows[:SHOWN],
    )
