"""Keys that must stay the same for the life of an installation."""

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path


def kept_secret(folder: Path) -> str:
    """The installation's own secret key, made on first use and readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret-key"
    if not path.exists():
        handle, name = tempfile.mkstemp(prefix="secret-key-", dir=folder)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        # A link cannot replace what another process made meanwhile, and never shows a half-written file.
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_text(encoding="ascii").strip()


def derived_key(purpose: str, *, secret: str) -> bytes:
    """A key of 32 bytes for one purpose, so that one signature is never good for another."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def digest(token: str) -> str:
    """What is stored of a token, so that a stolen table opens nothing."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")
