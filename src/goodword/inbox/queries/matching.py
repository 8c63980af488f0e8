"""The newest messages that match, in bounded work (docs/decisions/0006)."""

from datetime import datetime

from django.db import connection

from ..models.search import FAR_BITS, NEAR_BITS, SEARCH_LANGUAGE, window_words

CANDIDATES = 100
# Conversation, message, rank, and when it was written.
Candidate = tuple[int, int, float, datetime]

# Ordered by the id plus nothing: by the id alone, the planner may walk the ids backwards, through every
# message there is. An empty set of windows leaves the words alone.
_NEWEST = """
SELECT conversation_id, id, ts_rank(search, websearch_to_tsquery(%(language)s::regconfig, %(q)s)), at
FROM inbox_message
WHERE id <= %(newest)s
  AND search @@ (websearch_to_tsquery(%(language)s::regconfig, %(q)s) && %(windows)s::tsquery)
ORDER BY id + 0 DESC
LIMIT %(limit)s
"""


def matching(q: str, newest: int) -> list[Candidate]:
    """The newest messages up to `newest` that match, at most CANDIDATES."""
    found: list[Candidate] = []
    with connection.cursor() as cursor:
        for bits in (NEAR_BITS, FAR_BITS, 0):
            words = window_words(newest, bits=bits) if bits else []
            windows = " | ".join(f"'{word}'" for word in words)
            given: dict[str, str | int] = {"q": q, "newest": newest, "windows": windows}
            cursor.execute(_NEWEST, given | {"limit": CANDIDATES, "language": SEARCH_LANGUAGE})
            found = cursor.fetchall()
            if len(found) == CANDIDATES or newest >> bits == 0:
                break
    return found


def below(found: list[Candidate]) -> int | None:
    """The id under which there may be more matches; None when these are all."""
    return min(message for _place, message, *_rest in found) - 1 if len(found) == CANDIDATES else None
