"""What the customer's message and the draft tell together, and neither does alone.

Advice like that of the heads: where numpy or wordllama is not installed, or nobody wrote, nothing is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import TYPE_CHECKING

from goodword.coach.case import Case
from goodword.coach.heads import load_cross_encoder
from goodword.coach.results import Finding, Where
from goodword.coach.text import Sentence

if TYPE_CHECKING:
    from goodword.coach.heads.cross_encoder import Seen

MOST_ASKED = 24  # questions that are weighed; what a message asks beyond that is only looked up by its words
_KINDS = ("question", "request", "concern")
_LEAST = 0.01  # no share is nearer to 0 or 1, so that none decides alone


def seen(case: Case) -> Seen | None:
    """What one look at both texts told of the questions asked, and of each word of both."""
    return case.once("both texts", _seen)


def _seen(case: Case) -> Seen | None:
    if (
        not case.closely
        or not case.customer.lowers
        or len(case.draft.lowers) < case.pack.data["both_texts"]["words"]
    ):
        return None
    if case.language != case.pack.name or (reader := load_cross_encoder()) is None:
        return None
    items = [(one.start, one.end, _KINDS.index(one.kind)) for one in case.asked[:MOST_ASKED]]
    return reader.read(case.customer.own, case.draft.own, items)


def left_open(case: Case, place: int) -> float | None:
    """The log odds of the question at that place among those asked to be left open."""
    told = seen(case)
    return told.open[place] if told is not None and place < len(told.open) else None


def chances(case: Case, category: str, where: Where) -> Sequence[tuple[Sentence, float]]:
    """How likely each sentence of the draft has a fault of the category, or each of the customer's wants it.

    Nothing where nothing is known.
    """
    told = seen(case)
    line = case.pack.data["both_texts"][where].get(category)
    if told is None or line is None:
        return ()
    text = case.draft if where == "draft" else case.customer
    found = []
    for sentence in text.sentences:
        told_of = score(case, category, where, *sentence)
        if told_of is not None:
            found.append((sentence, _chance(line["slope"] * told_of + line["shift"])))
    return found


def chance_right(case: Case, finding: Finding, share: float) -> float | None:
    """How likely the remark is right: its rule's `share` of right ones, weighed with what was seen.

    None where nothing was.
    """
    line = case.pack.data["both_texts"]["remark"][finding.where].get(finding.category)
    if line is None or seen(case) is None:
        return None
    found = score(case, finding.category, finding.where, *around(case, finding))
    if found is None:
        return None
    return _chance(line["share"] * odds(share) + line["seen"] * found + line["base"])


def around(case: Case, finding: Finding) -> tuple[int, int]:
    """The sentence that the remark is about, or as many as it reaches over."""
    text = case.draft if finding.where == "draft" else case.customer
    sentence = text.sentence_at(finding.start)
    return min(sentence.start, finding.start), max(sentence.end, finding.end)


def score(case: Case, category: str, where: Where, start: int, end: int) -> float | None:
    """Log odds of a word in `[start, end)` to be at fault, or to call for something; None where unknown."""
    told = seen(case)
    if told is None:
        return None
    row = (told.reply if where == "draft" else told.message).within(start, end)
    return None if row is None else float(row[told.categories.index(category)])


def odds(chance: float) -> float:
    """As log odds."""
    chance = min(max(chance, _LEAST), 1 - _LEAST)
    return log(chance / (1 - chance))


def _chance(total: float) -> float:
    return 1 / (1 + exp(-max(-60.0, min(60.0, total))))
