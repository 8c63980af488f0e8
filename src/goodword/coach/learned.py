"""What the learned heads say of each sentence, for rules and readers that want to know.

The heads are advice: where they are not installed nothing is told, and every reader works without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from goodword.coach.case import Case
from goodword.coach.heads import load_heads
from goodword.coach.text import Sentence, Text

NOTHING_KNOWN: Mapping[str, Sequence[float]] = {}
LONGEST = 400  # sentences of one text that the heads are asked about


class Told:
    """Head → a chance for each sentence of one text, in order; empty where the heads are not installed."""

    def __init__(self, sentences: Sequence[Sentence], columns: Mapping[str, Sequence[float]]) -> None:
        self.sentences = sentences
        self._columns = columns

    def chances(self, head: str) -> Sequence[float]:
        """The chance of each sentence to say this; nothing where it is not known."""
        return self._columns.get(head, ())

    def most(self, head: str) -> float:
        """The highest chance of any sentence, 0 where nothing is known."""
        return max(self.chances(head), default=0.0)


def said(case: Case) -> Told:
    """What each sentence of the draft says."""
    return _told(case.draft, "agent")


def heard(case: Case) -> Told:
    """What each sentence of the customer's message says."""
    return _told(case.customer, "customer")


def tell_ahead(texts: Sequence[Text], side: str) -> None:
    """Hear all `texts` of one side together, before each is asked about alone."""
    heads = load_heads(side)
    sentences = [text.sentences[:LONGEST] for text in texts]
    spoken = [text.raw[start:end] for text, some in zip(texts, sentences, strict=True) for start, end in some]
    chances = heads.sentences(spoken) if heads is not None and spoken else None
    at = 0
    for text, some in zip(texts, sentences, strict=True):
        columns = NOTHING_KNOWN
        if heads is not None and chances is not None and some:
            rows = chances[at : at + len(some)].T.tolist()
            columns = dict(zip(heads.short_names, rows, strict=True))
        text.told[side] = Told(some, columns)
        at += len(some)


def _told(text: Text, side: str) -> Told:
    """Kept with the text: while an answer is written, each look at it meets the same customer's message."""
    if side not in text.told:
        tell_ahead((text,), side)
    told: Told = text.told[side]
    return told
