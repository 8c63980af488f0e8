"""Reading a body: JSON, of a bearable size, said to be JSON."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from .problems import ProblemError

BODY_LIMIT = 2 * 1024 * 1024


class StrictParser(Parser):
    """Takes JSON and nothing that only looks like it."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The value in the body; raises ProblemError 400, 413 or 415."""
        kind = (request.content_type or "").lower()
        if kind != "application/json" and not kind.endswith("+json"):
            raise ProblemError(
                415,
                "not-json",
                f"The body is '{kind[:60]}'; send JSON with the header Content-Type: application/json.",
            )
        if len(request.body) > BODY_LIMIT:
            raise ProblemError(
                413, "too-large", f"The body is larger than {BODY_LIMIT} bytes. Send less at a time."
            )
        try:
            return json.loads(request.body, parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise ProblemError(
                400, "bad-json", f"The body is no JSON: {error or 'nested too deeply'}."
            ) from error


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")
