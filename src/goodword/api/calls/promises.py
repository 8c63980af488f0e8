"""The ledger of promises."""

from collections.abc import Iterable
from typing import Any

from ninja import Router
from ninja.responses import Status

from goodword.api.access import Request, reads, writes
from goodword.api.fields import IdCursor, Limit, PathId
from goodword.api.problems import ProblemError
from goodword.api.repeats import once
from goodword.api.shapes.promises import (
    KeptIn,
    NewTime,
    OutcomeIn,
    PromiseMade,
    PromiseOut,
    PromisePageOut,
    State,
    new_promise,
    promise_out,
)
from goodword.customers import access as customers
from goodword.inbox import access as inbox
from goodword.inbox.actions import add_promise
from goodword.inbox.models import ConversationPromise
from goodword.promises import access, actions, moments, queries
from goodword.promises.models import Promise
from goodword.staff.looking import Thing
from goodword.staff.models import Agent

router = Router(tags=["promises"])


@router.get("/promises", response=PromisePageOut, auth=reads)
def list_promises(
    request: Request,
    state: State | None = None,
    customer: PathId | None = None,
    cursor: IdCursor | None = None,
    limit: Limit = 25,
) -> PromisePageOut:
    """Promises, the newest first: all, of one state, of one customer."""
    agent = request.auth.agent
    whom = customers.get_customer(agent, customer) if customer else None
    page = queries.page(agent, state=state, customer=whom, cursor=cursor, limit=limit)
    places = _places(page.rows)
    items = [promise_out(row, conversation=places.get(row.pk)) for row in page.rows]
    if whom is not None:
        request.auth.looked(Thing(customer_id=whom.pk))
    return PromisePageOut(items=items, next_cursor=page.next_cursor)


@router.get("/promises/{id}", response=PromiseOut, auth=reads)
def get_promise(request: Request, id: PathId) -> PromiseOut:
    """One promise."""
    promise, place = _found(request.auth.agent, id)
    made = promise_out(promise, conversation=place)
    request.auth.looked(Thing(promise.customer_id, place))
    return made


@router.post("/promises", response={201: PromiseOut}, auth=writes)
def create_promise(request: Request, body: PromiseMade) -> Status[Any]:
    """Write down a promise that was made outside a reply, such as on the phone."""
    caller = request.auth

    def do() -> int:
        place = inbox.get_conversation(caller.agent, body.conversation)
        return add_promise(conversation=place, agent=caller.agent, promise=new_promise(body)).pk

    return Status(201, _shown(caller.agent, once(request, caller, body=body, do=do)))


@router.post("/promises/{id}/keep", response=PromiseOut, auth=writes)
def keep_promise(request: Request, id: PathId, body: KeptIn) -> PromiseOut:
    """It was done; `evidence` shows how."""
    agent = request.auth.agent
    shown_by = actions.Evidence.of_text(body.evidence)
    actions.keep(promise=access.get_promise(agent, id), agent=agent, note=body.note, evidence=shown_by)
    return _shown(agent, id)


@router.post("/promises/{id}/condition", response=PromiseOut, auth=writes)
def meet_condition(request: Request, id: PathId, body: OutcomeIn) -> PromiseOut:
    """What it waited for has happened: it has its due time from now on."""
    agent = request.auth.agent
    promise = access.get_promise(agent, id)
    if not promise.condition:
        raise ProblemError(409, "not-possible", "This promise has no condition to tick off.")
    actions.meet_condition(promise=promise, agent=agent, note=body.note)
    return _shown(agent, id)


@router.post("/promises/{id}/break", response=PromiseOut, auth=writes)
def break_promise(request: Request, id: PathId, body: OutcomeIn) -> PromiseOut:
    """It was not done; the note says why."""
    agent = request.auth.agent
    actions.break_(promise=access.get_promise(agent, id), agent=agent, note=body.note)
    return _shown(agent, id)


@router.post("/promises/{id}/withdraw", response=PromiseOut, auth=writes)
def withdraw_promise(request: Request, id: PathId, body: OutcomeIn) -> PromiseOut:
    """It does not hold any more."""
    agent = request.auth.agent
    actions.withdraw(promise=access.get_promise(agent, id), agent=agent, note=body.note)
    return _shown(agent, id)


@router.post("/promises/{id}/renegotiate", response=PromiseOut, auth=writes)
def renegotiate_promise(request: Request, id: PathId, body: NewTime) -> PromiseOut:
    """The customer agreed to another time."""
    agent = request.auth.agent
    due_at, whole_day = moments.due_moment(body.due)
    promise = access.get_promise(agent, id)
    actions.renegotiate(
        promise=promise,
        agent=agent,
        due_at=due_at,
        whole_day=whole_day,
        note=body.note,
        told_at=body.told_at,
    )
    return _shown(agent, id)


def _shown(agent: Agent | None, pk: int) -> PromiseOut:
    promise, place = _found(agent, pk)
    return promise_out(promise, conversation=place)


def _found(agent: Agent | None, pk: int) -> tuple[Promise, int | None]:
    """A promise, and the conversation that it was made in."""
    promise = access.get_promise(agent, pk)
    return promise, _places([promise]).get(pk)


def _places(promises: Iterable[Promise]) -> dict[int, int]:
    """The conversations that promises were made in."""
    found = ConversationPromise.objects.filter(promise__in=list(promises))
    return dict(found.values_list("promise_id", "conversation_id"))
