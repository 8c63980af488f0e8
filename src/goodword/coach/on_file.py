"""What stays the same from one look at a draft to the next: the message, policies, earlier replies."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from goodword.coach.text import Text

if TYPE_CHECKING:
    from goodword.coach.pack import Pack

MOST = 256


@lru_cache(maxsize=MOST)
def text_on_file(pack: Pack, said: str) -> Text:
    """`said` with its words and sentences, found once."""
    return pack.text(said)
