"""What pages ask about rules, each in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
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
# However rare a kind of event is, no more of the log than this is read for it.
LOOKED_THROUGH = 300_000
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
    moments, is_all = _happened(rule, now) if rule.event else _lasting(rule, now)
    places = {place.pk: place for place in seen.filter(pk__in={pk for pk, _at in moments})}
    fitting = {place.pk for place in fits(rule, list(places.values()))}
    rows = [(places[pk], at) for pk, at in moments if pk in fitting]
    return DryRun(
        times=len(rows),
        looked_at=len(moments),
        is_all=is_all,
        rows=rows[:SHOWN],
    )


Moments = list[tuple[int, datetime]]


def _happened(rule: Rule, now: datetime) -> tuple[Moments, bool]:
    """Where and when the rule's event happened, the newest first; whether that is all of the last 30 days."""
    newest = Event.objects.aggregate(newest=Max("id"))["newest"] or 0
    lately = Event.objects.filter(at__gte=now - LOOKED_BACK)
    of_people = Q(data__message_kind__isnull=True) | ~Q(data__message_kind__in=MACHINES)
    happened = lately.filter(
        of_people, id__gt=newest - LOOKED_THROUGH, kind=rule.event, conversation_id__isnull=False
    )
    rows = happened.order_by("-id").values_list("conversation_id", "at")[: LOOKED_AT + 1]
    found = [(place, at) for place, at in rows if place is not None]
    # By the time of what is read no more, as a number may be left out of the log.
    unread = Event.objects.filter(id__lte=newest - LOOKED_THROUGH).order_by("-id")
    last = unread.values_list("at", flat=True).first()
    is_cut = last is not None and last >= now - LOOKED_BACK
    return found[:LOOKED_AT], len(found) <= LOOKED_AT and not is_cut


def _lasting(rule: Rule, now: datetime) -> tuple[Moments, bool]:
    """The conversations in the rule's state, as if it had been kept 30 days ago; whether these are all."""
    kept_then = Rule(state=rule.state, hours=rule.hours, since=now - LOOKED_BACK)
    found = list(lasting.candidates(kept_then, now=now).values_list("id", "lasting_since")[: LOOKED_AT + 1])
    return found[:LOOKED_AT], len(found) <= LOOKED_AT
