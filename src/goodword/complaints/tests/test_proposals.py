"""Proposing ways to put it right: written, within what an agent may give, approved, sent, ended."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from goodword.coaching.actions import review_draft
from goodword.complaints import actions
from goodword.complaints.actions import NewOption
from goodword.complaints.errors import ComplaintError
from goodword.complaints.letters import proposal_letter
from goodword.complaints.models import Proposal
from goodword.events.models import Event
from goodword.goodwill import actions as goodwill
from goodword.inbox import actions as inbox
from goodword.inbox.models import Message
from goodword.staff.models import AuthorityLevel

State = Proposal.State


@pytest.fixture
def levels(owner, team_mate, lead):
    """Olga may give up to 20 at once, Tariq up to 200."""
    small = AuthorityLevel.objects.create(name="Agent", rank=1, per_gesture=20, per_month=100)
    large = AuthorityLevel.objects.create(name="Senior", rank=2, per_gesture=200, per_month=1000)
    owner.authority, team_mate.authority, lead.authority = small, large, large
    for agent in (owner, team_mate, lead):
        agent.save()


THREE = [
    NewOption("replacement", "A new kettle, sent today", Decimal("12")),
    NewOption("refund", "Your money back", Decimal("15"), Decimal("15")),
    NewOption("voucher", "A voucher for your next order", Decimal("20"), Decimal("20")),
]
DEAR = [NewOption("refund", "Your money back", Decimal("90"), Decimal("90"))]


def written(complaint, agent, options=THREE, text=""):
    return actions.save_proposal(complaint=complaint, agent=agent, options=options, text=text)


def test_a_proposal_within_the_limits_is_sent_with_its_link(complaint, owner, levels):
    sent = actions.send_proposal(proposal=written(complaint, owner), agent=owner)
    assert sent.state == State.SENT
    complaint.refresh_from_db()
    assert complaint.stage == "proposed"
    assert sent.message.kind == Message.Kind.REPLY
    assert re.search(r"/yours/choice/\S+", sent.message.text)
    assert "There are 3 ways" in sent.message.text
    assert sent.expires_at > timezone.now() + timedelta(days=13)


def test_sending_twice_is_one_mail(complaint, owner, levels):
    proposal = written(complaint, owner)
    actions.send_proposal(proposal=proposal, agent=owner)
    actions.send_proposal(proposal=proposal, agent=owner)
    assert complaint.conversation.messages.filter(kind=Message.Kind.REPLY).count() == 1


def test_the_same_written_and_sent_again_is_one_mail(complaint, owner, levels):
    first = actions.send_proposal(proposal=written(complaint, owner), agent=owner)
    again = actions.send_proposal(proposal=written(complaint, owner), agent=owner)
    assert (again, again.state) == (first, State.SENT)
    assert complaint.conversation.messages.filter(kind=Message.Kind.REPLY).count() == 1


def test_nothing_reaches_the_customer_before_it_is_sent(complaint, owner, levels):
    written(complaint, owner)
    assert not complaint.conversation.messages.filter(kind=Message.Kind.REPLY).exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "nothing to choose from"),
        ([NewOption("refund", " ")], "no words"),
        ([NewOption("hug", "A hug")], "'hug' is no kind"),
        ([NewOption("refund", "Money", Decimal("-1"))], "-1 is no amount"),
        ([NewOption("refund", "Money", Decimal("NaN"))], "NaN is no amount"),
        ([NewOption("gift", f"Gift {n}") for n in range(7)], "7 options are more"),
    ],
)
def test_what_cannot_be_offered_is_refused_in_a_sentence(complaint, owner, options, sentence):
    with pytest.raises(ComplaintError, match=sentence):
        written(complaint, owner, options)


def test_more_than_the_agent_may_give_is_not_sent_and_says_who_may(complaint, owner, levels):
    with pytest.raises(actions.NeedsApproval, match="'Senior' may decide"):
        actions.send_proposal(proposal=written(complaint, owner, DEAR), agent=owner)
    assert complaint.proposals.get().state == State.DRAFT


def test_what_was_approved_is_sent_by_itself(complaint, owner, team_mate, levels):
    proposal = written(complaint, owner, DEAR)
    request = actions.ask_approval(proposal=proposal, agent=owner, reason="The second kettle in a month.")
    proposal.refresh_from_db()
    assert proposal.state == State.APPROVAL
    goodwill.approve(request=request, by=team_mate, reason="Agreed, she waited long.")
    proposal.refresh_from_db()
    assert proposal.state == State.SENT
    assert proposal.message.agent == owner
    kinds = Event.objects.filter(kind__startswith="complaint.proposal_approved")
    assert kinds.get().data["note"] == "Agreed, she waited long."


def test_asking_needs_a_reason_and_asking_twice_is_one_request(complaint, owner, levels):
    proposal = written(complaint, owner, DEAR)
    with pytest.raises(ComplaintError, match="Say why"):
        actions.ask_approval(proposal=proposal, agent=owner, reason=" ")
    first = actions.ask_approval(proposal=proposal, agent=owner, reason="Long wait")
    assert actions.ask_approval(proposal=proposal, agent=owner, reason="Long wait") == first


def test_what_was_refused_can_be_written_anew(complaint, owner, team_mate, levels):
    proposal = written(complaint, owner, DEAR)
    request = actions.ask_approval(proposal=proposal, agent=owner, reason="Long wait")
    goodwill.refuse(request=request, by=team_mate, reason="Offer a new kettle first.")
    proposal.refresh_from_db()
    assert proposal.state == State.DRAFT
    assert Event.objects.get(kind="complaint.proposal_refused").data["note"] == "Offer a new kettle first."
    assert actions.send_proposal(proposal=written(complaint, owner), agent=owner).state == State.SENT


def test_while_it_waits_for_approval_it_is_not_changed_and_can_be_taken_back(complaint, owner, levels):
    proposal = written(complaint, owner, DEAR)
    request = actions.ask_approval(proposal=proposal, agent=owner, reason="Long wait")
    with pytest.raises(ComplaintError, match="Take the request back"):
        written(complaint, owner)
    with pytest.raises(ComplaintError, match="waits for approval"):
        actions.send_proposal(proposal=proposal, agent=owner)
    actions.take_back_request(proposal=proposal, agent=owner)
    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert written(complaint, owner).state == State.DRAFT


def test_an_approval_holds_for_what_was_approved_only(complaint, owner, team_mate, levels):
    proposal = written(complaint, owner, DEAR)
    request = actions.ask_approval(proposal=proposal, agent=owner, reason="Long wait")
    inbox.hear(conversation=complaint.conversation, text="And where is my parcel?")
    goodwill.approve(request=request, by=team_mate)
    proposal.refresh_from_db()
    assert proposal.state == State.DRAFT, "the customer wrote meanwhile, so the agent reads that first"
    changed = written(complaint, owner, [*DEAR, NewOption("gift", "A second kettle", Decimal("50"))])
    with pytest.raises(actions.NeedsApproval):
        actions.send_proposal(proposal=changed, agent=owner)


def test_an_approved_proposal_waits_for_the_agent_when_the_customer_wrote(
    complaint, owner, team_mate, levels
):
    proposal = written(complaint, owner, DEAR)
    request = actions.ask_approval(proposal=proposal, agent=owner, reason="Long wait")
    inbox.hear(conversation=complaint.conversation, text="And where is my parcel?")
    goodwill.approve(request=request, by=team_mate)
    assert actions.send_proposal(proposal=proposal, agent=owner).state == State.SENT


def test_a_newer_proposal_takes_the_place_of_the_earlier_one(complaint, owner, levels):
    first = actions.send_proposal(proposal=written(complaint, owner), agent=owner)
    second = actions.send_proposal(proposal=written(complaint, owner, THREE[:2]), agent=owner)
    first.refresh_from_db()
    assert (first.state, second.state) == (State.WITHDRAWN, State.SENT)


def test_a_proposal_ends_once_and_the_owner_hears_of_it(complaint, owner, levels):
    sent = actions.send_proposal(proposal=written(complaint, owner), agent=owner)
    assert actions.expire_due(sent.expires_at - timedelta(seconds=1)) == 0
    assert actions.expire_due(sent.expires_at) == 1
    assert actions.expire_due(sent.expires_at) == 0
    assert Event.objects.filter(kind="complaint.proposal_expired").count() == 1


def test_a_proposal_can_be_withdrawn(complaint, owner, levels):
    sent = actions.send_proposal(proposal=written(complaint, owner), agent=owner)
    actions.withdraw_proposal(proposal=sent, agent=owner, note="The kettle is sold out.")
    assert actions.withdraw_proposal(proposal=sent, agent=owner).state == State.WITHDRAWN


def test_a_stranger_can_do_nothing_about_it(complaint, owner, stranger, levels):
    proposal = written(complaint, owner)
    for verb in (actions.send_proposal, actions.withdraw_proposal):
        with pytest.raises(type(complaint).DoesNotExist):
            verb(proposal=proposal, agent=stranger)


@pytest.mark.parametrize("count", [1, 3])
def test_the_words_that_bring_a_proposal_read_well(complaint, owner, count):
    proposal = written(complaint, owner, THREE[:count], "We found that the seal was faulty from the start.")
    proposal.expires_at = timezone.now() + timedelta(days=14)
    draft = proposal_letter(proposal, list(proposal.options.all()), agent="Olga Owner")
    said = review_draft(
        draft=draft, customer_message="This is the second kettle that leaks.", customer_name="Carla Customer"
    )
    grave = [one for one in said["findings"] if one["severity"] in ("stop", "warn")]
    assert grave == []


def test_offers_that_wait_count_in_the_month_s_limit(place, owner, customer, mailbox, levels):
    def offer(subject):
        other = inbox.open_conversation(customer=customer, subject=subject, text="It leaks.", mailbox=mailbox)
        case = actions.open_complaint(conversation=other, agent=owner, what_happened=subject)
        options = [NewOption("refund", "Your money back", Decimal("20"), Decimal("20"))]
        return actions.send_proposal(proposal=written(case, owner, options), agent=owner)

    sent = [offer(f"Kettle {n}") for n in range(5)]
    with pytest.raises(actions.NeedsApproval, match=r"€100.00 is on offer"):
        offer("One more")
    actions.withdraw_proposal(proposal=sent[0], agent=owner)
    assert offer("One more at last").state == State.SENT
