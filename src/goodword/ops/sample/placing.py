"""Where and when the verbs of the house are used on what stands in the sample already."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from goodword.complaints.errors import ComplaintError
from goodword.events.models import Event
from goodword.goodwill.errors import GoodwillError
from goodword.inbox import access
from goodword.inbox.clocks import follow
from goodword.inbox.delivery import outgoing_changed
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, Message
from goodword.mail.models import OutgoingMail
from goodword.promises.models import Outcome, Promise
from goodword.staff.models import Agent

Crew = dict[str, Agent]
log = logging.getLogger(__name__)


def crew_now() -> Crew:
    """The agents by their handles, as they are at this moment."""
    return {agent.handle: agent for agent in Agent.objects.all()}


def unused(places: Any) -> Any:
    """Of these conversations those on which nothing of the kind stands yet."""
    free = places.filter(complaints=None, messages__call=None, handovers=None, escalations=None)
    return free.filter(calls_for_help=None).distinct()


@contextmanager
def where_it_fits() -> Iterator[None]:
    """What the sample of this day has no room for is left out: the rest is worth having."""
    try:
        with transaction.atomic():
            yield
    except (NotPossible, ComplaintError, GoodwillError) as error:
        log.info("The sample leaves something out: %s", error)


@contextmanager
def then(at: datetime, place: Conversation) -> Iterator[None]:
    """What is written within it about the conversation was written at that moment, and its mails left."""
    marks = {model: model.objects.aggregate(newest=Max("id"))["newest"] or 0
             for model in (Message, Event, Promise, Outcome)}  # fmt: skip
    yield
    # By their numbers: fresh tables have no statistics yet, and a join over them may take minutes.
    new = dict(
        Message.objects.filter(conversation=place, id__gt=marks[Message]).values_list("pk", "outgoing_id")
    )
    if new:
        Message.objects.filter(pk__in=new).update(at=at)
        newest = Message.objects.filter(conversation=place).aggregate(newest=Max("at"))["newest"]
        Conversation.objects.filter(pk=place.pk).update(last_at=newest)
    theirs = Promise.objects.filter(customer=place.customer_id)
    theirs.filter(id__gt=marks[Promise]).update(made_at=at)
    promised = list(theirs.values_list("pk", flat=True))
    Outcome.objects.filter(promise__in=promised, id__gt=marks[Outcome]).update(at=at)
    events = Event.objects.filter(conversation_id=place.pk, id__gt=marks[Event])
    events.update(at=at)
    _leave([number for number in new.values() if number is not None], list(events), at)
    events.update(at=at)
    with transaction.atomic():
        follow(access.locked(None, place.pk))


def _leave(mails: list[int], events: list[Event], at: datetime) -> None:
    """The mails went out at that moment."""
    for event in events:
        if event.kind == "reply.queued":
            event.data["not_before"] = at.isoformat()
            event.save(update_fields=["data"])
    leaving = OutgoingMail.objects.filter(pk__in=mails)
    leaving.update(state=OutgoingMail.State.SENT, created_at=at, not_before=at, settled_at=at, attempts=1)
    for mail in leaving:
        outgoing_changed(mail)
