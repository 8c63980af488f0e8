"""The only way to a complaint on behalf of an agent: whoever may see its conversation may see it.

What an agent may not see does not exist for them: `DoesNotExist`. `agent` None is the house itself.
"""

from django.db.models import Q, QuerySet

from goodword.inbox import access as inbox
from goodword.inbox.models import Conversation, Merge
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
    seen = complaints(agent)
    # By itself: a row that is joined to its customer is not found when they change while it is waited for.
    seen.select_for_update(of=("self",), no_key=True).filter(pk=pk).values_list("pk").first()
    return seen.select_related("customer", "owner", "team", "procedure", "conversation").get(pk=pk)


def of_conversation(agent: Agent | None, conversation: Conversation) -> QuerySet[Complaint]:
    """The complaints that were opened from the conversation or that it was linked to, the newest first."""
    seen = complaints(agent)
    own = Q(conversation=conversation) | Q(conversation__in=went_into(conversation.pk))
    return seen.filter(own | Q(further__conversation=conversation)).distinct().order_by("-id")


def open_in(conversation: Conversation) -> QuerySet[Complaint]:
    """The open complaints that go on in the conversation, whoever may see them, the newest first."""
    here = Q(conversation=conversation) | Q(conversation__in=went_into(conversation.pk))
    return Complaint.objects.filter(here, closed_at=None).order_by("-id")


def went_into(pk: int) -> QuerySet[Merge, int]:
    """The numbers of the conversations that went into this one, or into one that did.

    A complaint stays with the conversation it was opened from, as a merge can be taken back.
    """
    standing = Merge.objects.filter(undone_at=None)
    direct = standing.filter(target=pk)
    both = Q(pk__in=direct.values("pk")) | Q(target__in=direct.values("source"))
    return standing.filter(both).values_list("source", flat=True)


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
