"""What the learned heads add to the signs of an answer: how a question is asked, how the reply speaks.

Where the heads are not installed there are none of these signs, and a scale has a limit of its own for that.
"""

from __future__ import annotations

from collections.abc import Sequence

from goodword.coach.case import Case
from goodword.coach.learned import Told, heard, said
from goodword.coach.readers.pair_signs import PAIRED
from goodword.coach.results import Question

Signs = dict[str, float]

HEARD, ANYWHERE = "heard_", "said_"
PREFIXES = (HEARD, ANYWHERE, PAIRED)


class LearnedSigns:
    """The signs that the heads give for one message and its reply."""

    def __init__(self, case: Case) -> None:
        heads = case.pack.data["answers"]["heads"]
        asked, told = heard(case), said(case)
        self._known = bool(asked.chances("question")) and bool(told.chances("answer"))
        self._asked = _Columns(asked, heads["asking"], HEARD)
        self._anywhere = {f"{ANYWHERE}{head}": told.most(head) for head in heads["telling"]}

    def of(self, question: Question) -> Signs:
        """How the question is asked, and how the reply speaks anywhere."""
        if not self._known:
            return {}
        return self._asked.within(question.start, question.end) | self._anywhere


class _Columns:
    """The chances of some heads, each under the name of its sign."""

    def __init__(self, told: Told, heads: Sequence[str], prefix: str) -> None:
        self._sentences = told.sentences
        self._columns = [(f"{prefix}{head}", told.chances(head)) for head in heads]

    def within(self, start: int, end: int) -> Signs:
        """The highest chances among the sentences that reach into `[start, end)`."""
        places = [place for place, one in enumerate(self._sentences) if one.start < end and start < one.end]
        if not places:
            return {name: 0.0 for name, _ in self._columns}
        first, last = places[0], places[-1]
        if first == last:
            return {name: chances[first] for name, chances in self._columns}
        return {name: max(chances[first : last + 1]) for name, chances in self._columns}
