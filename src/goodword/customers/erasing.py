"""Erasing a person: what is known of them is looked up once, then every room erases its part, piece by piece.

Each piece is a transaction of its own and harmless when done again, so whatever is killed in the middle, the
next one goes on. Only one process at a time works on one person.
"""

import hashlib
import hmac
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from procrastinate.contrib.django import app

from goodword.events.actions import record
from goodword.events.models import Event
from goodword.kit.ids import derived_key
from goodword.mail.models import Mailbox

from . import registry
from .mentions import erase_mentions
from .models import Customer, Erasure, Joining
from .registry import Person

AT_ONCE = 500
Counts = dict[type[Model], int]

log = logging.getLogger(__name__)


def person_of(customer: Customer, *, by_id: int | None = None) -> Person:
    """Somebody with all that they can be found by now."""
    # No handles: they are words that mean something else elsewhere.
    others = {
        *customer.phones.values_list("number", flat=True),
        *customer.phones.values_list("shown", flat=True),
    }
    return Person(
        number=customer.pk,
        numbers=_numbers(customer.pk),
        addresses=tuple(sorted(set(customer.addresses.values_list("address", flat=True)) - _of_the_house())),
        marks=tuple(sorted(one for one in others if len(one) > 3)),
        until=timezone.now(),
        by_id=by_id,
    )


def _of_the_house() -> set[str]:
    """Addresses that stand in every mail, and are no name of anybody, even where a record bears one."""
    return {address.lower() for address in Mailbox.objects.values_list("address", flat=True)}


def marks_of(customer: Customer, numbers: Iterable[int]) -> list[str]:
    """Keyed hashes by which an older copy of this customer, or of one joined into them, is known again."""
    known = [f"since {customer.since.isoformat()}"]
    known += customer.addresses.values_list("address", flat=True)
    known += customer.phones.values_list("number", flat=True)
    known += [f"{network} {handle}" for network, handle in customer.handles.values_list("network", "handle")]
    for joining in Joining.objects.filter(gone_number__in=list(numbers), undone_at=None):
        since = joining.before.get("gone", {}).get("fields", {}).get("since")
        moment = parse_datetime(since) if since else None
        known += [f"since {moment.isoformat()}"] if moment else []
    return sorted({mark(one) for one in known})


def mark(text: str) -> str:
    """A hash that only who has the installation's key can make."""
    key = derived_key("erasures", secret=settings.SECRET_KEY)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def as_known(person: Person) -> dict[str, Any]:
    """The person as an erasure keeps it while it is at work."""
    return {
        "addresses": list(person.addresses),
        "marks": list(person.marks),
        "until": person.until.isoformat(),
        "rooms": 0,
    }


def take(rows: "QuerySet[Any]", counts: Counts) -> bool:
    """Delete some of these rows, with what hangs on them, and count them; whether there were any."""
    model = rows.model
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    model._base_manager.filter(pk__in=ids).delete()
    add(counts, model, len(ids))
    return bool(ids)


def blank(rows: "QuerySet[Any]", counts: Counts, **values: Any) -> bool:
    """Write these values into some of the rows that do not have them yet, and count them."""
    ids = list(rows.order_by("pk").exclude(**values).values_list("pk", flat=True)[:AT_ONCE])
    add(counts, rows.model, rows.model._base_manager.filter(pk__in=ids).update(**values))
    return bool(ids)


def add(counts: Counts, model: type[Model], rows: int) -> None:
    """Count rows of a model."""
    if rows:
        counts[model] = counts.get(model, 0) + rows


def work_off() -> int:
    """Go on with every erasure that is not done; returns how many were finished.

    One that cannot go on now, such as while a mail is being sent, keeps no other waiting.
    """
    waiting = list(Erasure.objects.filter(finished_at=None).order_by("id").values_list("pk", flat=True))
    return sum(_tried(pk) for pk in waiting)


def _tried(pk: int) -> bool:
    try:
        return carry_out(pk)
    except Exception:
        log.exception("Erasure %s cannot go on now; it is tried again in a minute.", pk)
        return False


@app.periodic(cron="* * * * *")
@app.task(name="customers.erase", queueing_lock="customers.erase")
def go_on(timestamp: int = 0) -> None:
    """At once, and every minute for what was killed in the middle: erase what is to be erased."""
    work_off()


def carry_out(pk: int) -> bool:
    """Erase piece by piece until all is done; False when another process is at it, or it was done."""
    while True:
        done = _piece(pk)
        if done is not None:
            return done


@transaction.atomic
def _piece(pk: int) -> bool | None:
    """One piece of it: None while there is more to do, then whether this ended it."""
    erasure = (
        Erasure.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(pk=pk, finished_at=None)
        .first()
    )
    if erasure is None:
        return False
    rooms = list(registry.erasing)[::-1]
    at_work: int = erasure.known["rooms"]
    if at_work >= len(rooms):
        return _end(erasure)
    counts = rooms[at_work](_person(erasure))
    if counts:
        _count(erasure, counts)
    else:
        erasure.known["rooms"] = at_work + 1
    erasure.save(update_fields=["known", "counts"])
    return None


def _end(erasure: Erasure) -> bool | None:
    """Last, the next stretch of the log that all wrote to; at its end the erasure is done."""
    mentions, after = erase_mentions(_person(erasure), after=erasure.known.get("log", 0))
    _count(erasure, {Event: mentions} if mentions else {})
    erasure.known["log"] = after
    erasure.save(update_fields=["known", "counts"])
    if after is not None:
        return None
    _finish(erasure)
    return True


def _person(erasure: Erasure) -> Person:
    until = parse_datetime(erasure.known["until"])
    assert until is not None
    return Person(
        number=erasure.number,
        numbers=tuple(erasure.numbers),
        addresses=tuple(erasure.known["addresses"]),
        marks=tuple(erasure.known["marks"]),
        until=until,
        by_id=erasure.by_id,
    )


def _count(erasure: Erasure, counts: Mapping[type[Model], int]) -> None:
    for model, rows in counts.items():
        label = model._meta.label_lower
        erasure.counts[label] = erasure.counts.get(label, 0) + rows


def _finish(erasure: Erasure) -> None:
    erasure.known, erasure.finished_at = {}, timezone.now()
    erasure.save(update_fields=["known", "finished_at"])
    for told in registry.erased:
        told(erasure)
    record(
        "customer.erased",
        customer_id=erasure.number,
        agent_id=erasure.by_id,
        data={"erasure": erasure.pk, "counts": erasure.counts},
    )


def _numbers(number: int) -> tuple[int, ...]:
    """The customer's number and those of all who were joined into them, one after the other."""
    found, new = {number}, {number}
    while new:
        gone = Joining.objects.filter(kept_number__in=new, undone_at=None).values_list(
            "gone_number", flat=True
        )
        new = set(gone) - found
        found |= new
    return tuple(sorted(found))
