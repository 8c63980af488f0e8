"""Writing mails down, each once, however many deliver it at the same moment."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field
from django.db.models.fields import NOT_PROVIDED
from psycopg import sql

from goodword.kit import rows
from goodword.mail.models import RawMail


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that now hold a mail, by their ids, and the ids of those that were written just now."""

    rows: dict[int, RawMail]
    new: frozenset[int]


def keep_once(mails: list[RawMail]) -> Kept:
    """Write those of `mails`, all of one mail, that are not in their mailboxes yet; one query when none is.

    Waits for others who write the same mail, and takes theirs. A row that somebody deletes meanwhile is left
    out of what is given back.
    """
    by_box = {mail.mailbox_id: mail for mail in mails}
    new: dict[int, RawMail] = {}
    # In one order, so that two who deliver the same mail never wait for each other.
    for box, _identity, pk in _insert([by_box[box] for box in sorted(by_box)]):
        row = by_box.pop(box)
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias
        new[pk] = row
    held = {mail.pk: mail for mail in _held(mails[0].identity, list(by_box))} if by_box else {}
    return Kept(new | held, frozenset(new))


def write_new(mails: list[RawMail]) -> bool:
    """Write different mails, each for one mailbox; False when any of them was there already."""
    # In one order, so that two who deliver the same mails never wait for each other.
    ordered = sorted(mails, key=lambda mail: (mail.identity, mail.mailbox_id))
    ids = {(box, identity): pk for box, identity, pk in _insert(ordered)}
    for mail in mails:
        mail.pk = ids.get((mail.mailbox_id, mail.identity))
        mail._state.adding, mail._state.db = False, connection.alias
    return len(ids) == len(mails)


def _insert(mails: list[RawMail]) -> list[tuple[int, str, int]]:
    """Mailbox, identity and id of each row that was not there yet."""
    values = [_value(field, mail) for mail in mails for field in _fields()]
    # Not Django's cursor, which would write the bytes into the statement as digits, twice as long.
    return rows.execute(_statement(len(mails)), values)


@lru_cache
def _statement(count: int) -> bytes:
    one = sql.SQL("({})").format(sql.SQL(", ").join(sql.Placeholder() * len(_fields())))
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) VALUES {rows} "
        "ON CONFLICT (mailbox_id, identity) DO NOTHING RETURNING mailbox_id, identity, id"
    ).format(
        table=sql.Identifier(RawMail._meta.db_table),
        columns=sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in _fields()]),
        rows=sql.SQL(", ").join([one] * count),
    )
    return statement.as_bytes()


@lru_cache
def _fields() -> "tuple[Field[Any, Any], ...]":
    return tuple(
        field
        for field in RawMail._meta.concrete_fields
        if not field.primary_key and field.db_default is NOT_PROVIDED
    )


def _value(field: "Field[Any, Any]", mail: RawMail) -> Any:
    return field.get_db_prep_save(field.pre_save(mail, add=True), connection)


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
