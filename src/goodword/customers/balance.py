"""The balance of a customer's experiences: what was good, what was bad, and whether we have made up for it.

A bad moment has to be made up for, whatever came before it: what is owed grows by its weight, and good
moments take it down, never below nothing. While anything is owed the customer is in recovery. Moments come
from the event log, each event once (`take_up`), so that they can be counted anew from it at any time.
"""

import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.events import following
from goodword.events.models import Event
from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from . import registry
from .errors import CustomerError
from .holding import hold_off
from .models import Customer, Moment, MomentWeight

NAME = "customers.balance"
HEAVIEST = 100
SUBJECT = "event"
JOINED = ("customer.joined", "customer.parted")


@dataclass(frozen=True, slots=True)
class MomentKind:
    """A kind of moment; `event` and `where` say which events tell of it, '' where a room above does."""

    kind: str
    label: str
    weight: float
    event: str = ""
    where: dict[str, Any] = field(default_factory=dict)

    def tells(self, event: Event) -> bool:
        """Whether the event is such a moment."""
        return self.event == event.kind and all(event.data.get(key) == it for key, it in self.where.items())


@dataclass(frozen=True, slots=True)
class Step:
    """One moment, and what was owed after it."""

    moment: Moment
    owed: float


@dataclass(frozen=True, slots=True)
class Balance:
    """How it stands: the sum of all weights, what is still to be made up for, and since when."""

    score: float
    owed: float
    recovering_since: datetime | None
    steps: Sequence[Step]


@cache
def kinds() -> tuple[MomentKind, ...]:
    """Every kind of moment, with the weights that come with Goodword."""
    text = (files("goodword.customers") / "data" / "moments.toml").read_text(encoding="utf-8")
    return tuple(MomentKind(**one) for one in tomllib.loads(text)["moment"])


def weights() -> dict[str, float]:
    """What each kind of moment weighs in this house."""
    own = dict(MomentWeight.objects.values_list("kind", "weight"))
    return {one.kind: own.get(one.kind, one.weight) for one in kinds()}


def count(moments: Iterable[Moment]) -> Balance:
    """The balance of one customer's moments, in the order in which they happened."""
    score, owed = 0.0, 0.0
    since: datetime | None = None
    steps = []
    for moment in moments:
        score += moment.weight
        owed = max(0.0, owed - moment.weight)
        if owed == 0:
            since = None
        elif since is None:
            since = moment.at
        steps.append(Step(moment, owed))
    return Balance(score, owed, since, steps)


def balance_of(customer: Customer) -> Balance:
    """How a customer's experiences stand; one query."""
    return count(customer.moments.order_by("at", "id"))


def take_up() -> int:
    """Note the moments that the log tells of since the last time; returns how many events were read."""
    following.begin(NAME, from_the_start=True)
    return following.follow(NAME, _note)


@transaction.atomic
def set_weights(*, by: Agent, given: dict[str, float]) -> None:
    """Let moments weigh otherwise, those noted already too. Raises NotAllowed or CustomerError."""
    require_lead(by)
    known = {one.kind: one.weight for one in kinds()}
    for kind, weight in given.items():
        if kind not in known:
            raise CustomerError(_("There is no kind of moment '%(kind)s'.") % {"kind": kind[:60]})
        if not -HEAVIEST <= weight <= HEAVIEST or weight * known[kind] < 0:
            raise CustomerError(
                _(
                    "%(weight)s cannot be the weight of '%(kind)s'. "
                    "Good moments weigh 0 to %(most)d, bad ones 0 to -%(most)d."
                )
                % {"weight": weight, "kind": kind, "most": HEAVIEST}
            )
    before = weights()
    for kind, weight in given.items():
        if weight != before[kind]:
            MomentWeight.objects.update_or_create(kind=kind, defaults={"weight": weight})
            Moment.objects.filter(kind=kind).update(weight=weight)
            recount(Moment.objects.filter(kind=kind).values_list("customer_id", flat=True).distinct())


def recount(customers: Iterable[int]) -> None:
    """Set anew which of these customers are in recovery."""
    for pk in sorted(customers):
        since = count(Moment.objects.filter(customer=pk).order_by("at", "id")).recovering_since
        Customer.objects.filter(pk=pk).exclude(recovering_since=since).update(recovering_since=since)
        if since is not None:
            Customer.objects.filter(pk=pk, recovering_since=None).update(recovering_since=since)


def _note(events: list[Event]) -> int:
    weigh = weights()
    told = [(event, kind) for event in events for kind in _kinds_of(event)]
    told += [one for more in registry.moments for one in more(events)]
    there = _existing({event.customer_id for event, _kind in told if event.customer_id})
    made = [
        Moment(
            customer_id=event.customer_id,
            kind=kind,
            weight=weigh[kind],
            at=event.at,
            subject=SUBJECT,
            subject_id=event.pk,
            conversation_id=event.conversation_id,
        )
        for event, kind in told
        if event.customer_id in there and kind in weigh
    ]
    hold_off()
    Moment.objects.bulk_create(made, ignore_conflicts=True)
    joined = {event.customer_id for event in events if event.kind in JOINED and event.customer_id}
    recount({moment.customer_id for moment in made} | joined)
    return len(events)


def _kinds_of(event: Event) -> list[str]:
    return [one.kind for one in kinds() if one.event and one.tells(event)]


def _existing(ids: Collection[int]) -> set[int]:
    return set(Customer.objects.filter(pk__in=ids, erased_at=None).values_list("pk", flat=True))
