"""Writing a proposal: several ways to put a complaint right, each with what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.goodwill import actions as goodwill
from goodword.goodwill.models import ApprovalRequest
from goodword.staff.models import Agent
from goodword.ui.money import say_money

from .. import access
from ..errors import ComplaintError
from ..models import Complaint, Proposal, ProposalOption
from ..offers import ON_OFFER, SUBJECT
from ..telling import clean, tell

State = Proposal.State
MOST_OPTIONS = 6
MOST = Decimal("9999999999.99")
OPTION_LENGTH = 500
TEXT_LENGTH = 5_000


@dataclass(frozen=True)
class NewOption:
    """A way to put it right: what the customer reads, what it costs the house, what it is worth in money."""

    kind: str
    text: str
    cost: Decimal = Decimal()
    value: Decimal | None = None


@transaction.atomic
def save_proposal(
    *, complaint: Complaint, agent: Agent | None, options: Sequence[NewOption], text: str = ""
) -> Proposal:
    """Write the complaint's proposal, or write it anew as long as it was not sent.

    Nothing reaches the customer yet; what they were offered already, word for word, is not written again.
    An approval that was given for other options does not hold any more.
    Raises ComplaintError for what cannot be offered, and while somebody is asked to approve it.
    """
    found = access.locked(agent, complaint.pk)
    require_open(found)
    wanted = checked(options)
    newest = found.proposals.filter(state__in=[State.DRAFT, State.APPROVAL]).order_by("-id").first()
    proposal = workable_proposal(newest.pk) if newest else None
    if proposal is not None and proposal.state == State.APPROVAL:
        raise ComplaintError(
            gettext("This proposal waits for approval. Take the request back before you change it.")
        )
    words = clean(text, TEXT_LENGTH)
    on_offer = found.proposals.filter(state__in=ON_OFFER, expires_at__gt=timezone.now())
    standing = proposal or on_offer.order_by("-id").first()
    if standing is not None and (standing.text, offered(standing)) == (words, wanted):
        return standing
    if proposal is None:
        proposal = Proposal(complaint=found)
    proposal.by, proposal.at, proposal.text = agent, timezone.now(), words
    proposal.save()
    proposal.options.all().delete()
    ProposalOption.objects.bulk_create(
        [
            ProposalOption(
                proposal=proposal,
                kind=one.kind,
                text=one.text,
                cost=one.cost,
                value=one.value,
                order=order,
            )
            for order, one in enumerate(wanted)
        ]
    )
    tell("complaint.proposal_written", found, agent=agent, proposal=proposal.pk, options=len(wanted))
    return proposal


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, agent: Agent | None, note: str = "") -> Proposal:
    """It is not offered any more; the customer's page says so. One that was settled stays as it is."""
    goodwill.take_turns(agent, proposal.complaint.customer)
    complaint = access.locked(agent, proposal.complaint_id)
    locked = workable_proposal(proposal.pk)
    if locked.state == State.WITHDRAWN:
        return locked
    if locked.state not in (State.DRAFT, State.APPROVAL, *ON_OFFER):
        raise ComplaintError(
            gettext("The proposal is %(state)s. Write a new one if something else is to be offered.")
            % {"state": locked.get_state_display()}
        )
    if locked.state == State.APPROVAL:
        for request in open_requests(locked):
            goodwill.withdraw(request=request, by=None)
    locked.state = State.WITHDRAWN
    locked.save(update_fields=["state"])
    tell("complaint.proposal_withdrawn", complaint, agent=agent, proposal=locked.pk, note=clean(note, 500))
    return locked


def locked_proposal(pk: int) -> Proposal:
    """The proposal with its row locked; the complaint's row is locked first, always."""
    return (
        Proposal.objects.select_for_update(of=("self",))
        .select_related("complaint__customer", "complaint__conversation", "by")
        .get(pk=pk)
    )


def workable_proposal(pk: int) -> Proposal:
    """As `locked_proposal`; one whose request for approval is gone can be worked on again."""
    proposal = locked_proposal(pk)
    if proposal.state == State.APPROVAL and not open_requests(proposal):
        proposal.state = State.DRAFT
        proposal.save(update_fields=["state"])
    return proposal


def open_requests(proposal: Proposal) -> list[ApprovalRequest]:
    """The requests for approval of it that nobody has answered."""
    waiting = ApprovalRequest.objects.filter(
        subject_kind=SUBJECT, subject_id=proposal.pk, state=ApprovalRequest.State.OPEN
    )
    return list(waiting.order_by("id"))


def offered(proposal: Proposal) -> list[NewOption]:
    """The options of a proposal."""
    return [NewOption(one.kind, one.text, one.cost, one.value) for one in proposal.options.all()]


def require_open(complaint: Complaint) -> None:
    """Raise ComplaintError for a closed complaint."""
    if not complaint.is_open:
        raise ComplaintError(gettext("%(number)s is closed. Reopen it first.") % {"number": complaint.number})


def checked(options: Sequence[NewOption]) -> list[NewOption]:
    """The options as they are kept; raises ComplaintError for what cannot be offered."""
    if not options:
        raise ComplaintError(gettext("There is nothing to choose from yet. Add an option."))
    if len(options) > MOST_OPTIONS:
        raise ComplaintError(
            gettext("%(count)d options are more than anybody weighs. Keep the best %(most)d.")
            % {"count": len(options), "most": MOST_OPTIONS}
        )
    wanted = [checked_option(one) for one in options]
    for one in wanted:
        if one.kind == ProposalOption.Kind.VOUCHER:
            _check_voucher(one.cost, one.value)
    return wanted


def checked_option(option: NewOption) -> NewOption:
    """The option as it is kept; raises ComplaintError for one that cannot be offered."""
    if option.kind not in ProposalOption.Kind.values:
        raise ComplaintError(
            gettext("'%(kind)s' is no kind of remedy. Choose one of the list.") % {"kind": option.kind}
        )
    text = clean(option.text, OPTION_LENGTH)
    if not text:
        raise ComplaintError(gettext("An option has no words. Write what the customer gets."))
    cost, value = _amount(option.cost), None if option.value is None else _amount(option.value)
    return NewOption(option.kind, text, cost, value)


def _check_voucher(cost: Decimal, value: Decimal | None) -> None:
    """Raise ComplaintError for a voucher over nothing, or one that costs more than it takes off."""
    worth = cost if value is None else value
    if worth <= 0:
        raise ComplaintError(
            gettext("A voucher over %(worth)s takes nothing off. Write what it is worth to the customer.")
            % {"worth": say_money(worth)}
        )
    if cost > worth:
        raise ComplaintError(
            gettext(
                "This voucher would cost us %(cost)s and be worth %(worth)s. "
                "It cannot cost more than it takes off: correct one of the two."
            )
            % {"cost": say_money(cost), "worth": say_money(worth)}
        )


def _amount(given: Decimal) -> Decimal:
    if not given.is_finite() or not 0 <= given <= MOST:
        raise ComplaintError(
            gettext("%(amount)s is no amount of money. Write one such as 12.50.") % {"amount": given}
        )
    return given.quantize(Decimal("0.01"))
