"""Rows are written once, in their order, and with everything they were given."""

from datetime import timedelta

import pytest
from django.db import DataError, connection, transaction
from django.utils import timezone

from goodword.customers.models import Customer, CustomerAddress
from goodword.events.models import Event
from goodword.kit import rows

pytestmark = pytest.mark.django_db


def write(events: list[Event]) -> None:
    rows.insert_all(events)


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_a_row_is_kept_as_it_was_given_and_knows_its_id() -> None:
    at = timezone.now() - timedelta(days=3)
    event = Event(kind="door.opened", at=at, customer_id=9, data={"who": ["Ada", None, 'a "b"']})
    rows.insert(event)
    kept = Event.objects.get(pk=event.pk)
    assert (kept.kind, kept.at, kept.customer_id, kept.agent_id) == ("door.opened", at, 9, None)
    assert kept.data == {"who": ["Ada", None, 'a "b"']}
    assert kept.transaction > 0
    event.kind = "door.closed"
    event.save()
    assert kinds() == ["door.closed"]


def test_many_rows_are_written_in_their_order_and_as_they_were_given() -> None:
    at = timezone.now()
    rows.insert_all(
        [
            Event(kind=f"number.{n}", at=at, agent_id=n or None, data={"n": n, "text": "é\n{},"})
            for n in range(30)
        ]
    )
    kept = list(Event.objects.order_by("id"))
    assert [one.kind for one in kept] == [f"number.{n}" for n in range(30)]
    assert [one.data["n"] for one in kept] == list(range(30))
    assert {one.data["text"] for one in kept} == {"é\n{},"}
    assert [one.agent_id for one in kept] == [None, *range(1, 30)]
    assert {one.at for one in kept} == {at}
    rows.insert_all([])


def test_a_value_that_the_database_would_fill_in_is_kept_when_it_was_given() -> None:
    given, left = Event(kind="given", transaction=7), Event(kind="left")
    rows.insert(given)
    rows.insert(left)
    rows.insert_all([Event(kind="many", transaction=8), Event(kind="many", transaction=9)])
    kept = dict(Event.objects.filter(transaction__in=[7, 8, 9]).values_list("transaction", "kind"))
    assert kept == {7: "given", 8: "many", 9: "many"}


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(DataError), transaction.atomic():
        rows.insert_all([Event(kind="x" * 61), Event(kind="y")])
    with pytest.raises(DataError), transaction.atomic():
        rows.insert(Event(kind="x" * 61))
    assert kinds() == []


def test_what_is_there_already_stays_when_that_is_asked_for() -> None:
    customer = Customer(name="Ada")
    rows.insert(customer)
    addresses = [CustomerAddress(customer=customer, address=f"{name}@example.org") for name in "abab"]
    rows.insert_all(addresses, ignore_conflicts=True)
    assert CustomerAddress.objects.filter(customer=customer).count() == 2


def test_what_is_handed_over_in_a_batch_is_written_at_its_end_at_once() -> None:
    written: list[int] = []

    def counted(events: list[Event]) -> None:
        written.append(len(events))
        write(events)

    with transaction.atomic():
        with rows.together():
            for name in "abc":
                rows.later(counted, Event(kind=name))
            assert kinds() == []
            rows.write_now()
            assert kinds() == ["a", "b", "c"]
            rows.later(counted, Event(kind="d"))
        assert kinds() == ["a", "b", "c", "d"]
        rows.later(counted, Event(kind="e"))
    assert kinds() == ["a", "b", "c", "d", "e"]
    assert written == [3, 1, 1]


def test_new_rows_are_there_before_anything_else_is_done() -> None:
    seen: list[list[str]] = []

    def look(_names: list[str]) -> None:
        seen.append(kinds())

    with transaction.atomic(), rows.together(5):
        rows.insert_later(Event(kind="a"))
        rows.later(look, "first")
        rows.insert_later(Event(kind="b"))
    rows.insert_later(Event(kind="c"))
    assert seen == [["a", "b"]]
    assert kinds() == ["a", "b", "c"]


@pytest.mark.parametrize("count", [1, 2, 9])
def test_a_numbered_row_has_its_id_before_it_is_written(count: int) -> None:
    customers = [Customer(name=f"Customer {number}") for number in range(5)]
    with transaction.atomic(), rows.together(count):
        for customer in customers:
            rows.insert_later(customer, numbered=True)
            rows.insert_later(
                CustomerAddress(customer=customer, address=f"{customer.pk}@example.org"),
                ignore_conflicts=True,
            )
    kept = Customer.objects.order_by("id")
    assert [(one.pk, one.name) for one in kept] == [(one.pk, one.name) for one in customers]
    assert {one.address for one in CustomerAddress.objects.all()} == {f"{one.pk}@example.org" for one in kept}
    assert Customer.objects.create(name="Next").pk > customers[-1].pk


def test_a_batch_that_fails_writes_nothing() -> None:
    def fails() -> None:
        with transaction.atomic(), rows.together():
            rows.later(write, Event(kind="a"))
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    rows.later(write, Event(kind="b"))
    assert kinds() == ["b"]


def test_what_a_part_of_a_batch_wrote_goes_when_that_part_is_undone() -> None:
    def undone() -> None:
        with transaction.atomic():
            rows.later(write, Event(kind="undone"))
            raise LookupError

    with transaction.atomic(), rows.together():
        rows.later(write, Event(kind="kept"))
        with pytest.raises(LookupError):
            undone()
        with transaction.atomic(savepoint=False):
            rows.later(write, Event(kind="kept, too"))
    assert kinds() == ["kept", "kept, too"]


def test_a_statement_that_is_run_often_is_planned_once() -> None:
    for name in "abcdefgh":
        rows.insert(Event(kind=name))
        rows.insert_all([Event(kind=name), Event(kind=name)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'"
        )
        assert cursor.fetchall() == [(8,), (8,)]
    assert Event.objects.filter(kind="h").count() == 3
