"""A conversation that is opened for a customer in the moment in which they are joined into another."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from goodword.complaints import actions
from goodword.complaints.actions import Told
from goodword.customers.actions import customer_of, join
from goodword.customers.models import Customer
from goodword.inbox import actions as inbox
from goodword.inbox.actions import NewCall
from goodword.inbox.models import Conversation

from .waiting import beside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(db) -> Customer:
    return customer_of(address="ada@home.example", name="Ada at home")


def by_the_desk(customer: Customer) -> object:
    return inbox.open_conversation(customer=customer, subject="The kettle", text="It leaks.")


def by_a_call(customer: Customer) -> object:
    call = NewCall(direction="incoming", said="It leaks.", next_step="Look at it")
    return inbox.open_by_call(customer=customer, agent=None, subject="The kettle", call=call)


def by_the_form(customer: Customer) -> object:
    address = customer.addresses.values_list("address", flat=True).first()
    return actions.complain(told=Told(address=address or "", what_happened="It leaks."))


OPENINGS = [by_the_desk, by_a_call, by_the_form]


@pytest.mark.parametrize("opening", OPENINGS)
def test_it_is_of_whom_the_customer_was_joined_into(opening, mailbox, customer, second, owner):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            join(gone=customer, kept=second, agent=owner)
            opened = beside(pool, lambda: opening(customer))
        opened.result()

    assert Conversation.objects.get().customer == second


def test_a_name_that_is_learnt_at_the_form_is_of_whom_the_nameless_was_joined_into(mailbox, owner):
    nameless, kept = (customer_of(address=f"ada@{place}.example") for place in ("work", "home"))
    told = Told(address="ada@work.example", what_happened="It leaks.", name="Ada Lovelace")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            join(gone=nameless, kept=kept, agent=owner)
            opened = beside(pool, lambda: actions.complain(told=told))
        opened.result()

    assert Conversation.objects.get().customer == kept
    assert Customer.objects.get().name == "Ada Lovelace"


@pytest.mark.parametrize("opening", OPENINGS)
def test_it_goes_along_when_it_was_there_first(opening, mailbox, customer, second, owner):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            opening(customer)
            joined = beside(pool, lambda: join(gone=customer, kept=second, agent=owner))
        joined.result()

    assert Conversation.objects.get().customer == second
    assert not Customer.objects.filter(pk=customer.pk).exists()


def test_nothing_is_opened_for_a_customer_who_is_gone(mailbox, customer):
    Customer.objects.filter(pk=customer.pk).delete()

    with pytest.raises(Customer.DoesNotExist):
        by_the_desk(customer)
    assert not Conversation.objects.exists()
