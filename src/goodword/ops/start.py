"""What every command of the desk does first: read the settings, have a database, set Django up."""

import os
import signal
import sys
from importlib import import_module
from urllib.parse import urlsplit

import django
from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from goodword.kit import config, postgres
from goodword.kit.terminal import say

# Any number that stays the same: one process at a time changes the tables.
MIGRATION_LOCK = 7_164_281


def prepare(*, database: bool, demo: bool = False) -> int:
    """Read the settings and, with `database`, reach it; returns 0 or the exit code after saying why."""
    # Ended while it starts, the process still lets go of the database it may have started.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    if demo:
        # Nothing of the sample company may leave the machine, whatever the shell has set.
        os.environ["GOODWORD_EMAIL_URL"] = ""
        os.environ["GOODWORD_SAMPLE"] = "yes"
        # A newcomer writes to whatever address comes to mind, and should see it arrive.
        os.environ.setdefault("GOODWORD_MAIL_CATCH_ALL", "yes")
    os.environ["DJANGO_SETTINGS_MODULE"] = "goodword.ops.settings"
    try:
        settings = config.load()
        if not database:
            django.setup()
            return 0
        if demo:
            say("Starting the database …")
        if not settings.database_url:
            postgres.start(settings.data)
        django.setup()
        migrate(tell=demo)
        erase_again()
    except config.ConfigError as error:
        return say(str(error), code=2)
    except (postgres.PostgresError, Error, OSError) as error:
        where = _without_password(settings.database_url) or f"in {settings.data}"
        return say(f"The database {where} cannot be used: {error}", code=1)
    return 0


def migrate(*, tell: bool = False) -> None:
    """Bring the tables up to date, one process at a time."""
    if not _planned():
        return
    if tell:
        say("Making the tables …")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


def erase_again() -> None:
    """Erase once more whom a restored backup brought back, before anybody sees them."""
    # Not at the top: it needs Django, which is only set up by now.
    erasures = import_module("goodword.ops.backup.erasures")
    done = erasures.repeat()
    if done:
        say(f"{done} of the people in this database had been erased since its backup; they are erased again.")


def _planned() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"at {parts.hostname}:{parts.port or 5432}" if url else ""
