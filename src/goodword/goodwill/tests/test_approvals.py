"""Who may give more says yes or no; what was approved is given at once and once."""

from decimal import Decimal

import pytest

from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.goodwill import actions, registry
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.models import ApprovalRequest, Gesture
from goodword.goodwill.months import month_of
from goodword.staff import authority as staff_authority
from goodword.staff.models import Agent, AuthorityLevel

from .conftest import new

SUBJECT = ("complaints.proposal", 7)


@pytest.fixture
def asked(levels: list[AuthorityLevel], owner: Agent, lead: Agent, customer: Customer) -> ApprovalRequest:
    """The owner asks for 40, which is more than the owner may give."""
    return actions.ask(agent=owner, gesture=new(customer, "40"))


def test_an_approved_gesture_is_given_at_once_and_once(
    asked: ApprovalRequest, owner: Agent, lead: Agent, customer: Customer
) -> None:
    actions.approve(request=asked, by=lead, reason="Fair.")
    again = actions.approve(request=asked, by=lead)

    gesture = Gesture.objects.get()
    assert (gesture.amount, gesture.agent, gesture.decided_by) == (Decimal(40), owner, lead)
    assert gesture.request == again == asked
    assert (again.decision, again.state) == ("Fair.", ApprovalRequest.State.APPROVED)
    kinds = list(Event.objects.order_by("id").filter(agent_id__isnull=False).values_list("kind", flat=True))
    assert kinds == ["approval.asked", "approval.approved", "goodwill.given"]


def test_what_was_approved_counts_in_the_limits_of_who_approved(
    asked: ApprovalRequest, levels: list[AuthorityLevel], owner: Agent, team_mate: Agent, customer: Customer
) -> None:
    staff_authority.set_level(by=None, level=levels[1], per_month=Decimal(40))
    staff_authority.give_level(by=None, agent=team_mate, level=levels[1])
    team_mate.refresh_from_db()
    actions.approve(request=asked, by=team_mate)

    second = actions.ask(agent=owner, gesture=new(Customer.objects.create(name="Second"), "39"))
    with pytest.raises(actions.BeyondAuthority, match=r"€0.00 of the €40.00 that you may give this month"):
        actions.approve(request=second, by=team_mate)


def test_a_refusal_needs_a_reason_and_gives_nothing(asked: ApprovalRequest, lead: Agent) -> None:
    with pytest.raises(GoodwillError, match="The reason is empty"):
        actions.refuse(request=asked, by=lead, reason=" ")
    refused = actions.refuse(request=asked, by=lead, reason="A repair will do.")
    assert actions.refuse(request=asked, by=lead, reason="No.").decision == "A repair will do."
    assert refused.state == ApprovalRequest.State.REFUSED
    with pytest.raises(GoodwillError, match="Lena Lead answered this request before you: it is refused"):
        actions.approve(request=asked, by=lead)
    assert not Gesture.objects.exists()


def test_nobody_approves_what_they_asked_for_or_what_is_above_them(
    asked: ApprovalRequest, levels: list[AuthorityLevel], owner: Agent, team_mate: Agent, stranger: Agent
) -> None:
    staff_authority.give_level(by=None, agent=team_mate, level=levels[0])
    team_mate.refresh_from_db()
    staff_authority.give_level(by=None, agent=owner, level=levels[2])
    owner.refresh_from_db()
    for agent, sentence in (
        (owner, "You asked for this yourself"),
        (team_mate, "Only somebody with Senior or more"),
        (stranger, "Only somebody with Senior or more"),
    ):
        with pytest.raises(GoodwillError, match=sentence):
            actions.approve(request=asked, by=agent)
        with pytest.raises(GoodwillError, match=sentence):
            actions.refuse(request=asked, by=agent, reason="No.")


def test_asking_twice_is_one_request(asked: ApprovalRequest, owner: Agent, customer: Customer) -> None:
    assert actions.ask(agent=owner, gesture=new(customer, "40")) == asked
    assert ApprovalRequest.objects.count() == 1


def test_asking_without_need_or_without_anybody_to_ask_is_said(
    levels: list[AuthorityLevel], owner: Agent, lead: Agent, customer: Customer
) -> None:
    with pytest.raises(GoodwillError, match="You may give this without asking"):
        actions.ask(agent=owner, gesture=new(customer, "20"))
    actions.set_budget(by=lead, team=None, month=month_of(), amount=Decimal(30))
    with pytest.raises(
        actions.BeyondAuthority, match=r"budget of €30.00 for .* an administrator can raise it"
    ):
        actions.ask(agent=owner, gesture=new(customer, "40"))
    lead.is_active = False
    lead.save()
    actions.set_budget(by=lead, team=None, month=month_of(), amount=None)
    with pytest.raises(GoodwillError, match="Nobody at work has the level 'Senior'"):
        actions.ask(agent=owner, gesture=new(customer, "40"))


def test_a_request_whose_budget_is_gone_meanwhile_says_so_and_stays_open(
    asked: ApprovalRequest, lead: Agent
) -> None:
    actions.set_budget(by=lead, team=None, month=month_of(), amount=Decimal(39))
    with pytest.raises(actions.BeyondAuthority, match=r"€39.00 of the house's budget of €39.00"):
        actions.approve(request=asked, by=lead)
    asked.refresh_from_db()
    assert asked.is_open
    assert not Gesture.objects.exists()


def test_who_asked_may_withdraw_it(asked: ApprovalRequest, owner: Agent, lead: Agent) -> None:
    with pytest.raises(GoodwillError, match="Only who asked may withdraw it"):
        actions.withdraw(request=asked, by=lead)
    actions.withdraw(request=asked, by=owner)
    with pytest.raises(GoodwillError, match="it is withdrawn"):
        actions.approve(request=asked, by=lead)


def test_rooms_above_hear_of_the_decision_in_its_transaction(
    levels: list[AuthorityLevel],
    owner: Agent,
    lead: Agent,
    customer: Customer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[tuple[tuple[str, int], str]] = []

    def hear(request: ApprovalRequest) -> None:
        heard.append(((request.subject_kind, request.subject_id), request.state))
        if request.decision == "fail":
            raise RuntimeError

    monkeypatch.setattr(registry.decided, "_entries", [hear])
    request = actions.request_approval(
        by=owner, amount=Decimal(40), customer=customer, reason="Three options.", subject=SUBJECT
    )
    with pytest.raises(RuntimeError):
        actions.approve(request=request, by=lead, reason="fail")
    request.refresh_from_db()
    assert request.is_open
    actions.approve(request=request, by=lead)
    assert heard == [(SUBJECT, "approved")] * 2
    assert not Gesture.objects.exists()


def test_an_approved_request_of_another_room_stands_in_for_the_limits_once(
    levels: list[AuthorityLevel], owner: Agent, lead: Agent, customer: Customer
) -> None:
    request = actions.request_approval(
        by=owner, amount=Decimal(40), customer=customer, reason="Three options.", subject=SUBJECT
    )
    with pytest.raises(GoodwillError, match="Nobody has approved this yet"):
        actions.give(agent=owner, gesture=new(customer, "40"), request=request)
    actions.approve(request=request, by=lead)
    with pytest.raises(GoodwillError, match=r"€40.00 were approved, and this is €41.00"):
        actions.give(agent=owner, gesture=new(customer, "41"), request=request)
    first = actions.give(agent=owner, gesture=new(customer, "40"), request=request)
    assert actions.give(agent=owner, gesture=new(customer, "40"), request=request) == first
    assert Gesture.objects.count() == 1


def test_who_asked_hears_of_the_answer_until_it_is_seen(
    asked: ApprovalRequest, owner: Agent, lead: Agent
) -> None:
    assert actions.see_decision(agent=owner) == 0
    actions.refuse(request=asked, by=lead, reason="No.")
    assert actions.see_decision(agent=lead) == 0
    assert actions.see_decision(agent=owner, request=asked) == 1
    assert actions.see_decision(agent=owner) == 0
