"""What the learned heads say of each sentence, for rules and readers that want to know.

The heads are advice: where they are not installed nothing is told, and every reader works without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from goodword.coach.case import Case
from goodword.coach.heads import load_heads
from goodword.coach.text import Text

NOTHING_KNOWN: Mapping[str, Sequence[float]] = {}
MOST_HEARD = 64  # customers' messages whose chances are kept
LONGEST = 400  # sentences of one text that the heads are asked about


class Told:
    """Head → a chance for each sentence of one text, in order; empty where the heads are not installed."""

    def __init__(self, text: Text, side: str) -> None:
        heads = load_heads(side)
        sentences = text.sentences[:LONGEST]
        self._columns: Mapping[str, Sequence[float]] = NOTHING_KNOWN
        if heads is not None and sentences:
            chances = heads.sentences([text.raw[start:end] for start, end in sentences])
            self._columns = dict(zip(heads.short_names, chances.T.tolist(), strict=True))
        self.sentences = sentences

    def chances(self, head: str) -> Sequence[float]:
        """The chance of each sentence to say this; nothing where it is not known."""
        return self._columns.get(head, ())

    def most(self, head: str) -> float:
        """The highest chance of any sentence, 0 where nothing is known."""
        return max(self.chances(head), default=0.0)


def said(case: Case) -> Told:
    """What each sentence of the draft says."""
    return case.once("said", _said)


def heard(case: Case) -> Told:
    """What each sentence of the customer's message says."""
    return case.once("heard", _heard)


def _said(case: Case) -> Told:
    return Told(case.draft, "agent")


def _heard(case: Case) -> Told:
    return _told_by(case.customer)


@lru_cache(maxsize=MOST_HEARD)
def _told_by(customer: Text) -> Told:
    """Heard once: while an answer is written, each look at it meets the same `Text`."""
    return Told(customer, "customer")
