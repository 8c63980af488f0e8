"""Asking a mail sender for what its call only points to, with a deadline and a limit."""

import json
import time
import urllib.request
from typing import Any
from urllib.parse import urlsplit

SECONDS = 30
PIECE = 64 * 1024
LOCAL = {"127.0.0.1", "localhost", "::1"}


class NotFetched(Exception):
    """A part of a mail could not be had now; the sender is asked to call again."""


def fetch(url: str, *, limit: int, headers: dict[str, str] | None = None) -> bytes:
    """What is at a web address, up to `limit` bytes; raises NotFetched."""
    where = urlsplit(url)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in LOCAL):
        raise NotFetched(f"The address {url[:100]} is not one of https.")
    request = urllib.request.Request(url, headers=headers or {})  # noqa: S310 checked above
    until = time.monotonic() + SECONDS
    found = bytearray()
    try:
        with urllib.request.urlopen(request, timeout=SECONDS / 3) as answer:  # noqa: S310 checked above
            while piece := answer.read(PIECE):
                found += piece
                if len(found) > limit:
                    raise NotFetched(f"There are more than {limit} bytes at {where.hostname}.")
                if time.monotonic() > until:
                    raise NotFetched(f"{where.hostname} took longer than {SECONDS} seconds.")
    except (OSError, ValueError) as error:
        raise NotFetched(f"{where.hostname} did not answer as it should: {error}") from error
    return bytes(found)


def fetch_json(url: str, *, limit: int, headers: dict[str, str]) -> Any:
    """The JSON at a web address; raises NotFetched."""
    try:
        return json.loads(fetch(url, limit=limit, headers=headers))
    except ValueError as error:
        raise NotFetched(f"{urlsplit(url).hostname} did not answer in JSON.") from error
