"""Close, open again, put away and take out again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.promises.models import Promise
from goodword.staff.models import Agent

from .. import access
from ..checking_in.planning import plan
from ..clocks import follow
from ..errors import Merged, NotPossible, PromisesOpen
from ..models import Closure, Conversation, Snooze
from ..routing.waking import freed, taken_back
from .adding import tell, waiting_since

State = Conversation.State
WAKE_AT_ONCE = 200


def working(agent: Agent | None, pk: int) -> Conversation:
    """The conversation, locked, when it can still be worked on; raises Merged when it went into another."""
    conversation = access.locked(agent, pk)
    if conversation.state == State.MERGED:
        raise Merged(conversation, access.merged_into(conversation))
    return conversation


@transaction.atomic
def close(*, conversation: Conversation, agent: Agent | None, leave_promises: bool = False) -> Conversation:
    """Close a conversation. Raises PromisesOpen when promises made in it are open, unless they are left."""
    place = working(agent, conversation.pk)
    if place.state == State.CLOSED:
        return place
    if not leave_promises:
        waiting = list(
            Promise.objects.filter(place__conversation=place, state=Promise.State.OPEN).order_by("due_at")
        )
        if waiting:
            raise PromisesOpen(waiting)
    set_closed(place, agent=agent)
    place.save(update_fields=["state", "snoozed_until", "waiting_since"])
    return place


def set_closed(place: Conversation, *, agent: Agent | None) -> None:
    """Close a locked conversation; the caller saves it."""
    end_snooze(place)
    place.state, place.waiting_since = State.CLOSED, None
    closure = Closure.objects.create(conversation=place, by=agent)
    tell("conversation.closed", place, agent=agent)
    follow(place)
    plan(place, closure)
    freed()


@transaction.atomic
def reopen(*, conversation: Conversation, agent: Agent | None) -> Conversation:
    """Open a closed or snoozed conversation again."""
    place = working(agent, conversation.pk)
    if place.state == State.OPEN:
        return place
    was = place.state
    set_open(place, agent=agent)
    if was == State.CLOSED:
        place.waiting_since = waiting_since(place)
    place.save(update_fields=["state", "snoozed_until", "waiting_since", "assignee", "routing"])
    return place


def set_open(place: Conversation, *, agent: Agent | None = None, reason: str = "") -> None:
    """Open a locked conversation that is closed or snoozed; the caller saves it."""
    if place.state == State.CLOSED:
        place.closures.filter(reopened_at=None).update(reopened_at=timezone.now(), reopened_by=agent)
        tell("conversation.reopened", place, agent=agent, reason=reason)
        follow(place)
    elif place.state == State.SNOOZED:
        end_snooze(place)
        tell("conversation.woken", place, agent=agent, reason=reason)
    place.state = State.OPEN
    taken_back(place)


def end_snooze(place: Conversation) -> None:
    """Mark a locked conversation's snooze as over; the caller saves it."""
    if place.snoozed_until is not None:
        place.snoozes.filter(woken_at=None).update(woken_at=timezone.now())
        place.snoozed_until = None


@transaction.atomic
def snooze(*, conversation: Conversation, agent: Agent | None, until: datetime) -> Conversation:
    """Put a conversation away until a moment to come; a new message brings it back earlier."""
    if until <= timezone.now():
        raise NotPossible(
            gettext("%(moment)s is past. Choose a moment to come.")
            % {"moment": timezone.localtime(until).strftime("%Y-%m-%d %H:%M")}
        )
    place = working(agent, conversation.pk)
    if place.state == State.SNOOZED and place.snoozed_until == until:
        return place
    if place.state == State.CLOSED:
        set_open(place, agent=agent)
        place.waiting_since = waiting_since(place)
    end_snooze(place)
    place.state, place.snoozed_until = State.SNOOZED, until
    Snooze.objects.create(conversation=place, by=agent, until=until)
    place.save(update_fields=["state", "snoozed_until", "waiting_since", "assignee", "routing"])
    tell("conversation.snoozed", place, agent=agent, until=until.isoformat())
    freed()
    return place


def wake_due() -> int:
    """Bring back the conversations whose moment has come; returns how many."""
    woken = 0
    while True:
        with transaction.atomic():
            due = list(
                Conversation.objects.filter(state=State.SNOOZED, snoozed_until__lte=timezone.now())
                .order_by("snoozed_until", "id")
                .select_for_update(skip_locked=True)[:WAKE_AT_ONCE]
            )
            for place in due:
                set_open(place, reason="due")
                place.save(update_fields=["state", "snoozed_until", "assignee", "routing"])
        woken += len(due)
        if len(due) < WAKE_AT_ONCE:
            return woken
