"""Writing very many rows: by COPY, with the secondary indexes away meanwhile."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import JSONField, Model
from django.db.models.fields import NOT_PROVIDED
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

Progress = Callable[[str, int, int], None]
KEEPER = "goodword_seed_indexes"


class Table:
    """Rows for one table: columns not named get their field's default, `id` goes on from the table's last."""

    def __init__(self, model: type[Model], *columns: str) -> None:
        self.name = model._meta.db_table
        fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
        rest = [
            field
            for field in fields
            if field.column not in columns and field.db_default is NOT_PROVIDED and not field.primary_key
        ]
        self._rest = tuple(
            "[]" if isinstance(field, JSONField) and field.default is list else field.get_default()
            for field in rest
        )
        self.columns: tuple[str, ...] = ("id", *columns, *(str(field.column) for field in rest))
        self.last = self._last_id()
        self.rows: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> int:
        """Note down a row; returns its id."""
        self.last += 1
        self.rows.append((self.last, *values, *self._rest))
        return self.last

    def taken(self) -> tuple[sql.Composed, list[tuple[Any, ...]]]:
        """The COPY statement and the rows noted so far, which are let go of."""
        rows, self.rows = self.rows, []
        columns = sql.SQL(", ").join(sql.Identifier(column) for column in self.columns)
        return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.name), columns), rows

    def _last_id(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(self.name)))
            return int(cursor.fetchone()[0])


def write(batch: Sequence[tuple[sql.Composed, list[tuple[Any, ...]]]]) -> None:
    """Write the rows of several tables in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        _trust(cursor)
        for statement, rows in batch:
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)


def _trust(cursor: Any) -> None:
    """Leave out the check of each foreign key where we may; the rows are made to refer rightly."""
    try:
        with transaction.atomic():
            cursor.execute("SET LOCAL session_replication_role = replica")
    except Exception as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise


def count_on(tables: Iterable[Table]) -> None:
    """Let each table's sequence go on after the last id given."""
    with connection.cursor() as cursor:
        for table in tables:
            if table.last:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [f'"{table.name}"', table.last]
                )


@contextmanager
def without_indexes(tables: Sequence[Table], *, progress: Progress) -> Iterator[None]:
    """Drop the secondary indexes of the tables for the time being.

    Their definitions are kept in a table until they are back, so that a run that was killed does no harm:
    the next one, or `restore`, brings them back.
    """
    restore(progress)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {} (name text, definition text)").format(sql.Identifier(KEEPER)))
        cursor.execute(
            sql.SQL(
                "INSERT INTO {} SELECT i.indexname, i.indexdef FROM pg_indexes i "
                "WHERE i.schemaname = 'public' AND i.tablename = ANY(%s) AND NOT EXISTS "
                "(SELECT FROM pg_constraint c WHERE c.conname = i.indexname) "
                "AND i.indexdef NOT LIKE 'CREATE UNIQUE%%' RETURNING name"
            ).format(sql.Identifier(KEEPER)),
            [[table.name for table in tables]],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    try:
        yield
    finally:
        restore(progress)


def restore(progress: Progress) -> None:
    """Bring back indexes that were dropped, if any are still away."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [KEEPER])
        if cursor.fetchone()[0] is None:
            return
        cursor.execute("SET LOCAL maintenance_work_mem = '768MB'")
        cursor.execute(sql.SQL("SELECT definition FROM {}").format(sql.Identifier(KEEPER)))
        definitions = cursor.fetchall()
        for number, (definition,) in enumerate(definitions, 1):
            cursor.execute(definition)
            progress("Indexes", number, len(definitions))
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(KEEPER)))


def tidy(tables: Sequence[Table], *, progress: Progress) -> None:
    """Bring the planner's statistics and the visibility maps up to date."""
    with connection.cursor() as cursor:
        for number, table in enumerate(tables, 1):
            cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table.name)))
            progress("Statistics", number, len(tables))
