"""What a customer's own pages about their complaint show."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from ..letters import where_to_go
from ..models import Choice, Complaint, FollowUp, Proposal, ProposalOption, Remedy, StageRecord
from ..remedies import UNAGREED, due_of, shown_code, state_words, words_ahead

State = Proposal.State
ON_OFFER = (State.SENT, State.ASKED)


@dataclass(frozen=True)
class OnOffer:
    """An option, and what happens next when it is chosen."""

    option: ProposalOption
    next: str


@dataclass(frozen=True)
class RemedyShown:
    """A remedy in the customer's eyes."""

    remedy: Remedy
    words: str
    due_at: datetime | None

    @property
    def is_done(self) -> bool:
        """It has happened."""
        return self.remedy.state == Remedy.State.DONE

    @property
    def has_failed(self) -> bool:
        """It did not happen; the house sees to another way, or asks whether it may be done after all."""
        return self.remedy.state in (Remedy.State.FAILED, Remedy.State.ASKED)

    @property
    def code(self) -> str:
        """The code that can still be used, as people read it."""
        return shown_code(self.remedy)

    @property
    def is_late(self) -> bool:
        """It should have happened by now."""
        waits = self.remedy.state == Remedy.State.OPEN and self.due_at is not None
        return waits and self.due_at is not None and self.due_at < timezone.now()


@dataclass(frozen=True)
class ChoicePage:
    """A proposal as its customer sees it.

    `state` is 'open', 'chosen', 'declined', 'expired', 'superseded' (a newer one was sent) or 'withdrawn'.
    """

    proposal: Proposal
    state: str
    options: list[OnOffer]
    choice: Choice | None
    remedies: list[RemedyShown]
    was_asked: bool
    where_to_go: str


def choice_page(pk: int) -> ChoicePage:
    """The page of a proposal that was sent; raises Proposal.DoesNotExist."""
    proposal = (
        Proposal.objects.filter(complaint__customer__erased_at=None)
        .exclude(sent_at=None)
        .select_related(
            "complaint__customer",
            "complaint__conversation__mailbox",
            "complaint__procedure",
            "complaint__team",
        )
        .get(pk=pk)
    )
    choices = list(proposal.choices.select_related("option").order_by("id"))
    made = next((one for one in choices if one.kind != Choice.Kind.ASKED), None)
    now = timezone.now()
    complaint = proposal.complaint
    return ChoicePage(
        proposal=proposal,
        state=_state(proposal, now),
        options=[
            OnOffer(option, words_ahead(option.kind, due_of(option.kind, team=complaint.team, since=now)))
            for option in proposal.options.all()
        ],
        choice=made,
        remedies=remedies_shown(complaint),
        was_asked=len(choices) > (1 if made else 0),
        where_to_go=where_to_go(complaint),
    )


def remedies_shown(complaint: Complaint) -> list[RemedyShown]:
    """What is done for the customer, and how far it is."""
    # What has a promise was agreed, also where approval is waited for to do it after all.
    rows = complaint.remedies.exclude(state__in=UNAGREED, promise=None)
    rows = rows.select_related("promise", "option").order_by("id")
    return [
        RemedyShown(remedy, state_words(remedy), remedy.promise.due_at if remedy.promise else None)
        for remedy in rows
    ]


@dataclass(frozen=True)
class CasePage:
    """A complaint as its customer sees it: what happened so far, and what comes next."""

    complaint: Complaint
    steps: list[StageRecord]
    due_at: datetime | None
    open_proposal: Proposal | None
    remedies: list[RemedyShown]
    where_to_go: str


def case_page(pk: int) -> CasePage:
    """The customer's page about a complaint; raises Complaint.DoesNotExist."""
    complaint = (
        Complaint.objects.filter(customer__erased_at=None)
        .select_related("customer", "conversation__mailbox", "procedure", "team")
        .get(pk=pk)
    )
    records = list(complaint.stage_records.order_by("id"))
    names = dict(complaint.procedure.stages.values_list("key", "name"))
    for record in records:
        record.stage = names.get(record.stage, record.stage)
    return CasePage(
        complaint=complaint,
        steps=records,
        due_at=records[-1].due_at if records and complaint.is_open else None,
        open_proposal=complaint.proposals.filter(state__in=ON_OFFER, expires_at__gt=timezone.now())
        .order_by("-id")
        .first(),
        remedies=remedies_shown(complaint),
        where_to_go=where_to_go(complaint) if complaint.final_response_at else "",
    )


def follow_up_of(pk: int) -> FollowUp:
    """A follow-up that the customer was asked; raises FollowUp.DoesNotExist."""
    asked = FollowUp.objects.filter(complaint__customer__erased_at=None).exclude(sent_at=None)
    return asked.select_related("complaint__customer", "complaint__conversation__mailbox").get(pk=pk)


def _state(proposal: Proposal, now: datetime) -> str:
    if proposal.state in (State.CHOSEN, State.DECLINED):
        return str(proposal.state)
    if proposal.state == State.WITHDRAWN:
        newer = proposal.complaint.proposals.filter(pk__gt=proposal.pk).exclude(sent_at=None)
        return "superseded" if newer.exists() else "withdrawn"
    is_over = proposal.expires_at is not None and proposal.expires_at <= now
    if proposal.state == State.EXPIRED or is_over:
        return "expired"
    return "open" if proposal.complaint.is_open else "withdrawn"
