"""Money that was offered or approved is spoken for until the customer has settled it: never given twice."""

import threading
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from goodword.complaints import actions
from goodword.complaints.actions import NewOption
from goodword.complaints.models import Complaint, Proposal, Remedy
from goodword.complaints.queries.choosing import remedies_shown
from goodword.customers.actions import customer_of
from goodword.events.models import Event
from goodword.goodwill import actions as goodwill
from goodword.goodwill import authority
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.models import ApprovalRequest, Gesture
from goodword.goodwill.months import month_of
from goodword.goodwill.queries import budget_states
from goodword.inbox import actions as inbox
from goodword.staff.models import AuthorityLevel

State = Proposal.State


@pytest.fixture
def levels(owner, lead):
    """Olga may give 20 at once and 100 in a month, Lena 200 and 150."""
    owner.authority = AuthorityLevel.objects.create(name="Agent", rank=1, per_gesture=20, per_month=100)
    lead.authority = AuthorityLevel.objects.create(name="Senior", rank=2, per_gesture=200, per_month=150)
    for agent in (owner, lead):
        agent.save()


@pytest.fixture
def cases(mailbox, team, owner):
    """As many complaints of different customers as are asked for."""

    def make(count):
        made = []
        for number in range(count):
            place = inbox.open_conversation(
                customer=customer_of(address=f"customer{number}@example.org"),
                subject="A kettle",
                text="It leaks.",
                mailbox=mailbox,
            )
            made.append(actions.open_complaint(conversation=place, agent=owner, what_happened="It leaks."))
        return made

    return make


def budget(amount):
    goodwill.set_budget(by=None, team=None, month=month_of(), amount=Decimal(amount))


def written(case, owner, cost="90"):
    options = [NewOption("refund", "Your money back", Decimal(cost), Decimal(cost))]
    return actions.save_proposal(complaint=case, agent=owner, options=options)


def asked(case, owner, cost="90"):
    return actions.ask_approval(proposal=written(case, owner, cost), agent=owner, reason="She waited long.")


def spoken_for():
    return authority.offers(None, None, None).house


def test_of_two_approvals_on_the_last_of_a_budget_one_is_given(cases, owner, lead, levels):
    budget(100)
    first, second = (asked(case, owner) for case in cases(2))
    goodwill.approve(request=first, by=lead)
    with pytest.raises(GoodwillError, match=r"€10.00 of the house's budget .* as €90.00 is on offer"):
        goodwill.approve(request=second, by=lead)
    assert not Gesture.objects.exists()
    assert budget_states(month_of())[0].left == Decimal(10)


def test_what_somebody_approved_counts_in_their_month_before_the_customer_chooses(cases, owner, lead, levels):
    first, second = (asked(case, owner) for case in cases(2))
    goodwill.approve(request=first, by=lead)
    with pytest.raises(GoodwillError, match=r"€60.00 of the €150.00 .* as €90.00 is on offer"):
        goodwill.approve(request=second, by=lead)


def test_an_offer_within_an_agents_own_limits_is_spoken_for_as_well(cases, owner, lead, levels):
    budget(30)
    first, second = cases(2)
    actions.send_proposal(proposal=written(first, owner, "20"), agent=owner)
    with pytest.raises(actions.NeedsApproval, match=r"€10.00 of the house's budget"):
        actions.send_proposal(proposal=written(second, owner, "20"), agent=owner)


def test_a_newer_offer_takes_the_place_of_the_earlier_one(complaint, owner, levels):
    budget(30)
    actions.send_proposal(proposal=written(complaint, owner, "20"), agent=owner)
    actions.send_proposal(proposal=written(complaint, owner, "18"), agent=owner)
    assert spoken_for() == Decimal(18)


def test_what_was_chosen_is_given_once_and_no_longer_spoken_for(complaint, owner, lead, levels):
    budget(90)
    request = asked(complaint, owner)
    goodwill.approve(request=request, by=lead)
    proposal = complaint.proposals.get()
    actions.choose(proposal=proposal, option=proposal.options.get())
    assert (spoken_for(), Gesture.objects.get().amount) == (Decimal(), Decimal(90))


def settle(how, proposal, owner):
    if how == "decline":
        actions.decline(proposal=proposal)
    elif how == "withdraw":
        actions.withdraw_proposal(proposal=proposal, agent=owner)
    else:
        with time_machine.travel(proposal.expires_at, tick=False):
            actions.expire_due(timezone.now())


@pytest.mark.parametrize("how", ["decline", "withdraw", "expire"])
def test_money_is_free_again_when_an_offer_comes_to_nothing(how, complaint, owner, lead, levels):
    goodwill.approve(request=asked(complaint, owner), by=lead)
    proposal = complaint.proposals.get()
    assert spoken_for() == Decimal(90)
    settle(how, proposal, owner)
    assert spoken_for() == Decimal()


def test_what_was_approved_and_not_sent_yet_is_spoken_for_until_it_is_written_anew(
    complaint, owner, lead, levels
):
    request = asked(complaint, owner)
    inbox.hear(conversation=complaint.conversation, text="One more thing.", at=timezone.now())
    goodwill.approve(request=request, by=lead)
    assert complaint.proposals.get().state == State.DRAFT
    assert spoken_for() == Decimal(90)
    written(complaint, owner, "10")
    assert spoken_for() == Decimal()


@pytest.mark.django_db(transaction=True)
def test_fifty_approvals_at_once_never_pass_a_budget(cases, owner, lead, levels):
    AuthorityLevel.objects.filter(name="Senior").update(per_month=None)
    lead.refresh_from_db()
    budget(70)
    requests = [asked(case, owner, "30") for case in cases(50)]
    gate = threading.Barrier(50)

    def approve(request):
        try:
            gate.wait(timeout=60)
            goodwill.approve(request=request, by=lead)
        except GoodwillError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ApprovalRequest.objects.filter(state=ApprovalRequest.State.APPROVED).count() == 2
    assert spoken_for() == Decimal(60)


def test_a_choice_is_booked_also_when_who_offered_it_has_left_the_team(complaint, owner, levels):
    proposal = actions.send_proposal(proposal=written(complaint, owner, "20"), agent=owner)
    owner.is_active, owner.authority = False, None
    owner.save()
    actions.choose(proposal=proposal, option=proposal.options.get())
    gesture = Gesture.objects.get()
    assert (gesture.agent, gesture.amount) == (owner, Decimal(20))


def test_what_cannot_be_booked_says_why(complaint, owner, levels):
    proposal = actions.send_proposal(proposal=written(complaint, owner, "20"), agent=owner)
    Proposal.objects.update(by=None)
    complaint.owner = None
    complaint.save()
    actions.choose(proposal=proposal, option=proposal.options.get())
    assert "Nobody is known who offered it" in Event.objects.get(kind="complaint.not_booked").data["note"]


def agreed(complaint, agent, cost, kind="refund"):
    return actions.add_remedy(
        complaint=complaint, agent=agent, kind=kind, what="Half the price", cost=Decimal(cost)
    )


def test_what_was_agreed_elsewhere_is_within_the_limits_and_in_the_ledger(complaint, owner, levels):
    remedy = agreed(complaint, owner, "15")
    gesture = Gesture.objects.get()
    assert (gesture.amount, gesture.agent, gesture.kind) == (Decimal(15), owner, "refund")
    assert remedy.promise.is_open
    agreed(complaint, owner, "15")
    assert Gesture.objects.count() == 1
    with pytest.raises(actions.NeedsApproval, match="'Senior' may decide"):
        agreed(complaint, owner, "40")
    assert Remedy.objects.count() == 1


def ask(complaint, owner, cost="40"):
    return actions.ask_for_remedy(
        complaint=complaint,
        agent=owner,
        kind="refund",
        what="Half the price",
        cost=Decimal(cost),
        reason="I promised it on the phone.",
    )


def test_more_is_asked_for_and_done_once_somebody_approves(complaint, owner, lead, levels):
    remedy = ask(complaint, owner)
    assert ask(complaint, owner) == remedy
    assert (remedy.state, remedy.promise) == (Remedy.State.ASKED, None)
    with pytest.raises(ValueError, match="waits for approval"):
        actions.refunded(remedy=remedy, agent=owner, reference="R 1")
    goodwill.approve(request=ApprovalRequest.objects.get(), by=lead)
    remedy.refresh_from_db()
    assert remedy.state == Remedy.State.OPEN
    assert remedy.promise.is_open
    assert Gesture.objects.get().decided_by == lead
    complaint.refresh_from_db()
    assert complaint.stage == "agreed"


def test_what_was_not_approved_or_taken_back_is_no_remedy(complaint, owner, lead, levels):
    refused = ask(complaint, owner)
    with pytest.raises(ValueError, match="not proven yet"):
        actions.close(complaint=complaint, agent=owner)
    goodwill.refuse(request=ApprovalRequest.objects.get(), by=lead, reason="A repair will do.")
    refused.refresh_from_db()
    assert (refused.state, refused.note) == (Remedy.State.REFUSED, "A repair will do.")
    back = actions.take_back_remedy(remedy=ask(complaint, owner, "50"), agent=owner)
    assert back.state == Remedy.State.REFUSED
    assert not ApprovalRequest.objects.filter(state=ApprovalRequest.State.OPEN).exists()
    assert not Gesture.objects.exists()
    actions.close(complaint=complaint, agent=owner)


def test_a_request_withdrawn_in_the_ledger_leaves_no_remedy_waiting(complaint, owner, levels):
    remedy = ask(complaint, owner)
    for _twice in range(2):
        goodwill.withdraw(request=ApprovalRequest.objects.get(), by=owner)
    remedy.refresh_from_db()
    assert (remedy.state, remedy.note) == (Remedy.State.REFUSED, "The request was taken back.")
    again = ask(complaint, owner)
    assert again != remedy
    actions.take_back_remedy(remedy=again, agent=owner)
    actions.close(complaint=complaint, agent=owner)


def test_a_proposal_whose_request_was_withdrawn_in_the_ledger_can_be_changed(complaint, owner, levels):
    options = [NewOption("refund", "Half the price", Decimal(40))]
    proposal = actions.save_proposal(complaint=complaint, agent=owner, options=options)
    actions.ask_approval(proposal=proposal, agent=owner, reason="I promised it on the phone.")
    goodwill.withdraw(request=ApprovalRequest.objects.get(), by=owner)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.DRAFT


def test_a_failed_remedy_is_taken_back_in_the_ledger(complaint, owner, team_mate, levels):
    budget(20)
    remedy = agreed(complaint, owner, "20")
    actions.fail(remedy=remedy, agent=team_mate, why="The bank sent it back.")
    actions.fail(remedy=remedy, agent=team_mate, why="The bank sent it back.")
    gave, back = Gesture.objects.order_by("id")
    assert (back.amount, back.reverses, back.agent) == (Decimal(-20), gave, team_mate)
    assert back.reason == "The bank sent it back."
    assert budget_states(month_of())[0].left == Decimal(20)

    actions.take_up_again(remedy=remedy, agent=owner)
    assert sum(one.amount for one in Gesture.objects.all()) == Decimal(20)
    actions.fail(remedy=remedy, agent=owner, why="Once more.")
    assert sum(one.amount for one in Gesture.objects.all()) == Decimal()


def test_a_voucher_taken_up_again_has_another_code(complaint, owner, levels):
    options = [NewOption("voucher", "A voucher of 20", Decimal("20"), Decimal("20"))]
    proposal = actions.save_proposal(complaint=complaint, agent=owner, options=options)
    actions.send_proposal(proposal=proposal, agent=owner)
    actions.choose(proposal=proposal, option=proposal.options.get())
    remedy = Remedy.objects.get()
    code = remedy.proof
    actions.fail(remedy=remedy, agent=owner, why="The shop does not take it.")
    with pytest.raises(goodwill.NotRedeemable, match="withdrawn"):
        goodwill.redeem(code=code, reference="order")
    again = actions.take_up_again(remedy=remedy, agent=owner)
    assert again.proof != code
    assert goodwill.redeem(code=again.proof, reference="order")


@pytest.fixture
def dear_voucher(complaint, owner, levels):
    """A chosen voucher that failed, and that Olga may not give any more."""
    options = [NewOption("voucher", "A voucher of 20", Decimal("8"), Decimal("20"))]
    proposal = actions.save_proposal(complaint=complaint, agent=owner, options=options)
    actions.send_proposal(proposal=proposal, agent=owner)
    actions.choose(proposal=proposal, option=proposal.options.get())
    failed = actions.fail(remedy=Remedy.objects.get(), agent=owner, why="The shop does not take it.")
    AuthorityLevel.objects.filter(name="Agent").update(per_gesture=10)
    owner.refresh_from_db()
    with pytest.raises(actions.NeedsApproval):
        actions.take_up_again(remedy=failed, agent=owner)
    return failed


def asked_again(remedy, owner):
    for _twice in range(2):
        actions.ask_for_remedy_again(remedy=remedy, agent=owner, reason="The till was mended.")
    remedy.refresh_from_db()
    assert remedy.state == Remedy.State.ASKED
    return ApprovalRequest.objects.get()


def test_a_failed_voucher_that_is_approved_is_taken_up_itself_and_given_once(dear_voucher, owner, lead):
    before = dear_voucher.proof
    goodwill.approve(request=asked_again(dear_voucher, owner), by=lead)
    actions.take_up_again(remedy=dear_voucher, agent=lead)
    remedy = Remedy.objects.get()
    assert (remedy.state, remedy.cost, remedy.promise.state) == ("under_way", Decimal(8), "kept")
    gesture = Gesture.objects.get(reversal=None, reverses=None)
    assert (gesture.kind, gesture.amount, gesture.decided_by) == ("voucher", Decimal(20), lead)
    assert remedy.proof == gesture.voucher.code != before


@pytest.mark.parametrize("how", ["refused", "taken back"])
def test_what_failed_has_failed_still_when_it_is_not_approved(dear_voucher, complaint, owner, lead, how):
    request = asked_again(dear_voucher, owner)
    assert remedies_shown(complaint)[0].has_failed
    if how == "refused":
        goodwill.refuse(request=request, by=lead, reason="Give them a lid.")
    else:
        actions.take_back_remedy(remedy=dear_voucher, agent=owner)
    dear_voucher.refresh_from_db()
    assert (dear_voucher.state, dear_voucher.note) == ("failed", "The shop does not take it.")
    assert not Gesture.objects.filter(reversal=None, reverses=None).exists()
    assert not ApprovalRequest.objects.filter(state=ApprovalRequest.State.OPEN).exists()


@pytest.mark.parametrize(
    ("cost", "value", "sentence"),
    [
        ("0", None, "takes nothing off"),
        ("0", "0", "takes nothing off"),
        ("20", "0", "takes nothing off"),
        ("20", "15", r"cost us €20.00 and be worth €15.00"),
    ],
)
def test_a_voucher_that_cannot_be_is_refused_in_a_sentence(complaint, owner, cost, value, sentence):
    option = NewOption("voucher", "A voucher", Decimal(cost), None if value is None else Decimal(value))
    with pytest.raises(ValueError, match=sentence):
        actions.save_proposal(complaint=complaint, agent=owner, options=[option])


@pytest.fixture
def offered(complaint, owner, lead, levels):
    """Of the 30 that Olga may give in a month, 20 are on offer."""
    AuthorityLevel.objects.filter(name="Agent").update(per_month=30)
    owner.refresh_from_db()
    return actions.send_proposal(proposal=written(complaint, owner, "20"), agent=owner)


def test_what_is_agreed_beside_an_offer_can_be_asked_for(complaint, owner, lead, offered):
    with pytest.raises(actions.NeedsApproval, match="'Senior' may decide"):
        agreed(complaint, owner, "15")
    remedy = ask(complaint, owner, "15")
    goodwill.approve(request=ApprovalRequest.objects.get(), by=lead)
    remedy.refresh_from_db()
    assert remedy.state == Remedy.State.OPEN


def test_an_approval_counts_what_the_same_customer_may_still_choose(complaint, owner, lead, offered):
    ask(complaint, owner, "15")
    budget(30)
    with pytest.raises(GoodwillError, match=r"€10.00 of the house's budget .* as €20.00 is on offer"):
        goodwill.approve(request=ApprovalRequest.objects.get(), by=lead)


def test_what_is_taken_up_again_beside_an_offer_is_given_beside_it(complaint, owner, lead, levels):
    remedy = agreed(complaint, owner, "20")
    actions.fail(remedy=remedy, agent=owner, why="The bank sent it back.")
    AuthorityLevel.objects.filter(name="Agent").update(per_month=30)
    owner.refresh_from_db()
    actions.send_proposal(proposal=written(complaint, owner, "20"), agent=owner)
    with pytest.raises(actions.NeedsApproval):
        actions.take_up_again(remedy=remedy, agent=owner)


def test_asking_twice_is_one_request_and_told_once(complaint, owner, team_mate, lead, levels):
    for agent in (owner, owner, team_mate):
        ask(complaint, agent)
    assert ApprovalRequest.objects.count() == Remedy.objects.count() == 1
    assert Event.objects.filter(kind="complaint.remedy_asked").count() == 1


def test_what_somebody_asked_for_who_has_left_can_be_approved(complaint, owner, lead, levels):
    remedy = ask(complaint, owner)
    owner.is_active = False
    owner.save()
    goodwill.approve(request=ApprovalRequest.objects.get(), by=lead)
    remedy.refresh_from_db()
    assert remedy.promise.is_open
    assert Gesture.objects.get().agent == owner


@pytest.mark.parametrize("how", ["refused", "taken back"])
def test_a_case_goes_on_when_what_was_asked_for_beside_is_not_given(complaint, owner, lead, levels, how):
    first = agreed(complaint, owner, "15")
    beside = ask(complaint, owner)
    actions.refunded(remedy=first, agent=owner, reference="R 1")
    complaint.refresh_from_db()
    assert complaint.stage == "agreed"
    if how == "refused":
        goodwill.refuse(request=ApprovalRequest.objects.get(), by=lead, reason="It is enough.")
    else:
        actions.take_back_remedy(remedy=beside, agent=owner)
    complaint.refresh_from_db()
    assert (complaint.stage, complaint.follow_ups.count()) == ("remedied", 1)


def test_a_case_of_which_nothing_was_done_stays_when_its_request_is_refused(complaint, owner, lead, levels):
    first = agreed(complaint, owner, "15")
    actions.fail(remedy=first, agent=owner, why="The bank sent it back.")
    ask(complaint, owner)
    goodwill.refuse(request=ApprovalRequest.objects.get(), by=lead, reason="A repair will do.")
    complaint.refresh_from_db()
    assert (complaint.stage, complaint.follow_ups.count()) == ("agreed", 0)


def test_an_offer_of_a_case_without_a_team_counts_in_the_budget_it_will_be_given_from(
    cases, owner, team, levels
):
    goodwill.set_budget(by=None, team=team, month=month_of(), amount=Decimal(30))
    first, second = cases(2)
    Complaint.objects.update(team=None)
    actions.send_proposal(proposal=written(first, owner, "20"), agent=owner)
    with pytest.raises(actions.NeedsApproval, match=r"€10.00 of Care's budget"):
        actions.send_proposal(proposal=written(second, owner, "20"), agent=owner)
