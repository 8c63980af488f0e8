"""Reading and opening conversations."""

from typing import Any, Literal

from ninja import Router
from ninja.responses import Status

from goodword.api.access import Caller, Request, reads, writes
from goodword.api.fields import Limit, ListCursor, Name, PathId
from goodword.api.problems import ProblemError
from goodword.api.repeats import once
from goodword.api.shapes.conversations import (
    ConversationDetail,
    ConversationPageOut,
    conversation_detail,
    row_out,
)
from goodword.api.shapes.writing import ConversationChange, CustomerById, NewConversation
from goodword.customers import access as customers
from goodword.customers.actions import customer_of
from goodword.customers.models import Customer
from goodword.events import queries as events
from goodword.inbox import access, queries
from goodword.inbox.actions import open_conversation, prioritise
from goodword.mail.models import Mailbox
from goodword.staff.looking import Thing

router = Router(tags=["conversations"])
View = Literal["mine", "unassigned", "open", "waiting", "due", "snoozed", "closed", "promises"]
State = Literal["open", "snoozed", "closed"]


@router.get("/conversations", response=ConversationPageOut, auth=reads)
def list_conversations(
    request: Request,
    view: View = "open",
    state: State | None = None,
    tag: Name | None = None,
    q: Name = "",
    cursor: ListCursor | None = None,
    limit: Limit = 25,
) -> ConversationPageOut:
    """One of the lists; `state` is the list of that name. With `q`, a search through everything instead.

    A search takes at most 50 at a time and understands quoted phrases, `or` and a minus sign.
    """
    caller = request.auth
    mailboxes = dict(Mailbox.objects.values_list("id", "address"))
    if q.strip():
        position = str(events.now())
        found = queries.search(caller.agent, q, cursor=cursor, limit=limit)
        hits = [row_out(hit.row, mailboxes, hit=hit) for hit in found.rows]
        caller.looked(
            *[Thing(hit.row.conversation.customer_id, hit.row.conversation.pk) for hit in found.rows]
        )
        return ConversationPageOut(items=hits, next_cursor=found.next_cursor, position=position)
    if caller.agent is None and view == "mine" and state is None:
        raise ProblemError(
            409, "no-agent", "The list 'mine' is an agent's; this token acts for the whole house."
        )
    page = queries.page(caller.agent, state or view, cursor=cursor, limit=limit, tag=tag)
    rows = [row_out(row, mailboxes) for row in page.rows]
    caller.looked(*[Thing(row.conversation.customer_id, row.conversation.pk) for row in page.rows])
    return ConversationPageOut(items=rows, next_cursor=page.next_cursor, position=page.newest)


@router.get("/conversations/{id}", response=ConversationDetail, auth=reads)
def get_conversation(
    request: Request, id: PathId, before: PathId | None = None, limit: Limit = 100
) -> ConversationDetail:
    """A conversation with its newest messages; `before` a message's id gives those that came earlier."""
    detail = shown(request.auth, id, before=before, limit=limit)
    request.auth.looked(Thing(detail.customer.id, id))
    return detail


@router.patch("/conversations/{id}", response=ConversationDetail, auth=writes)
def change_conversation(request: Request, id: PathId, body: ConversationChange) -> ConversationDetail:
    """Say how pressing a conversation is; its service clocks go by that at once."""
    caller = request.auth
    place = access.get_conversation(caller.agent, id)
    prioritise(conversation=place, agent=caller.agent, priority=body.priority)
    return shown(caller, id)


@router.post("/conversations", response={201: ConversationDetail}, auth=writes)
def create_conversation(request: Request, body: NewConversation) -> Status[Any]:
    """Open a conversation with what the customer said first."""
    caller = request.auth

    def do() -> int:
        made = open_conversation(
            customer=_customer(caller, body),
            subject=body.subject,
            text=body.text,
            mailbox=_mailbox(caller, body.mailbox),
            agent=caller.agent,
        )
        return made.pk

    return Status(201, shown(caller, once(request, caller, body=body, do=do)))


def shown(caller: Caller, pk: int, *, before: int | None = None, limit: int = 100) -> ConversationDetail:
    """The conversation as the caller may see it."""
    place = access.get_conversation(caller.agent, pk)
    thread = queries.thread(caller.agent, place, before=before, limit=limit)
    return conversation_detail(place, list(thread), earlier=thread.earlier)


def _customer(caller: Caller, body: NewConversation) -> Customer:
    if isinstance(body.customer, CustomerById):
        return customers.get_customer(caller.agent, body.customer.id)
    return customer_of(address=body.customer.email, name=body.customer.name)


def _mailbox(caller: Caller, address: str | None) -> Mailbox | None:
    """The mailbox named, if the caller may see what goes on in it."""
    if address is None:
        return None
    return Mailbox.objects.exclude(pk__in=caller.hidden()).get(address=address.lower())
