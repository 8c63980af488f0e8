"""Rows written quickly: one by a statement that the database keeps prepared, many by one statement, and those
that nobody looks at before the end of a batch at its end.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Field, JSONField, Model, TextField
from django.db.models.expressions import DatabaseDefault
from django.db.models.fields import NOT_PROVIDED
from psycopg import Cursor, sql
from psycopg.adapt import PyFormat

Row = TypeVar("Row")
Key = TypeVar("Key")
_IDS = b"SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


@dataclass
class _Batch:
    count: int
    savepoints: int
    new: dict[tuple[type[Model], bool], list[Model]] = field(default_factory=dict)
    waiting: dict[Callable[[list[Any]], object], list[Any]] = field(default_factory=dict)
    ids: dict[type[Model], list[int]] = field(default_factory=dict)


_batch: ContextVar[_Batch | None] = ContextVar("batch", default=None)


@contextmanager
def together(count: int = 1) -> Iterator[None]:
    """A batch of about so many pieces of work within the transaction that is open: what is handed to `later`
    and `insert_later` in it is written at its end, and nothing of it when the batch fails.
    """
    batch = _Batch(count, savepoints=len(connection.savepoint_ids))
    token = _batch.set(batch)
    try:
        yield
        write_now()
    finally:
        _batch.reset(token)


def write_now() -> None:
    """Write what waits for the end of the batch: somebody is about to read it."""
    batch = _batch.get()
    while batch and (batch.new or batch.waiting):
        if batch.new:
            (_kind, ignore_conflicts), rows = _first_of(batch.new)
            insert_all(rows, ignore_conflicts=ignore_conflicts)
        else:
            write, rows = _first_of(batch.waiting)
            write(rows)


def later(write: Callable[[list[Row]], object], row: Row) -> None:
    """Have `write` deal with this row: with all others of the batch at its end, when all new rows are
    written, or at once where there is no batch.

    For what nothing reads before the transaction ends. Within a savepoint it is done at once, so that it goes
    when the savepoint is rolled back.
    """
    batch = _open_batch()
    if batch is None:
        write([row])
    else:
        batch.waiting.setdefault(write, []).append(row)


def insert_later(row: Model, *, ignore_conflicts: bool = False, numbered: bool = False) -> None:
    """Insert a row at the end of the batch, or at once, as `later` does. A `numbered` one has its id from now
    on, others only where there is no batch.
    """
    batch = _open_batch()
    if batch is None or (numbered and batch.count == 1):
        if ignore_conflicts:
            insert_all([row], ignore_conflicts=True)
        else:
            insert(row)
        return
    if numbered:
        row.pk = _next_id(batch, type(row))
    row._state.adding, row._state.db = False, connection.alias
    batch.new.setdefault((type(row), ignore_conflicts), []).append(row)


def insert(row: Model) -> None:
    """Insert one row and set its id; what the database fills in by itself is not read back."""
    kind, left = type(row), _left_to_database(row)
    here = connections[DEFAULT_DB_ALIAS]
    values = [_value(one, row, here) for one in _written(kind, left)]
    key = execute(_one(kind, left), values)[0][0]
    row.pk, row._state.adding, row._state.db = key, False, connection.alias
    for name in left:
        delattr(row, name)  # read when somebody asks for it


def insert_all(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> None:
    """Insert rows of one model in their order, in one statement; their ids are not set. What the database is
    to fill in has to be the same for all of them.
    """
    if rows:
        kind, left = type(rows[0]), _left_to_database(rows[0])
        fields = _written(kind, left, numbered=rows[0].pk is not None)
        here = connections[DEFAULT_DB_ALIAS]
        columns = [[_value(one, row, here) for row in rows] for one in fields]
        execute(_many(kind, fields, ignore_conflicts), columns)


def numbers(kind: type[Model], count: int) -> list[int]:
    """Ids for so many new rows, in order; nobody else gets them."""
    return sorted(pk for (pk,) in execute(_IDS, [kind._meta.db_table, str(kind._meta.pk.column), count]))


def execute(statement: bytes, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a statement that is run often on Django's connection: the database reads and plans it once.

    Values travel apart from it, also bytes, which Django's cursor writes out as digits.
    """
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    here.validate_no_broken_transaction()
    raw = here.connection
    with here.wrap_database_errors, Cursor(raw) as cursor:
        # Django's own cursors cannot prepare; theirs are to find the connection as it was.
        raw.prepare_threshold = 0
        try:
            cursor.execute(statement, values, prepare=True)
        finally:
            raw.prepare_threshold = None
        return list(cursor.fetchall()) if cursor.description else []


def _open_batch() -> _Batch | None:
    batch = _batch.get()
    return None if batch is None or any(connection.savepoint_ids[batch.savepoints :]) else batch


def _first_of(waiting: dict[Key, list[Any]]) -> tuple[Key, list[Any]]:
    key = next(iter(waiting))
    return key, waiting.pop(key)


def _next_id(batch: _Batch, kind: type[Model]) -> int:
    ids = batch.ids.setdefault(kind, [])
    if not ids:
        ids.extend(reversed(numbers(kind, batch.count)))
    return ids.pop()


def _left_to_database(row: Model) -> tuple[str, ...]:
    return tuple(
        name for name in _with_database_default(type(row)) if isinstance(getattr(row, name), DatabaseDefault)
    )


@lru_cache
def _with_database_default(kind: type[Model]) -> tuple[str, ...]:
    return tuple(one.attname for one in kind._meta.concrete_fields if one.db_default is not NOT_PROVIDED)


@lru_cache
def _written(
    kind: type[Model], left: tuple[str, ...], *, numbered: bool = False
) -> "tuple[Field[Any, Any], ...]":
    """The fields that a new row is given; the database fills in the others."""
    return tuple(
        one
        for one in kind._meta.concrete_fields
        if one.attname not in left
        and not getattr(one, "generated", False)
        and (numbered or not (one.primary_key and one.db_returning))
    )


@lru_cache
def _one(kind: type[Model], left: tuple[str, ...]) -> bytes:
    fields = _written(kind, left)
    statement = sql.SQL("INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING {key}").format(
        table=sql.Identifier(kind._meta.db_table),
        columns=_names(fields),
        values=sql.SQL(", ").join(sql.Placeholder() * len(fields)),
        key=sql.Identifier(str(kind._meta.pk.column)),
    )
    return statement.as_bytes()


@lru_cache
def _many(kind: type[Model], fields: "tuple[Field[Any, Any], ...]", ignore_conflicts: bool) -> bytes:
    """One statement for any number of rows, so that it stays prepared: each value is a whole column."""
    kinds = [sql.SQL("{}::{}[]").format(_given(field), sql.SQL(_type(field))) for field in fields]
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM unnest({given}) "
        "WITH ORDINALITY AS given ({columns}, goodword_order) ORDER BY goodword_order{rest}"
    ).format(
        table=sql.Identifier(kind._meta.db_table),
        columns=_names(fields),
        given=sql.SQL(", ").join(kinds),
        rest=sql.SQL(" ON CONFLICT DO NOTHING" if ignore_conflicts else ""),
    )
    return statement.as_bytes()


def _given(field: "Field[Any, Any]") -> sql.Placeholder:
    """Where a column's values stand. Texts and JSON travel as they are; in a literal quotes are masked."""
    texts = isinstance(field, CharField | TextField | JSONField)
    return sql.Placeholder(format=PyFormat.BINARY if texts else PyFormat.AUTO)


def _names(fields: "Sequence[Field[Any, Any]]") -> sql.Composed:
    return sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields])


def _type(field: "Field[Any, Any]") -> str:
    """The type of the column without its length, which would cut what is too long instead of refusing it."""
    return str(field.db_type(connection)).partition("(")[0]


def _value(field: "Field[Any, Any]", row: Model, here: BaseDatabaseWrapper) -> Any:
    return field.get_db_prep_save(field.pre_save(row, add=True), here)
