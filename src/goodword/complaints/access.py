"""The only way to a complaint on behalf of an agent: whoever may see its conversation may see it.

What an agent may not see does not exist for them: `DoesNotExist`. `agent` None is the house itself.
"""

from django.db.models import QuerySet

from goodword.inbox import access as inbox
from goodword.inbox.models import Conversation
from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent

from .models import CheckItem, Complaint, Evidence, Prevention, Proposal, Question, Remedy

LARGEST = 2**63 - 1


def complaints(agent: Agent | None) -> QuerySet[Complaint]:
    """Every complaint the agent may see; costs one query to find out which those are."""
    if agent is None:
        return Complaint.objects.all()
    if not agent.is_active:
        return Complaint.objects.none()
    hidden = hidden_mailboxes(agent)
    seen = Complaint.objects.all()
    return seen.exclude(conversation__mailbox__in=hidden) if hidden else seen


def get_complaint(agent: Agent | None, pk: int) -> Complaint:
    """A complaint with its people, its procedure and its conversation."""
    if not 0 < int(pk) <= LARGEST:
        raise Complaint.DoesNotExist
    found = complaints(agent).select_related(
        "customer", "owner", "team", "procedure", "conversation__mailbox", "cause__parent"
    )
    return found.get(pk=pk)


def by_number(agent: Agent | None, number: str) -> Complaint:
    """A complaint by its number, such as C-2026-0007, in whatever case."""
    return (
        complaints(agent)
        .select_related("customer", "procedure", "conversation")
        .get(number=number.strip().upper())
    )


def locked(agent: Agent | None, pk: int) -> Complaint:
    """The complaint with its row locked until the transaction ends."""
    return (
        complaints(agent)
        .select_for_update(of=("self",))
        .select_related("customer", "owner", "team", "procedure", "conversation")
        .get(pk=pk)
    )


def of_conversation(agent: Agent | None, conversation: Conversation) -> QuerySet[Complaint]:
    """The complaints that were opened from the conversation or that it was linked to, the newest first."""
    seen = complaints(agent)
    own = seen.filter(conversation=conversation) | seen.filter(further__conversation=conversation)
    return own.distinct().order_by("-id")


def place_of(complaint: Complaint) -> Conversation:
    """The conversation in which the complaint goes on: where it was merged into, when it was."""
    return inbox.merged_into(complaint.conversation) or complaint.conversation


def get_check_item(agent: Agent, pk: int) -> CheckItem:
    """A line of the checklist of a complaint the agent may see."""
    return CheckItem.objects.filter(complaint__in=complaints(agent)).select_related("complaint").get(pk=pk)


def get_evidence(agent: Agent, pk: int) -> Evidence:
    """A piece of evidence with its file."""
    return Evidence.objects.filter(complaint__in=complaints(agent)).select_related("blob").get(pk=pk)


def get_question(agent: Agent, pk: int) -> Question:
    """A question about a complaint the agent may see, or that the agent was asked."""
    asked = Question.objects.select_related("complaint__conversation", "asked_by", "agent")
    seen = asked.filter(complaint__in=complaints(agent)) | asked.filter(agent=agent)
    return seen.distinct().get(pk=pk)


def get_prevention(agent: Agent, pk: int) -> Prevention:
    """A prevention: everybody may know what is done so that things go better."""
    return Prevention.objects.select_related("cause", "owner").get(pk=pk)


def get_proposal(agent: Agent | None, pk: int) -> Proposal:
    """A proposal about a complaint the agent may see."""
    seen = Proposal.objects.filter(complaint__in=complaints(agent))
    return seen.select_related("complaint__customer", "complaint__team", "by").get(pk=pk)


def get_remedy(agent: Agent | None, pk: int) -> Remedy:
    """A remedy for a complaint the agent may see."""
    seen = Remedy.objects.filter(complaint__in=complaints(agent))
    return seen.select_related("complaint", "promise").get(pk=pk)
