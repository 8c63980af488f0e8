"""What is given and promised to a customer in the moment in which they are joined into another."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import transaction

from goodword.customers.actions import customer_of, join, undo_joining
from goodword.customers.models import Customer, Joining
from goodword.goodwill import actions as goodwill
from goodword.goodwill.actions import NewGesture
from goodword.goodwill.actions.giving import take_turns_at
from goodword.goodwill.errors import GoodwillError
from goodword.goodwill.models import ApprovalRequest, Gesture, Voucher
from goodword.inbox import actions as inbox
from goodword.inbox.actions.giving import Wish, ask_for_gesture, make_gesture
from goodword.promises.actions import NewPromise
from goodword.promises.models import Promise
from goodword.staff.models import AuthorityLevel

from .waiting import beside

pytestmark = pytest.mark.django_db(transaction=True)
GIVEN = (Gesture, Voucher, ApprovalRequest, Promise)


@pytest.fixture
def second(db) -> Customer:
    return customer_of(address="ada@home.example", name="Ada at home")


@pytest.fixture
def levels(owner, lead):
    """Olga may give 25 at once and 60 to a customer, Lena all there is."""
    owner.authority = AuthorityLevel.objects.create(name="Care", rank=1, per_gesture=25, per_customer=60)
    lead.authority = AuthorityLevel.objects.create(name="Top", rank=2)
    for agent in (owner, lead):
        agent.save()


def a_voucher(customer, place, agent) -> object:
    return goodwill.give(agent=agent, gesture=NewGesture("voucher", Decimal(20), customer, "Sorry."))


def a_request(customer, place, agent) -> object:
    return goodwill.ask(agent=agent, gesture=NewGesture("refund", Decimal(400), customer, "Sorry."))


def a_voucher_in_a_conversation(customer, place, agent) -> object:
    return make_gesture(conversation=place, agent=agent, wish=Wish("voucher", Decimal(20), "Sorry."))


def a_request_in_a_conversation(customer, place, agent) -> object:
    return ask_for_gesture(conversation=place, agent=agent, wish=Wish("refund", Decimal(400), "Sorry."))


def a_promise(customer, place, agent) -> object:
    new = NewPromise(what="send a lid", quote="", due_at=None, whole_day=False, due_text="")
    return inbox.add_promise(conversation=place, agent=agent, promise=new)


WAYS = [a_voucher, a_request, a_voucher_in_a_conversation, a_request_in_a_conversation, a_promise]


@pytest.mark.parametrize("giving", WAYS)
def test_it_is_of_whom_the_customer_was_joined_into(giving, place, customer, second, owner, levels):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            join(gone=customer, kept=second, agent=owner)
            given = beside(pool, lambda: giving(customer, place, owner))
        given.result()

    assert {row.customer for model in GIVEN for row in model.objects.all()} == {second}


@pytest.mark.parametrize("giving", WAYS)
def test_it_goes_along_when_it_was_there_first(giving, place, customer, second, owner, levels):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            giving(customer, place, owner)
            joined = beside(pool, lambda: join(gone=customer, kept=second, agent=owner))
        joined.result()

    assert {row.customer for model in GIVEN for row in model.objects.all()} == {second}


def test_it_is_of_who_was_parted_from_them_at_that_moment(customer, second, owner, levels):
    join(gone=second, kept=customer, agent=owner)
    joining = Joining.objects.get()
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            take_turns_at([customer.pk])
            parted = beside(pool, lambda: undo_joining(joining=joining, agent=owner))
            given = beside(pool, lambda: a_voucher(second, None, owner), 2)
        parted.result()
        given.result()

    assert Gesture.objects.get().customer_id == joining.gone_number


def test_what_is_asked_for_both_is_one_request_of_whom_they_were_joined_into(customer, second, owner, levels):
    join(gone=customer, kept=second, agent=owner)
    for whose in (customer, second):
        a_request(whose, None, owner)

    asked = ApprovalRequest.objects.get()
    assert (asked.subject_kind, asked.subject_id) == ("customers.customer", second.pk)


def test_limits_are_those_of_whom_the_customer_was_joined_into(place, customer, second, owner, levels):
    for _time in range(3):
        goodwill.give(agent=owner, gesture=NewGesture("refund", Decimal(20), second, "Sorry."))
    join(gone=customer, kept=second, agent=owner)

    with pytest.raises(goodwill.BeyondAuthority, match="60"):
        a_voucher(customer, place, owner)


@pytest.mark.parametrize("giving", [a_voucher, a_request])
def test_nothing_is_given_to_a_customer_who_is_gone(giving, owner, levels):
    nobody = Customer.objects.create(name="Nobody")
    Customer.objects.filter(pk=nobody.pk).delete()

    with pytest.raises(GoodwillError, match="gone"):
        giving(nobody, None, owner)
    assert not Gesture.objects.exists()
