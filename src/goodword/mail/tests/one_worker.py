"""`goodword worker` on the database that TEST_DATABASE names; for tests that kill it."""

import os
from importlib import import_module

import django

from goodword.kit import config
from goodword.ops import settings


def main() -> None:
    """Work until killed."""
    settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "goodword.ops.settings"
    django.setup()
    server = import_module("goodword.ops.server")
    parts = server.Parts(pages=False, mail=False)
    server.run(config.load(), parts=parts, ready=lambda: print("ready", flush=True))  # noqa: T201


if __name__ == "__main__":
    main()
