"""Writing mails down, each once, however many deliver it at the same moment."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Field
from django.db.models.fields import NOT_PROVIDED
from psycopg import Cursor, sql

from goodword.mail.models import RawMail


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that now hold a mail, by their ids, and the ids of those that were written just now."""

    rows: dict[int, RawMail]
    new: frozenset[int]


def keep_once(rows: list[RawMail]) -> Kept:
    """Write those of `rows`, all of one mail, that are not in their mailboxes yet; one query when none is.

    Waits for others who write the same mail, and takes theirs. A row that somebody deletes meanwhile is left
    out of what is given back.
    """
    by_box = {row.mailbox_id: row for row in rows}
    new: dict[int, RawMail] = {}
    # In one order, so that two who deliver the same mail never wait for each other.
    for box, pk in _insert([by_box[box] for box in sorted(by_box)]):
        row = by_box.pop(box)
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias
        new[pk] = row
    held = {mail.pk: mail for mail in _held(rows[0].identity, list(by_box))} if by_box else {}
    return Kept(new | held, frozenset(new))


def _insert(rows: list[RawMail]) -> list[tuple[int, int]]:
    """Mailbox and id of each row that was not there yet."""
    fields = [field for field in RawMail._meta.concrete_fields if _is_written(field)]
    one = sql.SQL("({})").format(sql.SQL(", ").join(sql.Placeholder() * len(fields)))
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) VALUES {rows} "
        "ON CONFLICT (mailbox_id, identity) DO NOTHING RETURNING mailbox_id, id"
    ).format(
        table=sql.Identifier(RawMail._meta.db_table),
        columns=sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields]),
        rows=sql.SQL(", ").join([one] * len(rows)),
    )
    values = [_value(field, row) for row in rows for field in fields]
    # Not Django's cursor, which would write the bytes into the statement as digits, twice as long.
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _is_written(field: "Field[Any, Any]") -> bool:
    return not field.primary_key and field.db_default is NOT_PROVIDED


def _value(field: "Field[Any, Any]", row: RawMail) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), connection)


def _held(identity: str, boxes: list[int]) -> list[RawMail]:
    """The rows of this mail in these mailboxes, held so that nobody deletes them before we are done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM mail_rawmail WHERE identity = %s AND mailbox_id = ANY(%s) "
            "ORDER BY id FOR KEY SHARE",
            [identity, boxes],
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    return list(RawMail.objects.filter(pk__in=ids).defer("raw"))
