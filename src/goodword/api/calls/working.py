"""What is done with a conversation: reply, note, assign, close, reopen."""

from typing import Any

from ninja import Router
from ninja.responses import Status

from goodword.api.access import Caller, Request, writes
from goodword.api.fields import PathId
from goodword.api.repeats import once
from goodword.api.shapes.calls import CallIn, new_call
from goodword.api.shapes.conversations import (
    ConversationOut,
    MessageOut,
    conversation_out,
    message_out,
)
from goodword.api.shapes.promises import agent_named, new_promise
from goodword.api.shapes.writing import AssignIn, CloseIn, NoteIn, ReplyIn
from goodword.inbox import access, actions, queries

router = Router(tags=["conversations"])


@router.post("/conversations/{id}/reply", response={202: MessageOut}, auth=writes)
def reply_to_conversation(request: Request, id: PathId, body: ReplyIn) -> Status[Any]:
    """Answer the customer: the reply is written down and its mail is on its way (202).

    `delivery.state` says how far it has come; ask for the conversation again, or follow the live stream.
    """
    caller = request.auth

    def do() -> int:
        written = actions.reply(
            conversation=access.get_conversation(caller.agent, id),
            agent=caller.agent,
            markdown=body.markdown,
            revision=body.revision,
            promises=[new_promise(promise) for promise in body.promises],
            to=body.to,
            cc=body.cc,
            close=body.close,
            leave_promises=body.leave_promises,
            undo_seconds=body.undo_seconds,
        )
        return written.pk

    return Status(202, _message(caller, once(request, caller, body=body, do=do)))


@router.post("/conversations/{id}/note", response={201: MessageOut}, auth=writes)
def add_note(request: Request, id: PathId, body: NoteIn) -> Status[Any]:
    """Add an internal note, by the agent the token acts as, else by the first administrator."""
    caller = request.auth

    def do() -> int:
        written = actions.note(
            conversation=access.get_conversation(caller.agent, id),
            agent=caller.somebody(),
            markdown=body.markdown,
            promises=[new_promise(promise) for promise in body.promises],
        )
        return written.pk

    return Status(201, _message(caller, once(request, caller, body=body, do=do)))


@router.post("/conversations/{id}/calls", response={201: MessageOut}, auth=writes)
def log_call(request: Request, id: PathId, body: CallIn) -> Status[Any]:
    """Write a phone call down, such as from a telephone system; it stands on the timeline beside the mail.

    A call that was answered counts as an answer; one of the customer's that nobody took makes them wait.
    """
    caller = request.auth

    def do() -> int:
        written = actions.log_call(
            conversation=access.get_conversation(caller.agent, id),
            agent=caller.agent,
            call=new_call(body),
            promises=[new_promise(promise) for promise in body.promises],
        )
        return written.pk

    return Status(201, _message(caller, once(request, caller, body=body, do=do)))


@router.post("/conversations/{id}/assign", response=ConversationOut, auth=writes)
def assign_conversation(request: Request, id: PathId, body: AssignIn) -> ConversationOut:
    """Give a conversation to an agent, or to nobody."""
    caller = request.auth
    to = agent_named(body.agent) if body.agent else None
    actions.assign(conversation=access.get_conversation(caller.agent, id), agent=caller.agent, to=to)
    return _conversation(caller, id)


@router.post("/conversations/{id}/close", response=ConversationOut, auth=writes)
def close_conversation(request: Request, id: PathId, body: CloseIn) -> ConversationOut:
    """Close a conversation."""
    caller = request.auth
    place = access.get_conversation(caller.agent, id)
    actions.close(conversation=place, agent=caller.agent, leave_promises=body.leave_promises)
    return _conversation(caller, id)


@router.post("/conversations/{id}/reopen", response=ConversationOut, auth=writes)
def reopen_conversation(request: Request, id: PathId) -> ConversationOut:
    """Open a closed or snoozed conversation again."""
    caller = request.auth
    actions.reopen(conversation=access.get_conversation(caller.agent, id), agent=caller.agent)
    return _conversation(caller, id)


def _conversation(caller: Caller, pk: int) -> ConversationOut:
    return conversation_out(access.get_conversation(caller.agent, pk))


def _message(caller: Caller, pk: int) -> MessageOut:
    return message_out(queries.shown(caller.agent, access.get_message(caller.agent, pk)))
