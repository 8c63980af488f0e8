"""Help in a hard conversation: an agent calls, and a lead joins or takes over."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.events.actions import record
from goodword.inbox import access as inbox_access
from goodword.inbox import actions as inbox
from goodword.inbox.models import Conversation
from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from ..models import CallForHelp
from ..telling import clean

How = CallForHelp.Answer


@transaction.atomic
def call_for_help(*, conversation: Conversation, agent: Agent, words: str = "") -> CallForHelp:
    """Page the leads. A call that is open already stays the one; new words are added to it."""
    place = _place(conversation, agent)
    standing = place.calls_for_help.filter(answered_at=None).first()
    said = clean(words, 2_000)
    if standing is not None:
        if said and said not in standing.words:
            standing.words = f"{standing.words}\n{said}".strip()
            standing.save(update_fields=["words"])
        return standing
    made = CallForHelp.objects.create(conversation=place, by=agent, words=said)
    _tell("help.called", made, agent, words=said[:500])
    return made


@transaction.atomic
def join(*, call: CallForHelp, lead: Agent, words: str = "") -> CallForHelp:
    """The lead is with the agent: a note says so and names them; the conversation stays the agent's."""
    require_lead(lead)
    found = _locked(call, lead)
    if found.answered_at is not None:
        return found
    said = clean(words, 2_000) or gettext("I am with you. Let us look at it together.")
    handle = f"@{found.by.handle} " if found.by and found.by_id != lead.pk else ""
    inbox.note(conversation=_place(found.conversation, lead), agent=lead, markdown=f"{handle}{said}")
    return _answer(found, lead, How.JOINED, "help.joined")


@transaction.atomic
def take_over(*, call: CallForHelp, lead: Agent, words: str = "") -> CallForHelp:
    """The lead sees to it from here on, and thanks the agent for calling in time."""
    require_lead(lead)
    found = _locked(call, lead)
    if found.answered_at is not None:
        return found
    said = clean(words, 2_000) or gettext(
        "Good that you called. I take it from here; stay with me if you like."
    )
    handle = f"@{found.by.handle} " if found.by and found.by_id != lead.pk else ""
    place = _place(found.conversation, lead)
    inbox.note(conversation=place, agent=lead, markdown=f"{handle}{said}")
    inbox.assign(conversation=place, agent=lead, to=lead)
    return _answer(found, lead, How.TOOK_OVER, "help.took_over")


@transaction.atomic
def manage(*, call: CallForHelp, agent: Agent) -> CallForHelp:
    """No help is needed any more."""
    found = _locked(call, agent)
    if found.answered_at is not None:
        return found
    return _answer(found, agent, How.MANAGED, "help.managed")


def _locked(call: CallForHelp, agent: Agent) -> CallForHelp:
    """The call, its conversation locked first: whoever calls again does it in that order, too."""
    _place(call.conversation, agent)
    seen = CallForHelp.objects.filter(conversation__in=inbox_access.conversations(agent))
    return seen.select_for_update(of=("self",)).select_related("conversation", "by").get(pk=call.pk)


def _place(conversation: Conversation, agent: Agent) -> Conversation:
    """The conversation, or where it was merged into, locked."""
    return inbox_access.locked(agent, (inbox_access.merged_into(conversation) or conversation).pk)


def _answer(call: CallForHelp, agent: Agent, how: How, kind: str) -> CallForHelp:
    call.answered_by, call.answered_at, call.answer = agent, timezone.now(), how
    call.save(update_fields=["answered_by", "answered_at", "answer"])
    _tell(kind, call, agent, asker=call.by_id)
    return call


def _tell(kind: str, call: CallForHelp, agent: Agent, **data: object) -> None:
    record(
        kind,
        conversation_id=call.conversation_id,
        customer_id=call.conversation.customer_id,
        mailbox_id=call.conversation.mailbox_id,
        agent_id=agent.pk,
        data={"call": call.pk, **data},
    )
