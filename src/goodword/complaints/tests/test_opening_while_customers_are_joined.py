"""A conversation that is opened for a customer in the moment in which they are joined into another."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from goodword.complaints import actions
from goodword.complaints.actions import Told
from goodword.customers.actions import customer_of, join
from goodword.customers.models import Customer
from goodword.inbox import actions as inbox
from goodword.inbox.actions import NewCall
from goodword.inbox.models import Conversation

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


def beside(pool: ThreadPoolExecutor, verb: Callable[[], object]) -> "Future[object]":
    """Begin the verb on a connection of its own, and go on once it waits for a lock (or is done already)."""

    def run() -> object:
        try:
            return verb()
        finally:
            connection.close()

    begun = pool.submit(run)
    while not (somebody_waits() or begun.done()):
        pass
    return begun


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("opening", OPENINGS)
def test_it_is_of_whom_the_customer_was_joined_into(opening, mailbox, customer, second, owner):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            join(gone=customer, kept=second, agent=owner)
            opened = beside(pool, lambda: opening(customer))
        opened.result()

    assert Conversation.objects.get().customer == second


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
