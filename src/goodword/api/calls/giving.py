"""Conversations given to others, raised, put away and sorted, and calls that begin one."""

from typing import Any

from ninja import Router
from ninja.responses import Status

from goodword.api.access import Request, writes
from goodword.api.fields import PathId
from goodword.api.repeats import once
from goodword.api.shapes.calls import new_call
from goodword.api.shapes.conversations import ConversationDetail
from goodword.api.shapes.giving import (
    DecisionIn,
    EscalationIn,
    FirstCallIn,
    HandoverIn,
    SnoozeIn,
    TagsIn,
    TeamIn,
    team_named,
)
from goodword.api.shapes.promises import agent_named, new_promise
from goodword.customers import access as customers
from goodword.inbox import access, actions
from goodword.mail.models import Mailbox

from .conversations import shown

router = Router(tags=["conversations"])


@router.post("/conversations/{id}/team", response=ConversationDetail, auth=writes)
def assign_to_team(request: Request, id: PathId, body: TeamIn) -> ConversationDetail:
    """Put a conversation into a team, or take it out of its team; who has it, keeps it."""
    caller = request.auth
    place = access.get_conversation(caller.agent, id)
    team = team_named(body.team) if body.team else None
    actions.assign_team(conversation=place, agent=caller.agent, team=team)
    return shown(caller, id)


@router.post("/conversations/{id}/handover", response=ConversationDetail, auth=writes)
def hand_over(request: Request, id: PathId, body: HandoverIn) -> ConversationDetail:
    """Give a conversation to somebody else with a summary, and tell the customer if you like."""
    caller = request.auth
    place, to = access.get_conversation(caller.agent, id), body.whom()
    actions.hand_over(
        conversation=place,
        agent=caller.somebody(),
        to=to,
        summary=body.summary,
        tell_customer=body.tell_customer,
        revision=body.revision,
        with_promises=body.with_promises,
    )
    return shown(caller, id)


@router.post("/conversations/{id}/escalate", response=ConversationDetail, auth=writes)
def escalate(request: Request, id: PathId, body: EscalationIn) -> ConversationDetail:
    """Raise a conversation to those who decide what its agent cannot; the same reason again is harmless."""
    caller = request.auth
    actions.escalate(
        conversation=access.get_conversation(caller.agent, id),
        agent=caller.agent,
        reason=body.reason,
        level=body.level,
        to=agent_named(body.agent) if body.agent else None,
    )
    return shown(caller, id)


@router.post("/conversations/{id}/decide", response=ConversationDetail, auth=writes)
def decide(request: Request, id: PathId, body: DecisionIn) -> ConversationDetail:
    """Say what was decided of an escalated conversation; its levels end with it."""
    caller = request.auth
    place = access.get_conversation(caller.agent, id)
    actions.end_escalation(conversation=place, agent=caller.somebody(), decision=body.decision)
    return shown(caller, id)


@router.post("/conversations/{id}/snooze", response=ConversationDetail, auth=writes)
def snooze(request: Request, id: PathId, body: SnoozeIn) -> ConversationDetail:
    """Put a conversation away until a moment; a message of the customer's brings it back earlier."""
    caller = request.auth
    place = access.get_conversation(caller.agent, id)
    actions.snooze(conversation=place, agent=caller.agent, until=body.until)
    return shown(caller, id)


@router.post("/conversations/{id}/tags", response=ConversationDetail, auth=writes)
def tag(request: Request, id: PathId, body: TagsIn) -> ConversationDetail:
    """Put tags on a conversation and take others off."""
    caller = request.auth
    place = access.get_conversation(caller.agent, id)
    for name in body.remove:
        actions.remove_tag(conversation=place, agent=caller.agent, name=name)
    for name in body.add:
        actions.add_tag(conversation=place, agent=caller.agent, name=name)
    return shown(caller, id)


@router.post("/customers/{id}/calls", response={201: ConversationDetail}, auth=writes)
def log_first_call(request: Request, id: PathId, body: FirstCallIn) -> Status[Any]:
    """Write down a call that belongs to no conversation yet: it opens one."""
    caller = request.auth

    def do() -> int:
        boxes = Mailbox.objects.exclude(pk__in=caller.hidden())
        written = actions.open_by_call(
            customer=customers.get_customer(caller.agent, id),
            agent=caller.agent,
            subject=body.subject,
            mailbox=boxes.get(address=body.mailbox.lower()) if body.mailbox else None,
            call=new_call(body),
            promises=[new_promise(promise) for promise in body.promises],
        )
        return written.conversation_id

    return Status(201, shown(caller, once(request, caller, body=body, do=do)))
