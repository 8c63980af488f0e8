"""Settings of the tests: the product's own, on an embedded PostgreSQL kept for tests.

Each test process has a database of its own, so that several runs can go on side by side.
"""

import os
from pathlib import Path

from goodword.kit import postgres

DATA = Path(__file__).resolve().parent.parent / ".cache" / "test-data"
for name in [name for name in os.environ if name.startswith("GOODWORD_") or name == "DATABASE_URL"]:
    del os.environ[name]
os.environ["GOODWORD_DATA"] = str(DATA)
postgres.start(DATA, options="-c fsync=off -c synchronous_commit=off -c full_page_writes=off")

from goodword.ops.settings import *  # noqa: E402, F403
from goodword.ops.settings import DATABASES  # noqa: E402

DATABASES["default"]["TEST"] = {"NAME": f"test_goodword_{os.getpid()}"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
