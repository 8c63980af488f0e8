"""What joining two customers would do, and what became of those who were joined."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from ..belongings import belongings, in_the_way, rows_of
from ..joined_fields import FILLED, filled_labels
from ..models import Customer, Joining

_KEPT = """
    WITH RECURSIVE way(number, depth) AS (
        SELECT kept_number, 1 FROM customers_joining WHERE gone_number = %s AND undone_at IS NULL
        UNION ALL
        SELECT kept_number, depth + 1 FROM customers_joining JOIN way ON gone_number = number
        WHERE undone_at IS NULL AND depth < 100
    )
    SELECT number FROM way ORDER BY depth DESC LIMIT 1
"""
_NUMBERS = """
    WITH RECURSIVE gone(number) AS (
        SELECT gone_number FROM customers_joining WHERE kept_number = %s AND undone_at IS NULL
        UNION
        SELECT gone_number FROM customers_joining JOIN gone ON kept_number = number WHERE undone_at IS NULL
    )
    SELECT number FROM gone
"""


@dataclass(frozen=True, slots=True)
class JoiningPreview:
    """What a joining would do: how many of what move, how many have no place beside those of the one kept
    and wait for an undoing, and which empty fields are filled."""

    moves: tuple[tuple[str, int], ...]
    aside: tuple[tuple[str, int], ...]
    filled: tuple[tuple[str, str], ...]


def joining_preview(*, gone: Customer, kept: Customer) -> JoiningPreview:
    """Count what would move, without moving anything."""
    moves, aside = [], []
    for one in belongings():
        if not one.label:
            continue
        held = len(in_the_way(one, gone=gone.pk, kept=kept.pk))
        count = rows_of(one, gone.pk).count() - held
        moves += [(str(one.label), count)] if count else []
        aside += [(str(one.label), held)] if held else []
    labels = filled_labels()
    filled = [
        (labels[name], str(gone.organisation if name == "organisation_id" else getattr(gone, name)))
        for name in FILLED
        if getattr(gone, name) and not getattr(kept, name)
    ]
    return JoiningPreview(tuple(moves), tuple(aside), tuple(filled))


def kept_instead(number: int) -> int | None:
    """The number of the customer into whom the one of this number was joined; None when they were not."""
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [number])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def numbers_of(customer: Customer) -> list[int]:
    """The customer's number and those of everybody who was joined into them: the log knows them by these."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [customer.pk])
        return [customer.pk, *(int(row[0]) for row in cursor.fetchall())]


def latest_joinings(customer: Customer) -> QuerySet[Joining]:
    """Who was joined into the customer and can be parted from them again, the latest first."""
    rows = Joining.objects.filter(kept_number=customer.pk, undone_at__isnull=True)
    return rows.select_related("by").order_by("-id")
