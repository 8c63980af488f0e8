"""Holding customers and what is theirs, so that nobody works on it while two are joined (decision 0013)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from goodword.kit.registry import Registry

from .models import Customer
from .queries import kept_instead

_HOLD = "SELECT pg_advisory_xact_lock(hashtext('goodword customers'))"
_HOLD_OFF = "SELECT pg_advisory_xact_lock_shared(hashtext('goodword customers'))"
# Nobody deletes the row meanwhile; all else may be done with it.
_STAY = "SELECT 1 FROM customers_customer WHERE id = %s FOR KEY SHARE"

# Called first, with the customers' numbers in order: whoever works with them takes a turn of another kind.
turns: Registry[Callable[[Collection[int]], None]] = Registry("turns at customers")


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of one room that its verbs lock before they come to the customer, by the customers' numbers.

    `floor` is the room's: the highest is locked first, as verbs go from room to room down the house.
    """

    floor: int
    rows: Callable[[Collection[int]], "QuerySet[Model]"]


holdings: Registry[Callable[[], Holding]] = Registry("rows held with customers")


def hold(*numbers: int) -> dict[int, Customer]:
    """The customers of these numbers, theirs and they locked until the transaction ends; by their numbers.

    In the order in which all verbs lock, so that nobody waits in a circle. What came into being while we
    waited is held, too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)
    chosen = sorted(set(numbers))
    for take_turns in turns:
        take_turns(chosen)
    while True:
        known = _hold_above(chosen)
        point = transaction.savepoint()
        rows = Customer.objects.select_for_update().filter(pk__in=chosen).order_by("pk")
        found = {row.pk: row for row in rows}
        if _above(chosen) == known:
            transaction.savepoint_commit(point)
            return found
        # Going back lets go of the customers, so that the new rows come before them once more.
        transaction.savepoint_rollback(point)


def hold_off() -> None:
    """Until the transaction ends nobody is held: for whoever locks several customers in no order.

    Called before any of them is locked.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_OFF)


def stay(customer: Customer) -> Customer:
    """The customer, who stays until the transaction ends; when they were joined into another, that one.

    For whoever writes something new for a customer found earlier, before they do: a joining at that moment is
    waited for, and a later one takes the new along. Raises Customer.DoesNotExist when they are gone.
    """
    number: int | None = customer.pk
    while number is not None:
        with connection.cursor() as cursor:
            cursor.execute(_STAY, [number])
        found = Customer.objects.filter(pk=number, erased_at=None).first()
        if found is not None:
            return found
        number = kept_instead(number)
    raise Customer.DoesNotExist


def _sorted() -> list[Holding]:
    return sorted((entry() for entry in holdings), key=lambda one: -one.floor)


def _hold_above(numbers: Collection[int]) -> list[set[int]]:
    return [
        set(one.rows(numbers).order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
        for one in _sorted()
    ]


def _above(numbers: Collection[int]) -> list[set[int]]:
    return [set(one.rows(numbers).order_by().values_list("pk", flat=True)) for one in _sorted()]
