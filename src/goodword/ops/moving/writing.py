"""Writing an export: each room's records as lines of JSON, in one moment of the house."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from goodword import __version__

from .plan import FORMAT, Kind, kinds
from .shelves import Shelf, file_name, new
from .values import as_json

# So many rows are held at once: few of those that carry whole mails.
ROWS, ROWS_WITH_BYTES = 1000, 8
HEAD = "house.json"
# The key that says of what kind a line is; no record has a field of this name.
RECORD = "record"
Progress = Callable[[str, int, int | None], None]


def export(path: Path, *, secrets: bool, progress: Progress) -> dict[str, int]:
    """Write the house to `path`, a folder or with '.zip' one file; returns how many records of each kind.

    Raises MoveError. The same house gives the same bytes.
    """
    wanted = list(kinds(secrets=secrets))
    rows: dict[str, int] = {}
    with new(path) as shelf, transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for room, of_room in groupby(wanted, key=lambda kind: kind.room):
            _write_room(shelf, room, list(of_room), rows, secrets=secrets, progress=progress)
        head = {
            "format": FORMAT,
            "goodword": __version__,
            "secrets": secrets,
            "rooms": list(dict.fromkeys(kind.room for kind in wanted)),
            "rows": rows,
            "fields": {kind.label: _names(kind, secrets=secrets) for kind in wanted},
        }
        shelf.write(HEAD, json.dumps(head, indent=1).encode() + b"\n")
    return rows


def line(record: dict[str, Any]) -> bytes:
    """A record as one line."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8") + b"\n"


def _write_room(
    shelf: Shelf, room: str, of_room: list[Kind], rows: dict[str, int], *, secrets: bool, progress: Progress
) -> None:
    with tempfile.NamedTemporaryFile(prefix="goodword-export-", delete=False) as lines:
        path = Path(lines.name)
        try:
            for kind in of_room:
                rows[kind.label] = 0
                for record in _records(kind, shelf, secrets=secrets):
                    lines.write(line(record))
                    rows[kind.label] += 1
                    progress(
                        f"Writing {room}",
                        sum(rows[kind.label] for kind in of_room if kind.label in rows),
                        None,
                    )
            lines.close()
            shelf.take(f"{room}.jsonl", path)
        finally:
            path.unlink(missing_ok=True)


def _records(kind: Kind, shelf: Shelf, *, secrets: bool) -> Iterator[dict[str, Any]]:
    def keep(data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        if not shelf.has(file_name(digest)):
            shelf.write(file_name(digest), data)
        return digest

    fields = kind.fields(secrets=secrets)
    names = [field.attname for field in fields]
    carries_bytes = any(isinstance(field, models.BinaryField) for field in fields)
    found = kind.model._base_manager.order_by("pk").values_list(*names)
    for values in found.iterator(chunk_size=ROWS_WITH_BYTES if carries_bytes else ROWS):
        record = {
            field.attname: as_json(field, value, keep) for field, value in zip(fields, values, strict=True)
        }
        yield {RECORD: kind.label, **record}


def _names(kind: Kind, *, secrets: bool) -> list[str]:
    return [field.attname for field in kind.fields(secrets=secrets)]
