"""Looking for words in every column of every table."""

from collections.abc import Iterable

from django.db import connection
from psycopg import sql

_COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""


def found(mark: str) -> dict[str, int]:
    """In which columns the mark stands, as `table.column`, and in how many rows.

    Every type is looked at as text, in lower case: words, JSON, lists, search vectors, numbers; bytes as what
    they hold.
    """
    rows = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column, kind in cursor.fetchall():
            name = sql.Identifier(column)
            text = sql.SQL("encode({}, 'escape')" if kind == "bytea" else "{}::text").format(name)
            query = sql.SQL("SELECT count(*) FROM public.{} WHERE position(%s in lower({})) > 0").format(
                sql.Identifier(table), text
            )
            cursor.execute(query, [mark])
            if count := cursor.fetchone()[0]:
                rows[f"{table}.{column}"] = count
    return rows


def digests(parts: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A digest of the rows of each table that a condition picks."""
    made = {}
    with connection.cursor() as cursor:
        for table, condition in parts:
            query = sql.SQL(
                "SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM public.{} t WHERE {}"
            ).format(
                sql.Identifier(table),
                sql.SQL(condition),  # type: ignore[arg-type]
            )
            cursor.execute(query)
            made[f"{table} {condition}"] = cursor.fetchone()[0]
    return made
