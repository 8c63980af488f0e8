"""The coach: reads a customer's message, reviews a draft reply. Pure text in, plain records out.

>>> from goodword.coach import read, review
>>> review("It will be with you soon.", customer_message="Where is my parcel?").findings  # doctest: +SKIP
"""

from goodword.coach.pack import load_pack
from goodword.coach.results import (
    Act,
    Commitment,
    Detail,
    Finding,
    Question,
    Quote,
    Reading,
    Review,
    Score,
    Vulnerability,
)
from goodword.coach.reviewing import read, review

__all__ = [
    "Act",
    "Commitment",
    "Detail",
    "Finding",
    "Question",
    "Quote",
    "Reading",
    "Review",
    "Score",
    "Vulnerability",
    "load_pack",
    "read",
    "review",
]
