"""What is in a database, said so that two of them can be compared: rows and a digest for each table."""

from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from psycopg import sql

_TABLES = """
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL) = 'bytea'
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the columns that count (true for those that hold bytes), its rows, and their digest."""

    columns: dict[str, bool]
    rows: int = 0
    digest: str = "0"

    def as_json(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)


def tables(connection: "psycopg.Connection[Any]") -> dict[str, dict[str, bool]]:
    """The tables of the house with their columns, but for those that the database computes."""
    found: dict[str, dict[str, bool]] = {}
    for table, column, holds_bytes in connection.execute(_TABLES).fetchall():
        found.setdefault(table, {})[column] = holds_bytes
    return found


def looked_at(connection: "psycopg.Connection[Any]", name: str, columns: dict[str, bool]) -> Table:
    """Count and digest the rows of a table as this transaction sees it."""
    row = connection.execute(sums(name, columns)).fetchone()
    assert row is not None
    return Table(columns, rows=row[0], digest=row[1])


def sums(name: str, columns: dict[str, bool]) -> sql.Composed:
    """The query for rows and digest of a table.

    The digest is the sum of a part of each row's MD5, whatever order the rows are in; every server computes
    the same. It guards against accidents, not against forgers.
    """
    values = [
        (sql.SQL("sha256({})") if holds_bytes else sql.SQL("{}")).format(sql.Identifier(column))
        for column, holds_bytes in columns.items()
    ]
    return sql.SQL(
        "SELECT count(*), coalesce(sum(('x' || substr(md5(ROW({values})::text), 1, 15))::bit(60)::bigint), 0)"
        "::text FROM public.{table}"
    ).format(values=sql.SQL(", ").join(values), table=sql.Identifier(name))
