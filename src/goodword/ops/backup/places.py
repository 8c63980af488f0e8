"""The database of this installation as PostgreSQL's own programs are told of it."""

import os
from typing import Any

import psycopg
from django.db import connection
from psycopg import conninfo, pq

# Moments, numbers and bytes are written the same way by every server and for every user.
PLAIN = (
    "SET TIME ZONE 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; "
    "SET bytea_output = 'hex'; SET extra_float_digits = 1; SET search_path = public; "
    "SET lock_timeout = '30s'; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"
)


class BackupError(Exception):
    """A backup cannot be made or used; the text says why and what to do."""


def connect() -> "psycopg.Connection[Any]":
    """A connection of our own, beside Django's."""
    made = psycopg.connect(**_parameters(), autocommit=True)
    made.execute(PLAIN)
    return made


def told() -> tuple[str, dict[str, str]]:
    """The option --dbname and the environment for a program; the password stands only in the latter, which no
    other user can read.
    """
    parameters = _parameters()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if password := parameters.pop("password", None):
        environ["PGPASSWORD"] = str(password)
    return f"--dbname={conninfo.make_conninfo(**parameters)}", environ


def _parameters() -> dict[str, Any]:
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    given = connection.get_connection_params()
    return {name: value for name, value in given.items() if name in known}
