"""The list of people who were erased, kept beside the database: an older backup knows nothing of them.

It is a file of the data folder with a line for each erasure, which is only ever added to. No word of anybody
stands in it: a number, a moment, and keyed hashes by which the same person is known again.
"""

import json
import os
import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from goodword.customers import actions, registry
from goodword.customers.erasing import marks_of, work_off
from goodword.customers.models import Customer, Erasure
from goodword.kit.terminal import say

from .places import connect

NAME = "erasures.jsonl"
# Any number that stays the same: one process at a time erases again what a restore brought back.
LOCK = 7_164_283
_KNOWN = "SELECT key, number, numbers, marks, at FROM public.customers_erasure ORDER BY id"
Line = dict[str, Any]


def place() -> Path:
    """The file of this installation."""
    folder: Path = settings.CONFIG.data
    return folder / NAME


@registry.erased.add
def keep(erasure: Erasure) -> None:
    """Add an erasure that is done; one that stands there already is left as it is."""
    add([_line(erasure.key, erasure.number, erasure.numbers, erasure.marks, erasure.at)])


def add(lines: Iterable[Line], *, to: Path | None = None) -> int:
    """Add what is not in the list yet, on the disk when this returns; how many that were."""
    path = to or place()
    known = {line["key"] for line in read(path)}
    new = [line for line in lines if line["key"] not in known]
    if not new:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        # After a line that a crash cut off, begin a new one.
        file.write(b"".join(b"\n" + json.dumps(line).encode() + b"\n" for line in new))
        file.flush()
        os.fsync(handle)
    return len(new)


def read(path: Path) -> list[Line]:
    """What stands in such a file; a line that a crash cut off is left out."""
    if not path.exists():
        return []
    return [line for text in path.read_text(encoding="utf-8").splitlines() if (line := _read(text))]


def gather() -> int:
    """Before the database is replaced: see to it that every erasure it knows of is in the list."""
    with connect() as there:
        if there.execute("SELECT to_regclass('public.customers_erasure')").fetchone() == (None,):
            return 0
        rows = there.execute(_KNOWN).fetchall()
    return add(_line(*row) for row in rows)


def waiting() -> list[Line]:
    """Those of the list that this database knows nothing of."""
    lines = read(place())
    keys = [line["key"] for line in lines]
    known = {str(key) for key in Erasure.objects.filter(key__in=keys).values_list("key", flat=True)}
    return [line for line in lines if line["key"] not in known]


def repeat() -> int:
    """Erase again whom a backup brought back; returns how many people that were.

    They are out of sight from here on; what cannot be finished at this moment, a job does later.
    A number that is somebody else's here is left alone, and said.
    """
    if not waiting():
        return 0
    done = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            for line in waiting():
                done += len(_begun_again(line))
            work_off()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return done


@transaction.atomic
def _begun_again(line: Line) -> list[Erasure]:
    """The erasures of all who are meant: they may have been joined into one only after the backup."""
    there = Customer.objects.filter(pk__in=line["numbers"], erased_at=None)
    rows = there.order_by("pk").select_for_update()
    meant: list[Customer] = []
    others: list[Customer] = []
    for row in rows:
        (meant if set(marks_of(row, [])) & set(line["marks"]) else others).append(row)
    for row in others:
        say(
            f"Customer {row.pk} was erased, but the one of this number is somebody else here. Look at them, "
            "and erase them by hand if need be."
        )
    begun = [
        actions.begin(row, by=None, like=_like(line, row.pk, first=number == 0))
        for number, row in enumerate(meant)
    ]
    if not begun:
        at = _at(line)
        Erasure.objects.create(
            key=line["key"], number=line["number"], numbers=line["numbers"], marks=line["marks"], at=at,
            finished_at=at,
        )  # fmt: skip
    return begun


def _at(line: Line) -> datetime:
    return parse_datetime(line["at"]) or timezone.now()


def _like(line: Line, number: int, *, first: bool) -> Erasure:
    key = uuid.UUID(line["key"])
    return Erasure(
        key=key if first else uuid.uuid5(key, str(number)),
        number=number,
        numbers=line["numbers"] if first else [],
        marks=line["marks"],
        at=_at(line),
    )


def _line(key: object, number: int, numbers: Iterable[int], marks: Iterable[str], at: Any) -> Line:
    return {
        "key": str(key),
        "number": number,
        "numbers": list(numbers),
        "marks": list(marks),
        "at": at.isoformat(),
    }


def _read(text: str) -> Line | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    needed = {"key", "number", "numbers", "marks", "at"}
    return line if isinstance(line, dict) and needed <= line.keys() else None
