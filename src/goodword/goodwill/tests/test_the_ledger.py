"""What stands in the ledger of gestures stays there; a mistake is taken back by another row."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from goodword.customers import actions as customer_actions
from goodword.customers.models import Customer, Joining
from goodword.events.models import Event
from goodword.events.timeline import Names, sentences
from goodword.goodwill import access, actions, queries
from goodword.goodwill.actions import Place
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.models import Gesture
from goodword.goodwill.models.kinds import GestureKind
from goodword.goodwill.months import month_of
from goodword.goodwill.queries import Filters
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, AuthorityLevel, Team

from .conftest import new


@pytest.fixture
def gesture(levels: list[AuthorityLevel], team: Team, owner: Agent, customer: Customer) -> Gesture:
    return actions.give(agent=owner, gesture=new(customer, "20", place=Place(conversation_id=7)))


def test_a_gesture_says_what_why_to_whom_by_whom_where_and_when(
    gesture: Gesture, customer: Customer, owner: Agent, team: Team
) -> None:
    assert (gesture.kind, gesture.amount, gesture.reason) == (
        "refund",
        Decimal(20),
        "The kettle leaked twice.",
    )
    assert (gesture.customer, gesture.agent, gesture.team) == (customer, owner, team)
    assert (gesture.conversation_id, gesture.month) == (7, month_of())
    event = Event.objects.get(kind="goodwill.given")
    assert (event.customer_id, event.agent_id, event.conversation_id) == (customer.pk, owner.pk, 7)
    lines = sentences([event], Names({owner.pk: owner.name}))
    assert lines[0].text == "Olga Owner made a gesture: refund, €20.00. “The kettle leaked twice.”"


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal(2)},
        {"kind": "gift"},
        {"at": timezone.now()},
        {"reason": "Another one."},
        {"reason": ""},
        {"conversation_id": 8},
        {"key": "mine"},
    ],
    ids=lambda change: "-".join(change),
)
def test_the_database_refuses_to_change_a_row(gesture: Gesture, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Gesture.objects.filter(pk=gesture.pk).update(**change)


def test_the_database_refuses_to_say_that_somebody_else_gave_it(gesture: Gesture, lead: Agent) -> None:
    for field in ("agent", "decided_by"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Gesture.objects.filter(pk=gesture.pk).update(**{field: lead})


def test_the_database_refuses_to_delete_a_row(gesture: Gesture) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        gesture.delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Gesture.objects.all().delete()
    assert Gesture.objects.count() == 1


def test_a_person_can_be_forgotten_and_what_was_given_stays(gesture: Gesture, customer: Customer) -> None:
    customer.delete()
    Gesture.objects.filter(pk=gesture.pk).update(reason="")
    gesture.refresh_from_db()
    assert (gesture.customer, gesture.reason, gesture.amount) == (None, "", Decimal(20))
    someone = Customer.objects.create(name="Somebody else")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Gesture.objects.filter(pk=gesture.pk).update(customer=someone)


def test_a_gesture_taken_back_is_a_second_row_and_its_money_is_free_again(
    gesture: Gesture, owner: Agent, customer: Customer
) -> None:
    back = actions.reverse(gesture=gesture, by=owner, reason="Booked twice.")
    again = actions.reverse(gesture=gesture, by=owner, reason="Booked twice.")
    assert back == again
    assert (back.amount, back.reverses, back.month) == (Decimal(-20), gesture, gesture.month)
    assert sum(row.amount for row in Gesture.objects.all()) == 0
    for _ in range(2):
        actions.give(agent=owner, gesture=new(customer, "25"))
    with pytest.raises(actions.BeyondAuthority, match=r"€10\.00 of it is left"):
        actions.give(agent=owner, gesture=new(customer, "11"))


def test_only_who_gave_it_or_a_lead_takes_it_back_and_only_with_a_reason(
    gesture: Gesture, owner: Agent, team_mate: Agent, lead: Agent
) -> None:
    with pytest.raises(GoodwillError, match="Only who gave it or a lead"):
        actions.reverse(gesture=gesture, by=team_mate, reason="Mine.")
    with pytest.raises(GoodwillError, match="The reason is empty"):
        actions.reverse(gesture=gesture, by=lead, reason="")
    back = actions.reverse(gesture=gesture, by=lead, reason="Paid by the carrier.")
    with pytest.raises(GoodwillError, match="takes a gesture back already"):
        actions.reverse(gesture=back, by=lead, reason="Back again.")


def test_the_same_key_gives_once(levels: list[AuthorityLevel], owner: Agent, customer: Customer) -> None:
    first = actions.give(agent=owner, gesture=new(customer, "20"), key="remedy 3")
    assert actions.give(agent=owner, gesture=new(customer, "20"), key="remedy 3") == first
    assert Gesture.objects.count() == 1


def test_who_may_not_see_a_mailbox_sees_none_of_its_gestures(
    gesture: Gesture, mailbox: Mailbox, owner: Agent, lead: Agent, stranger: Agent, customer: Customer
) -> None:
    place = Place(conversation_id=8, mailbox_id=mailbox.pk)
    hidden = actions.give(agent=owner, gesture=new(customer, "5", place=place))
    assert set(access.gestures(stranger)) == {gesture}
    with pytest.raises(Gesture.DoesNotExist):
        access.get_gesture(stranger, hidden.pk)
    for agent in (owner, lead, None):
        assert set(access.gestures(agent)) == {gesture, hidden}


def test_the_sums_of_a_month_are_those_of_its_rows(
    gesture: Gesture, team: Team, owner: Agent, lead: Agent, customer: Customer
) -> None:
    actions.give(agent=lead, gesture=new(customer, "7.50", kind=GestureKind.GIFT))
    actions.reverse(gesture=gesture, by=owner, reason="Booked twice.")
    actions.give(agent=owner, gesture=new(customer, "11", kind=GestureKind.GIFT))
    filters = Filters(month=month_of())

    parts = queries.sums(lead, filters)
    assert [(part.team, part.total) for part in parts] == [(team, Decimal(11)), (None, Decimal("7.50"))]
    assert dict(parts[0].by_kind)["refund"] == 0
    assert queries.total(parts).total == Decimal("18.50")
    for part in parts:
        rows = queries.every(lead, Filters(month=month_of(), team=str(part.team.pk) if part.team else "none"))
        assert sum(row.amount for row in rows) == part.total
    assert queries.count(lead, filters) == 3


def test_the_ledger_is_paged_and_a_foreign_cursor_begins_at_the_top(
    levels: list[AuthorityLevel], lead: Agent, customer: Customer
) -> None:
    made = [actions.give(agent=lead, gesture=new(customer, str(amount))) for amount in range(1, 6)]
    first = queries.ledger(lead, Filters(), limit=3)
    rest = queries.ledger(lead, Filters(), cursor=first.next_cursor or "", limit=3)
    assert first.rows + rest.rows == made[::-1]
    assert rest.next_cursor is None
    assert queries.ledger(lead, Filters(), cursor="x' OR 1=1").rows == made[::-1]


def test_what_is_left_of_each_budget(
    levels: list[AuthorityLevel], team: Team, owner: Agent, lead: Agent, customer: Customer
) -> None:
    month = month_of()
    actions.set_budget(by=lead, team=None, month=month, amount=Decimal(200))
    actions.set_budget(by=lead, team=team, month=month, amount=Decimal(40))
    actions.give(agent=owner, gesture=new(customer, "10"))
    actions.give(agent=lead, gesture=new(customer, "30"))
    states = [
        (state.budget.team, state.used, state.left, state.share) for state in queries.budget_states(month)
    ]
    assert states == [(None, Decimal(40), Decimal(160), 20), (team, Decimal(10), Decimal(30), 25)]


def test_only_leads_set_budgets(owner: Agent) -> None:
    with pytest.raises(Exception, match="Only a lead or an administrator"):
        actions.set_budget(by=owner, team=None, month=month_of(), amount=Decimal(10))


def test_gestures_follow_when_two_customers_are_joined_and_go_back_when_they_are_parted(
    gesture: Gesture, customer: Customer, lead: Agent
) -> None:
    kept = Customer.objects.create(name="Carla C.")
    voucher = actions.give(agent=lead, gesture=new(customer, "5", kind="voucher")).voucher
    customer_actions.join(gone=customer, kept=kept, agent=lead)
    assert {row.customer for row in Gesture.objects.all()} == {kept}
    voucher.refresh_from_db()
    assert voucher.customer == kept
    customer_actions.undo_joining(joining=Joining.objects.get(), agent=lead)
    assert {row.customer_id for row in Gesture.objects.all()} == {customer.pk}
