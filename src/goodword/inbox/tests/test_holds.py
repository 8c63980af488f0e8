"""What is on hold is deleted by nobody."""

import pytest

from goodword.customers.actions import erase, erasing
from goodword.customers.models import Customer
from goodword.events.models import Event
from goodword.inbox import actions, holds
from goodword.inbox.errors import NotPossible
from goodword.inbox.models import Conversation, Hold, Message
from goodword.staff.access import NotAllowed

from .test_intake import answer_to, receive, written

pytestmark = pytest.mark.django_db
WHY = "The court asked for it"


def test_a_lead_puts_a_conversation_on_hold_with_a_reason(conversation, lead):
    made = holds.hold(conversation=conversation, by=lead, reason=f"  {WHY}\n")
    assert (made.reason, made.by) == (WHY, lead)
    assert [one.pk for one in holds.holds_of(conversation)] == [made.pk]
    assert Event.objects.get(kind="conversation.held").data["details"] == {"reason": WHY}


def test_nobody_deletes_what_is_on_hold(conversation, lead, administrator):
    holds.hold(conversation=conversation, by=lead, reason=WHY)
    for who in (lead, administrator):
        with pytest.raises(NotPossible, match=WHY):
            actions.remove(conversation=conversation, by=who)
    assert Conversation.objects.filter(pk=conversation.pk).exists()


def test_all_conversations_of_a_customer_on_hold_stay(conversation, other, customer, lead):
    holds.hold_customer(customer=customer, by=lead, reason=WHY)
    for place in (conversation, other):
        with pytest.raises(NotPossible, match=WHY):
            actions.remove(conversation=place, by=lead)
    assert len(holds.holds_of(other)) == 1


def test_what_a_held_conversation_was_merged_into_stays(conversation, other, owner, lead):
    holds.hold(conversation=conversation, by=lead, reason=WHY)
    actions.merge(source=conversation, target=other, agent=owner)
    with pytest.raises(NotPossible, match=WHY):
        actions.remove(conversation=other, by=lead)
    assert len(holds.holds_of(other)) == 1


def test_a_hold_that_was_lifted_holds_nothing(conversation, lead):
    made = holds.hold(conversation=conversation, by=lead, reason=WHY)
    holds.lift(hold=made, by=lead)
    holds.lift(hold=made, by=lead)
    assert Event.objects.filter(kind="conversation.released").count() == 1
    assert holds.holds_of(conversation) == []
    assert actions.remove(conversation=conversation, by=lead)
    assert not Message.objects.exists()


def test_holding_twice_is_one_hold(conversation, customer, lead):
    for _time in range(2):
        holds.hold(conversation=conversation, by=lead, reason=WHY)
        holds.hold_customer(customer=customer, by=lead, reason=WHY)
    assert Hold.objects.count() == 2


def test_a_hold_needs_a_reason(conversation, customer, lead):
    with pytest.raises(NotPossible):
        holds.hold(conversation=conversation, by=lead, reason=" \n")
    with pytest.raises(NotPossible):
        holds.hold_customer(customer=customer, by=lead, reason="")


def test_a_customer_on_hold_is_not_erased(conversation, customer, lead):
    holds.hold(conversation=conversation, by=lead, reason=WHY)
    holds.hold_customer(customer=customer, by=lead, reason=WHY)
    assert [WHY in one.why for one in erasing.in_the_way(customer)] == [True, True]


def test_who_took_part_in_what_is_held_of_somebody_else_is_not_erased(mailbox, lead):
    first = receive(written(Cc="Bea <bea@example.org>"))
    receive(answer_to(first, sender="Bea <bea@example.org>", text="Mine broke, too."))
    bea = Customer.objects.get(addresses__address="bea@example.org")
    assert erasing.in_the_way(bea) == []
    made = holds.hold(conversation=first.conversation, by=lead, reason=WHY)
    assert [one.url for one in erasing.in_the_way(bea)] == [f"/conversations/{first.conversation_id}/"]
    holds.lift(hold=made, by=lead)
    holds.hold_customer(customer=first.conversation.customer, by=lead, reason=WHY)
    assert len(erasing.in_the_way(bea)) == 1


def test_who_was_erased_meanwhile_cannot_be_put_on_hold(customer, lead, administrator):
    seen = Customer.objects.get(pk=customer.pk)
    erase(customer=customer, by=administrator, number=str(customer.pk))
    with pytest.raises(NotPossible, match="was erased"):
        holds.hold_customer(customer=seen, by=lead, reason=WHY)
    assert not Hold.objects.exists()


@pytest.mark.parametrize("who", ["owner", "team_mate", "stranger"])
def test_agents_set_and_lift_no_holds(who, conversation, customer, lead, request):
    agent = request.getfixturevalue(who)
    made = holds.hold(conversation=conversation, by=lead, reason=WHY)
    for verb in (
        lambda: holds.hold(conversation=conversation, by=agent, reason=WHY),
        lambda: holds.hold_customer(customer=customer, by=agent, reason=WHY),
        lambda: holds.lift(hold=made, by=agent),
        lambda: holds.get_hold(agent, made.pk),
    ):
        with pytest.raises(NotAllowed):
            verb()
    made.refresh_from_db()
    assert made.lifted_at is None
