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
    """What is at a web address, up to `limit` bytes; raises NotFetched.

    A redirect is followed as far as such an address; the headers, which hold a key, go to no other server.
    """
    where = urlsplit(url)
    _check(url)
    request = urllib.request.Request(url, headers=headers or {})  # noqa: S310 checked above
    until = time.monotonic() + SECONDS
    found = bytearray()
    try:
        with _opener().open(request, timeout=SECONDS / 3) as answer:
            while piece := answer.read1(PIECE):
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


class _KeysStay(urllib.request.HTTPRedirectHandler):
    """Takes what was sent to one server to no other."""

    def redirect_request(self, request: urllib.request.Request, *args: Any) -> urllib.request.Request | None:
        url = args[-1]
        _check(url)
        followed = super().redirect_request(request, *args)
        if followed is not None and _server(url) != _server(request.full_url):
            followed.headers.clear()
        return followed


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_KeysStay)


def _check(url: str) -> None:
    where = urlsplit(url)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in LOCAL):
        raise NotFetched(f"The address {url[:100]} is not one of https.")


def _server(url: str) -> tuple[str, str]:
    where = urlsplit(url)
    return where.scheme, where.netloc
