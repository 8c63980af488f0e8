"""Which questions are surely open; known to the reader of answers, asked by the rules."""

from __future__ import annotations

from goodword.coach.case import Case


def surely_open(case: Case) -> set[int]:
    """Where those questions begin that are more likely than not without an answer."""
    return case.once("surely open", lambda case: set[int]())
