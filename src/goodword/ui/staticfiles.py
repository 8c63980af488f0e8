"""Addresses of static files that change with what is installed, so that browsers may keep them for long."""

import hashlib
from functools import cached_property
from pathlib import Path

from django.contrib.staticfiles.storage import StaticFilesStorage

DIST = Path(__file__).parent / "static" / "goodword" / "dist"


class VersionedStorage(StaticFilesStorage):
    """Adds `?v=` with a short hash of the built scripts and styles."""

    @cached_property
    def version(self) -> str:
        """Hash over names, sizes and times of the built files; one for the life of the process."""
        digest = hashlib.sha256()
        for path in sorted(DIST.glob("*")):
            status = path.stat()
            digest.update(f"{path.name}:{status.st_size}:{status.st_mtime_ns}".encode())
        return digest.hexdigest()[:10]

    def url(self, name: str | None) -> str:
        """Address of a static file."""
        return f"{super().url(name)}?v={self.version}"
