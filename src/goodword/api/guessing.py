"""Keeps programs from guessing codes: after some wrong ones a token has to wait, whoever answers it.

Each wrong code is counted before it is answered, and the codes of one token are looked at one after the
other, so that many calls at once get no further than one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import connection, transaction
from django.utils import timezone

from .models import Token, WrongCode
from .problems import ProblemError

WRONG_CODES = 20
WITHIN = timedelta(minutes=10)
Found = TypeVar("Found")


def look_up(token: Token, find: Callable[[], Found | None]) -> Found:
    """What `find` gives back; nothing of that code is a 404, and too many of those are a 429."""
    now = timezone.now()
    with transaction.atomic():
        _one_at_a_time(token)
        wrong = WrongCode.objects.filter(token=token, at__gt=now - WITHIN)
        oldest = wrong.order_by("-at").values_list("at", flat=True)[WRONG_CODES - 1 : WRONG_CODES].first()
        found = find() if oldest is None else None
        if found is None and oldest is None:
            WrongCode.objects.create(token=token, at=now)
    if oldest is not None:
        raise _too_many(oldest, now)
    if found is None:
        raise ProblemError(
            404, "unknown-voucher", "There is no voucher of this code. Look at it sign by sign."
        )
    return found


def forget_old() -> int:
    """Forget wrong codes that do not count any more; returns how many."""
    return WrongCode.objects.filter(at__lt=timezone.now() - WITHIN).delete()[0]


def _too_many(oldest: datetime, now: datetime) -> ProblemError:
    wait = max(1, int((oldest + WITHIN - now).total_seconds()) + 1)
    detail = f"There were {WRONG_CODES} wrong codes within ten minutes. Try again in {wait} seconds."
    return ProblemError(429, "too-many-wrong-codes", detail, retry_after=wait)


def _one_at_a_time(token: Token) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('codes of a token'), hashtext(%s::text))", [token.pk]
        )
