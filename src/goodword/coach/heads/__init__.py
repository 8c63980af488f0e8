"""Learned parts of the coach: small linear heads over words, pairs of words and runs of letters.

>>> heads = load_heads()                                # None where the extra `learned` is not installed
>>> heads.message("Where is my parcel?")["feeling.calm"]  # doctest: +SKIP

They are advice for the readers, who work without them. What each head means, what it was trained on and how
well it does stands in docs/coach/model-card.md.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goodword.coach.heads.cross_encoder import CrossEncoder
    from goodword.coach.heads.scoring import Heads


@cache
def load_heads(name: str = "heads") -> Heads | None:
    """The shipped heads, loaded on first use (some 30 ms); None where numpy is not installed.

    `name`: `heads` for whole messages and answers, `agent` and `customer` for single sentences of one side.

    The coach alone has no need of numpy, so it is looked for here and not imported with the package.
    """
    if find_spec("numpy") is None:
        return None
    heads: Heads = import_module("goodword.coach.heads.scoring").shipped(name)
    return heads


@cache
def load_cross_encoder() -> CrossEncoder | None:
    """The shipped reader of both texts, loaded on first use; None where numpy or wordllama is missing."""
    if find_spec("numpy") is None:
        return None
    vectors = import_module("goodword.coach.heads.vectors").read_vectors()
    if vectors is None:
        return None
    module = import_module("goodword.coach.heads.cross_encoder")
    found: CrossEncoder = module.load(module.SHIPPED, vectors)
    return found
