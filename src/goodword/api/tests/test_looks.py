"""What programs read is written down, in the name of their token's agent or in their own."""

from collections.abc import Callable
from decimal import Decimal

from goodword.customers.models import Customer
from goodword.goodwill import actions as goodwill
from goodword.goodwill.actions import NewGesture, Place
from goodword.inbox.actions import add_promise
from goodword.inbox.models import Conversation
from goodword.promises.actions import NewPromise
from goodword.staff import authority
from goodword.staff.models import Agent, Look

from .conftest import Program


def looks() -> list[tuple[int | None, str, int | None, int | None]]:
    """For whom, by which program, and at what."""
    assert set(Look.objects.values_list("how", flat=True)) <= {"api"}
    rows = Look.objects.order_by("id")
    return list(rows.values_list("agent_id", "program", "customer_id", "conversation_id"))


def test_a_read_by_a_token_of_an_agent_is_theirs(
    program: Callable[..., Program], owner: Agent, conversation: Conversation, customer: Customer
) -> None:
    theirs = program("read", agent=owner)
    for _time in range(2):
        assert theirs("GET", f"conversations/{conversation.pk}").status == 200
        assert theirs("GET", f"customers/{customer.pk}").status == 200
    assert looks() == [
        (owner.pk, "", customer.pk, conversation.pk),
        (owner.pk, "", customer.pk, None),
    ]


def test_a_read_by_a_token_of_the_house_is_the_programs(
    house: Program, conversation: Conversation, customer: Customer
) -> None:
    house("GET", "conversations")
    house("GET", "customers")
    house("GET", f"customers/{customer.pk}/purchases")
    house("GET", f"customers/{customer.pk}/consents")
    found = looks()
    assert [row[2:] for row in found] == [(customer.pk, conversation.pk), (customer.pk, None)]
    assert all(agent is None and program for agent, program, *_rest in found)


def test_a_promise_and_a_voucher_are_read_of_whom_they_were_given_to(
    house: Program, conversation: Conversation, customer: Customer, lead: Agent
) -> None:
    authority.add_level(by=None, name="Top", per_gesture=None, per_customer=None, per_month=None)
    gift = NewGesture("voucher", Decimal(20), customer, "Sorry.", Place(conversation_id=conversation.pk))
    code = goodwill.give(agent=lead, gesture=gift).voucher.code
    new = NewPromise(what="look", quote="", due_at=None, whole_day=False, due_text="")
    promise = add_promise(conversation=conversation, agent=lead, promise=new)
    for call in (f"promises/{promise.pk}", f"vouchers/{code}"):
        assert house("GET", call).status == 200
        assert [row[2:] for row in looks()] == [(customer.pk, conversation.pk)], call
        Look.objects.all().delete()
    house("GET", "promises")
    assert looks() == []
    house("GET", f"promises?customer={customer.pk}")
    assert [row[2:] for row in looks()] == [(customer.pk, None)]


def test_what_a_token_may_not_see_it_did_not_read(
    program: Callable[..., Program], stranger: Agent, conversation: Conversation, customer: Customer
) -> None:
    theirs = program("read", agent=stranger)
    assert theirs("GET", f"conversations/{conversation.pk}").status == 404
    assert theirs("GET", f"customers/{customer.pk}").status == 404
    theirs("GET", "conversations")
    assert looks() == []
