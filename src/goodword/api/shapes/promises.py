"""Promises as the API takes and shows them."""

from datetime import datetime
from typing import Literal, cast

from django.utils import timezone

from goodword.api.fields import Address, Due, Id, Moment, Name, Note, Quote, Sent, Shown, What
from goodword.api.problems import ProblemError
from goodword.promises import moments
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.promises.spans import span_in
from goodword.staff.models import Agent

from .people import AgentOut, CustomerRef, agent_out

State = Literal["open", "kept", "broken", "withdrawn"]
Kind = Literal["do", "answer", "call", "money", "delivery"]
Source = Literal["reply", "hand", "call", "note", "system"]


class PromiseIn(Sent):
    """A promise to write down."""

    what: What
    due: Due | None = None
    quote: Quote = ""
    condition: Name = ""
    owner: Address | None = None
    kind: Kind = "do"


class PromiseMade(PromiseIn):
    """A promise made in a conversation, outside a reply."""

    conversation: Id


class OutcomeIn(Sent):
    """What became of it, in a few words."""

    note: Note = ""


class KeptIn(OutcomeIn):
    """That it was done, and what shows it: an address or a reference."""

    evidence: Name = ""


class NewTime(OutcomeIn):
    """The time agreed anew, null when none was named; `told_at` is when the customer heard of it."""

    due: Due | None
    told_at: Moment | None = None


class PromiseOut(Shown):
    """A promise. `due` is a day (meaning its end) or a moment, null when no time was named."""

    id: int
    what: str
    quote: str
    due: str | None
    due_at: datetime | None
    whole_day: bool
    due_text: str
    condition: str
    condition_met_at: datetime | None
    kind: Kind
    source: Source
    team: str | None
    state: State
    overdue: bool
    customer: CustomerRef
    conversation: int | None
    owner: AgentOut | None
    made_by: AgentOut | None
    made_at: datetime


class PromisePageOut(Shown):
    """A stretch of the ledger, the newest first."""

    items: list[PromiseOut]
    next_cursor: str | None


def new_promise(sent: PromiseIn) -> NewPromise:
    """The promise as the ledger takes it."""
    due_at, whole_day = moments.due_moment(sent.due)
    return NewPromise(
        what=sent.what,
        quote=sent.quote,
        due_at=due_at,
        whole_day=whole_day,
        due_text="",
        condition=sent.condition,
        kind=sent.kind,
        after=span_in(sent.condition) if due_at is None else None,
        owner_id=agent_named(sent.owner).pk if sent.owner else None,
    )


def agent_named(email: str) -> Agent:
    """The agent with this mail address; raises ProblemError 404."""
    found = Agent.objects.filter(email=email.lower(), is_active=True).first()
    if found is None:
        raise ProblemError(404, "unknown-agent", f"No agent who may log in has the address '{email[:100]}'.")
    return found


def promise_out(promise: Promise, *, conversation: int | None) -> PromiseOut:
    """A promise whose customer, owner and maker were loaded."""
    due_at = promise.due_at
    zone = moments.company_zone()
    day = due_at.astimezone(zone).date().isoformat() if due_at else None
    is_open = promise.state == Promise.State.OPEN
    return PromiseOut(
        id=promise.pk,
        what=promise.what,
        quote=promise.quote,
        due=day if promise.whole_day or due_at is None else due_at.astimezone(zone).isoformat(),
        due_at=due_at,
        whole_day=promise.whole_day,
        due_text=promise.due_text,
        condition=promise.condition,
        condition_met_at=promise.condition_met_at,
        kind=cast(Kind, promise.kind),
        source=cast(Source, promise.source),
        team=promise.team.name if promise.team else None,
        state=cast(State, promise.state),
        overdue=is_open and due_at is not None and due_at < timezone.now(),
        customer=CustomerRef(id=promise.customer_id, name=promise.customer.name),
        conversation=conversation,
        owner=agent_out(promise.owner),
        made_by=agent_out(promise.made_by),
        made_at=promise.made_at,
    )
