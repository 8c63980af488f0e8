"""Keeping the clocks of conversations true in the transaction of every change that matters to them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from goodword.events.actions import record
from goodword.events.models import Event
from goodword.kit import rows

from ..models import Conversation, ServiceTerms
from . import agreed
from .history import histories
from .tracing import Clock, Happening, What, trace
from .writing import keep

State = Conversation.State
AT_ONCE = 100


def follow(place: Conversation) -> None:
    """Set the clocks of a locked conversation anew, after the events of the change were written.

    Costs nothing where no service level is in force, and three queries or fewer where one is; in a batch
    (`kit.rows.together`) it is done at its end, for all conversations at once. It writes `reply_due_at` and
    `terms` itself and sets them on `place`, so that saving it before or after does no harm.
    """
    if place.terms_id is not None or agreed.any_in_force():
        rows.later(follow_each, place)


def follow_each(places: Sequence[Conversation]) -> None:
    """`follow` at once for several locked conversations, in as many queries as for one."""
    different = list({place.pk: place for place in places}.values())
    holds = agreed.terms_of_each(different)
    concerned = [place for place in different if place.terms_id is not None or holds[place.pk] is not None]
    if not concerned:
        return
    told = histories([place.pk for place in concerned])
    for place in concerned:
        if place.terms_id != holds[place.pk]:
            event = _tell("service.terms", place, terms=holds[place.pk], before=place.terms_id)
            told[place.pk].append(Happening(event.at, What.AGREED, terms=holds[place.pk]))
    clocks = _traced(told)
    for place in concerned:
        _tell_late(place, clocks[place.pk])
    keep(concerned, clocks, holds)


def clocks_of(places: Sequence[int]) -> dict[int, list[Clock]]:
    """The clocks of these conversations by their events alone."""
    return _traced(histories(places))


def _traced(told: dict[int, list[Happening]]) -> dict[int, list[Clock]]:
    needed = {one.terms for course in told.values() for one in course if one.terms is not None}
    terms = agreed.known(needed)
    return {place: trace(course, terms) for place, course in told.items()}


def refit(*, after: int = 0) -> int:
    """Look again at open and snoozed conversations beyond that id, some at a time.

    Gives the id to go on after, and 0 when all were looked at.
    """
    with transaction.atomic():
        found = Conversation.objects.filter(state__in=(State.OPEN, State.SNOOZED), pk__gt=after)
        places = list(found.order_by("pk").select_for_update(of=("self",))[:AT_ONCE])
        follow_each(places)
    return places[-1].pk if len(places) == AT_ONCE else 0


def refit_outdated() -> int:
    """Look again at the conversations whose terms are no longer those of any level; returns how many.

    Finds what edited working hours and holidays changed, wherever they were edited.
    """
    done = 0
    while True:
        with transaction.atomic():
            old = ServiceTerms.objects.exclude(pk__in=agreed.current_terms()).values_list("pk", flat=True)
            outdated = Conversation.objects.filter(state__in=(State.OPEN, State.SNOOZED), terms__in=list(old))
            places = list(outdated.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
            follow_each(places)
        done += len(places)
        if len(places) < AT_ONCE:
            return done


def _tell_late(place: Conversation, clocks: Sequence[Clock]) -> None:
    """Tell of what is seen to be late only now, because it ended before the watcher came by."""
    for clock in clocks:
        if clock.breach_untold and clock.breached_at is not None:
            _tell(
                "service.breached",
                place,
                clock=clock.kind,
                started=clock.started_at.isoformat(),
                target=clock.target,
                due=clock.breached_at.isoformat(),
                at=clock.breached_at.isoformat(),
            )


def _tell(kind: str, place: Conversation, **data: Any) -> Event:
    return record(
        kind,
        conversation_id=place.pk,
        customer_id=place.customer_id,
        mailbox_id=place.mailbox_id,
        data=data,
    )
