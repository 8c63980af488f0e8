"""Asking another server by HTTP: no redirect is followed, and the whole answer has a deadline and a limit."""

import time
import urllib.request
from http.client import HTTPResponse
from typing import cast

PIECE = 16_384


def ask(request: urllib.request.Request, *, seconds: float, most_bytes: int) -> tuple[int, bytes]:
    """Status and body of the answer.

    Raises urllib.error.HTTPError for a status that is no success, a redirect among them: what is sent goes
    to the server that was named, or nowhere. Raises ValueError for an answer longer than `most_bytes`, and
    OSError (TimeoutError among it) when there is none, or no whole one within `seconds`.
    """
    until = time.monotonic() + seconds
    with _opener().open(request, timeout=seconds) as answer:
        response = cast(HTTPResponse, answer)
        found = b""
        while piece := response.read1(PIECE):
            found += piece
            if len(found) > most_bytes:
                raise ValueError(f"the answer is longer than {most_bytes:,} bytes")
            if time.monotonic() > until:
                raise TimeoutError(f"no whole answer within {seconds:.0f} seconds")
        return response.status, found


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *args: object) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_Stay)
