"""What makes a common word as quick to find as a rare one.

Beside its words, each message's search vector holds the numbers of the two windows its id lies in, one
of 4,096 messages and one of 65,536. A search looks through the newest window first and takes a wider
one only when too little was found, so it never reads more than some thousand rows, however common the word.
"""

from django.contrib.postgres.search import SearchVectorCombinable, SearchVectorField
from django.db.models import Func

SEARCH_LANGUAGE = "english"
NEAR_BITS = 12
FAR_BITS = 16


class Windows(SearchVectorCombinable, Func):
    """The lexemes '~n<number>' and '~f<number>'; no text can hold them, as words carry no tilde."""

    template = (
        f"array_to_tsvector(ARRAY['~n' || ((%(expressions)s) >> {NEAR_BITS})::text, "
        f"'~f' || ((%(expressions)s) >> {FAR_BITS})::text])"
    )
    config = None
    output_field = SearchVectorField()


def window_words(newest: int, *, bits: int) -> list[str]:
    """The lexemes of the window that `newest` lies in and of the one before it."""
    mark = "~n" if bits == NEAR_BITS else "~f"
    return [f"{mark}{number}" for number in (newest >> bits, (newest >> bits) - 1) if number >= 0]
