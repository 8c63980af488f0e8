"""Finding suggestions that two customers are one person, a little at a time and by any number of workers."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from .holding import hold_off
from .likeness import Likeness, likely
from .models import Customer, Duplicate

BATCH = 20


def compare_waiting(*, most: int = 40) -> int:
    """Compare those who are new or changed, at most so many; returns how many that were."""
    done = 0
    while done < most:
        compared = _compare_some(min(BATCH, most - done))
        done += compared
        if compared == 0:
            break
    return done


@transaction.atomic
def _compare_some(limit: int) -> int:
    hold_off()
    waiting = Customer.objects.filter(compared_at__isnull=True).order_by("id")
    customers = list(waiting.select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit])
    now = timezone.now()
    _write_down(likely(customers), at=now)
    Customer.objects.filter(pk__in=[customer.pk for customer in customers]).update(compared_at=now)
    return len(customers)


def _write_down(likenesses: Mapping[int, Iterable[Likeness]], *, at: datetime) -> None:
    """Who may be the same person as these customers; what no longer looks so is not suggested any more."""
    found = {_pair(number, one.other.pk): one for number, several in likenesses.items() for one in several}
    theirs = Duplicate.objects.filter(Q(first__in=likenesses) | Q(second__in=likenesses))
    known = {(row.first_id, row.second_id): row for row in theirs}
    stale = [row.pk for pair, row in known.items() if not row.decided and pair not in found]
    if stale:
        Duplicate.objects.filter(pk__in=stale, decided="").delete()
    new = [
        Duplicate(first_id=first, second_id=second, why=one.why, score=one.score, found_at=at)
        for (first, second), one in found.items()
        if (first, second) not in known
    ]
    if new:
        Duplicate.objects.bulk_create(new, ignore_conflicts=True)
    for pair, row in known.items():
        if not row.decided and pair in found and row.why != found[pair].why:
            open_ones = Duplicate.objects.filter(pk=row.pk, decided="")
            open_ones.update(why=found[pair].why, score=found[pair].score)


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
