"""Promises to a person who is erased: what was promised goes, who promised and what became of it stays."""

from collections.abc import Iterable, Mapping

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.models import Customer
from goodword.customers.registry import Obstacle, Person
from goodword.events.erasing import ERASED

from .actions import erase_words
from .models import Promise

AT_ONCE = 200
SHOWN = 80


@registry.obstacles.add
def open_promises(customer: Customer) -> Iterable[Obstacle]:
    """They count on what is not settled."""
    for promise in Promise.objects.filter(customer=customer, state=Promise.State.OPEN).order_by(
        "due_at", "id"
    ):
        why = _("The promise '%(what)s' is open. Say first what became of it.")
        yield Obstacle(why % {"what": promise.what[:SHOWN]}, reverse("promise", args=[promise.pk]))


@registry.going.add
def promises_go(person: Person) -> Iterable[tuple[type[Model], int]]:
    """How many lose their words."""
    yield Promise, _worded(person).count()


@registry.staying.add
def promises_stay(person: Person) -> Iterable[str]:
    """Reports count them."""
    if Promise.objects.filter(customer=person.number).exists():
        yield _(
            "That promises were made, when and by whom, and whether they were kept; not what was promised."
        )


@registry.erasing.add
def erase_promises(person: Person) -> Mapping[type[Model], int]:
    """Some of them."""
    settle_open(person)
    ids = list(_worded(person).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return {Promise: erase_words(promise_ids=ids)} if ids else {}


def settle_open(person: Person) -> None:
    """Nobody can keep what an older backup brought back open."""
    Promise.objects.filter(customer=person.number, state=Promise.State.OPEN).update(
        state=Promise.State.WITHDRAWN, watch_at=None
    )


def _worded(person: Person) -> "QuerySet[Promise]":
    said = ~Q(what=ERASED) | ~Q(quote="") | ~Q(due_text="") | ~Q(condition__in=("", ERASED))
    return Promise.objects.filter(said, customer=person.number)
