"""Reading an export into an empty house: all of it, or nothing."""

import json
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import Error, connection, models, transaction
from django.utils import timezone

from goodword.mail.models import OutgoingMail

from .plan import FORMAT, KINDS, Kind
from .shelves import MoveError, Written
from .values import from_json
from .writing import HEAD, RECORD, ROWS, ROWS_WITH_BYTES, Progress

_KNOWN = {kind.label: kind for kind in KINDS}
_WAITED = (
    "This mail waited to be sent when the house was exported, and may have left since. "
    "Ask the customer, or send it again."
)


def import_house(path: Path, *, keep_queue: bool, progress: Progress) -> dict[str, int]:
    """Bring an export in; returns how many records of each kind. Raises MoveError and keeps nothing then.

    Mail that waited to be sent is left for a person to decide on; with `keep_queue` it still leaves.
    """
    written = Written(path)
    try:
        head = _head(written)
        with transaction.atomic(durable=True):
            _require_empty()
            rows: dict[str, int] = dict.fromkeys(head["rows"], 0)
            for room in head["rooms"]:
                _read_room(written, room, head, rows, progress)
            if rows != head["rows"]:
                raise MoveError("The export is not whole: it holds fewer or more records than it says.")
            _start_numbers_after_ours()
            if not keep_queue:
                _hold_mail_back()
        return rows
    except Error as error:
        raise MoveError(f"Nothing was kept, because the database refused a record: {error}") from error
    finally:
        written.close()


def _head(written: Written) -> dict[str, Any]:
    with written.open(HEAD) as file:
        try:
            head = json.load(file)
            given, rows, rooms = head["format"], head["rows"], head["rooms"]
        except (ValueError, KeyError, TypeError) as error:
            raise MoveError(f"{HEAD} is not what an export begins with.") from error
    if given != FORMAT:
        raise MoveError(
            f"The export has the format {given}; this Goodword reads {FORMAT}. Install the one that wrote it."
        )
    for label in rows:
        _require_known(label, set(head["fields"][label]))
    if not {label.partition(".")[0] for label in rows} <= set(rooms):
        raise MoveError(f"{HEAD} names records of rooms that it leaves out.")
    return dict(head)


def _require_known(label: str, names: set[str]) -> None:
    kind = _KNOWN.get(label)
    if kind is None:
        raise MoveError(
            f"This Goodword does not know '{label}', which the export holds. Install a newer one."
        )
    ours = {field.attname for field in kind.fields(secrets=True)}
    if unknown := sorted(names - ours):
        raise MoveError(f"This Goodword does not know '{unknown[0]}' of '{label}'. Install a newer one.")


def _require_empty() -> None:
    for kind in KINDS:
        if kind.model._base_manager.exists():
            raise MoveError(
                f"There is a {kind.model._meta.verbose_name} in this house already, and an export goes into "
                "an empty one. Set GOODWORD_DATA or DATABASE_URL to another."
            )


def _read_room(
    written: Written, room: str, head: dict[str, Any], rows: dict[str, int], progress: Progress
) -> None:
    with written.open(f"{room}.jsonl") as lines:
        records = (_record(line, room, number) for number, line in enumerate(lines, start=1))
        for label, of_kind in groupby(records, key=lambda record: record.pop(RECORD, None)):
            if label not in head["rows"] or _KNOWN[label].room != room:
                raise MoveError(f"{room}.jsonl holds '{label}', which does not belong there.")
            rows[label] += _keep(_KNOWN[label], of_kind, written, progress)


def _record(line: bytes, room: str, number: int) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise MoveError(f"Line {number} of {room}.jsonl is no JSON; the export is damaged.") from error
    if not isinstance(record, dict):
        raise MoveError(f"Line {number} of {room}.jsonl is no record; the export is damaged.")
    return record


def _keep(kind: Kind, records: Iterator[dict[str, Any]], written: Written, progress: Progress) -> int:
    fields = {field.attname: field for field in kind.fields(secrets=True)}
    carries_bytes = any(isinstance(field, models.BinaryField) for field in fields.values())
    size, done = (ROWS_WITH_BYTES if carries_bytes else ROWS), 0
    while batch := list(islice(records, size)):
        made = [_made(kind, record, fields, written) for record in batch]
        kind.model._base_manager.bulk_create(made)
        done += len(made)
        progress(f"Reading {kind.label}", done, None)
    return done


def _made(kind: Kind, record: dict[str, Any], fields: dict[str, Any], written: Written) -> models.Model:
    try:
        values = {name: from_json(fields[name], value, written.kept) for name, value in record.items()}
    except (KeyError, ValueError, TypeError, ValidationError) as error:
        raise MoveError(
            f"A record of '{kind.label}' cannot be read: {type(error).__name__} {error}."
        ) from error
    if kind.label == "staff.agent" and "password" not in values:
        values["password"] = make_password(None)  # one that nobody can type; a new one is asked for by mail
    return kind.model(**values)


def _start_numbers_after_ours() -> None:
    """Records to come must not be given the numbers of those that came in."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [kind.model for kind in KINDS]):
            cursor.execute(statement)


def _hold_mail_back() -> None:
    states = [OutgoingMail.State.QUEUED, OutgoingMail.State.SENDING]
    OutgoingMail.objects.filter(state__in=states).update(
        state=OutgoingMail.State.UNKNOWN,
        error=_WAITED,
        lease_token=None,
        lease_until=None,
        settled_at=timezone.now(),
    )
