"""What a customer says to a proposal, on a page of their own: this one, none of them, or a question first.

Said twice it counts once. What is chosen stays chosen: there is one choice, however many are made at once,
since the complaint's row is locked and the table takes one only.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.goodwill.actions.giving import take_turns
from goodword.inbox import actions as inbox
from goodword.inbox.errors import NotPossible

from .. import access
from ..errors import ComplaintError
from ..letters import chosen_letter
from ..models import Choice, Complaint, Proposal, ProposalOption, StageKey
from ..offers import ON_OFFER
from ..telling import clean, tell, tell_unsent
from .owner_news import tell_owner
from .proposing import State, locked_proposal
from .proposing_money import decider_of
from .proposing_sending import go_to
from .remedies import remedy_for

WORDS_LENGTH = 5_000
Kind = Choice.Kind


class NotOnOffer(ComplaintError):
    """The proposal cannot be answered any more; `state` says why: expired, withdrawn, or settled."""

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal
        self.state = proposal.state
        super().__init__(gettext("This proposal is not open any more. Answer our mail, and we see to it."))


@transaction.atomic
def choose(*, proposal: Proposal, option: ProposalOption, at: datetime | None = None) -> Choice:
    """The customer chose this option: a remedy with a promise behind it, and a mail that confirms it.

    Choosing the same again gives back the choice; raises NotOnOffer for another one, and where the proposal
    has expired or was withdrawn.
    """
    now = at or timezone.now()
    complaint, locked = _locked(proposal)
    made = settled(locked)
    if made is not None and made.option_id == option.pk:
        return made
    _require_on_offer(locked, now)
    picked = locked.options.filter(pk=option.pk).first()
    if picked is None:
        raise NotOnOffer(locked)
    locked.state = State.CHOSEN
    locked.save(update_fields=["state"])
    choice = Choice.objects.create(proposal=locked, option=picked, kind=Kind.CHOSEN, at=now)
    tell(
        "complaint.chosen",
        complaint,
        agent=None,
        proposal=locked.pk,
        option=picked.pk,
        what=picked.text[:300],
        owner=complaint.owner_id,
    )
    go_to(complaint, agent=None, to=StageKey.AGREED, at=now)
    remedy = remedy_for(complaint, locked, picked, at=now)
    told = gettext("The customer chose for %(number)s. What was agreed stands under its remedies.")
    tell_owner(complaint, told % {"number": complaint.number})
    try:
        with transaction.atomic():
            inbox.confirm(
                conversation=access.place_of(complaint), markdown=chosen_letter(locked, remedy), at=now
            )
    except NotPossible as error:
        # The page has said it to the customer already.
        tell_unsent(complaint, str(error))
    return choice


@transaction.atomic
def decline(*, proposal: Proposal, words: str = "", at: datetime | None = None) -> Choice:
    """None of the options suits: the customer's words go into the conversation, and the case goes on."""
    now = at or timezone.now()
    complaint, locked = _locked(proposal)
    made = settled(locked)
    if made is not None and made.kind == Kind.DECLINED:
        return made
    _require_on_offer(locked, now)
    said = clean(words, WORDS_LENGTH)
    locked.state = State.DECLINED
    locked.save(update_fields=["state"])
    choice = Choice.objects.create(proposal=locked, kind=Kind.DECLINED, words=said, at=now)
    tell(
        "complaint.declined",
        complaint,
        agent=None,
        proposal=locked.pk,
        note=said[:500],
        owner=complaint.owner_id,
    )
    go_to(complaint, agent=None, to=StageKey.INVESTIGATING, at=now)
    none = gettext("None of the options suits me.")
    _say(complaint, f"{none}\n\n{said}" if said else none, now)
    return choice


@transaction.atomic
def ask_back(*, proposal: Proposal, words: str, at: datetime | None = None) -> Choice:
    """The customer asks something first; the proposal stays open. The same question twice is one.

    Also after a choice: then it is said, and nothing else changes.
    """
    now = at or timezone.now()
    said = clean(words, WORDS_LENGTH)
    if not said:
        raise ComplaintError(gettext("There is nothing in it yet. Write a word or two."))
    complaint, locked = _locked(proposal)
    before = locked.choices.filter(kind=Kind.ASKED, words=said).first()
    if before is not None:
        return before
    if locked.state == State.SENT and not _is_over(locked, now):
        locked.state = State.ASKED
        locked.save(update_fields=["state"])
    asked = Choice.objects.create(proposal=locked, kind=Kind.ASKED, words=said, at=now)
    tell(
        "complaint.asked_back",
        complaint,
        agent=None,
        proposal=locked.pk,
        note=said[:500],
        owner=complaint.owner_id,
    )
    _say(complaint, said, now)
    return asked


def settled(proposal: Proposal) -> Choice | None:
    """What the customer said to it, where that settled it."""
    return proposal.choices.filter(kind__in=[Kind.CHOSEN, Kind.DECLINED]).select_related("option").first()


def _locked(proposal: Proposal) -> tuple[Complaint, Proposal]:
    # The ledger of gestures takes turns before anything is locked, here as where it is approved.
    take_turns(decider_of(proposal), proposal.complaint.customer)
    complaint = access.locked(None, proposal.complaint_id)
    locked = locked_proposal(proposal.pk)
    locked.complaint = complaint
    return complaint, locked


def _require_on_offer(proposal: Proposal, now: datetime) -> None:
    if proposal.state not in ON_OFFER or _is_over(proposal, now) or not proposal.complaint.is_open:
        raise NotOnOffer(proposal)


def _is_over(proposal: Proposal, now: datetime) -> bool:
    return proposal.expires_at is not None and proposal.expires_at <= now


def _say(complaint: Complaint, words: str, now: datetime) -> None:
    inbox.hear(conversation=access.place_of(complaint), text=words, at=now)
