"""When routing has something to do: calls for the verbs of the inbox that cost nothing in their transactions.

After the commit one look tells whether there is anything to do, and a job is started: it sees what it was
called for. What is lost between the two, a sweep each minute finds.
"""

from collections.abc import Callable

from django.db import connection, transaction
from procrastinate.contrib.django import app

from goodword.kit.jobs import nudge
from goodword.staff.models import Agent

from ..models import Conversation, RoutingRule

JOB = "inbox.route"
Routing = Conversation.Routing


def opened() -> None:
    """Conversations were opened, or opened again; any number of calls in a transaction are one."""
    _once(_route_new)


def freed(agent: Agent | None = None) -> None:
    """Somebody may have room now: they became available, or a conversation left them."""
    _once(_route_waiting)


def taken_back(place: Conversation) -> None:
    """A locked conversation was opened again: when whoever had it has left, it is routed anew.

    The caller saves it.
    """
    if place.assignee is not None and not place.assignee.is_active:
        place.assignee, place.routing = None, Routing.NEW
    if place.assignee_id is None and place.routing:
        opened()


def _once(act: Callable[[], None]) -> None:
    if not any(waiting[1] is act for waiting in connection.run_on_commit):
        transaction.on_commit(act, robust=True)


def _route_new() -> None:
    if RoutingRule.objects.filter(is_on=True).exists():
        _start()


def _route_waiting() -> None:
    waiting = Conversation.objects.filter(state=Conversation.State.OPEN, assignee=None)
    if waiting.filter(routing=Routing.WAITING).exclude(routing="").exists():
        _start()


def _start() -> None:
    # By its name: the job stands on routing, and routing on the verbs that call this.
    nudge(app.tasks[JOB])
