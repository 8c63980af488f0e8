"""Whoever writes to us is found again, or becomes a customer, once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from goodword.customers import actions
from goodword.customers.models import Customer, CustomerAddress
from goodword.events.models import Event

MARCH = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_somebody_new_becomes_a_customer_with_name_address_and_date() -> None:
    customer = actions.customer_of(address="Ada@Example.org", name="Ada Byron", at=MARCH)

    assert (customer.name, customer.since) == ("Ada Byron", MARCH)
    assert [row.address for row in customer.addresses.all()] == ["ada@example.org"]
    assert Event.objects.get(customer_id=customer.pk).kind == "customer.added"


def test_upper_and_lower_case_are_the_same_address(customer: Customer) -> None:
    assert actions.customer_of(address=" CARLA@example.ORG ") == customer
    assert Customer.objects.count() == 1


@pytest.mark.django_db
def test_a_missing_name_is_learnt_and_a_known_one_stays() -> None:
    actions.customer_of(address="ada@example.org")
    assert actions.customer_of(address="ada@example.org", name="Ada").name == "Ada"
    assert actions.customer_of(address="ada@example.org", name="Somebody Else").name == "Ada"
    assert Customer.objects.get().name == "Ada"


@pytest.mark.django_db
def test_a_name_that_only_repeats_the_address_is_no_name() -> None:
    assert actions.customer_of(address="ada@example.org", name="'ADA@example.org'").name == ""


@pytest.mark.django_db
def test_an_older_mail_moves_the_first_day_back_and_a_newer_one_does_not() -> None:
    actions.customer_of(address="ada@example.org", at=MARCH)
    actions.customer_of(address="ada@example.org", at=MARCH + timedelta(days=9))
    assert Customer.objects.get().since == MARCH
    actions.customer_of(address="ada@example.org", at=MARCH - timedelta(days=9))
    assert Customer.objects.get().since == MARCH - timedelta(days=9)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["", "ada", "@example.org", "ada@", "ada byron@example.org", "a" * 320 + "@x.org"]
)
def test_what_is_no_address_is_refused_with_a_sentence(address: str) -> None:
    with pytest.raises(actions.CustomerError, match="is not a mail address"):
        actions.customer_of(address=address)
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_control_characters_never_reach_the_database() -> None:
    customer = actions.customer_of(
        address="ada\x00@example.org".replace("\x00", ""), name="Ada\x00\r\n Byron\u202e"
    )
    assert customer.name == "Ada Byron"


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_make_one_customer() -> None:
    found: list[int] = []
    together = threading.Barrier(8)

    def arrive() -> None:
        try:
            together.wait()
            found.append(actions.customer_of(address="new@example.org", name="New", at=timezone.now()).pk)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=arrive) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(found) == 8
    assert set(found) == {Customer.objects.get().pk}
    assert CustomerAddress.objects.count() == 1
    assert Event.objects.filter(kind="customer.added").count() == 1


@pytest.mark.django_db
def test_several_newcomers_are_made_at_once_and_whoever_is_known_is_left_out() -> None:
    known = actions.customer_of(address="known@example.org", name="Known", at=MARCH)
    made = actions.customers_of(
        [
            actions.Newcomer("Zoe@example.org", "Zoë", MARCH),
            actions.Newcomer("ada@example.org", "'ADA@example.org'", MARCH),
            actions.Newcomer("zoe@example.org", "Somebody else", MARCH + timedelta(days=1)),
            actions.Newcomer("known@example.org", "Another name", MARCH),
            actions.Newcomer("no address", "Nobody", MARCH),
        ]
    )

    assert {address: (one.name, one.since) for address, one in made.items()} == {
        "ada@example.org": ("", MARCH),
        "zoe@example.org": ("Zoë", MARCH),
    }
    assert set(Customer.objects.all()) == {known, *made.values()}
    assert all(actions.customer_of(address=address) == one for address, one in made.items())
    told = Event.objects.filter(kind="customer.added").values_list("customer_id", flat=True)
    assert sorted(told) == sorted(one.pk for one in [known, *made.values()])


@pytest.mark.django_db(transaction=True)
def test_many_workers_with_the_same_newcomers_make_each_of_them_once() -> None:
    people = [actions.Newcomer(f"new{number}@example.org", "", MARCH) for number in range(20)]
    ready, made = threading.Barrier(4), []

    def meet(order: int) -> None:
        try:
            ready.wait(60)
            made.append(actions.customers_of(people[::order]))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=meet, args=[order]) for order in (1, -1, 1, -1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert sum(map(len, made)) == Customer.objects.count() == CustomerAddress.objects.count() == 20
