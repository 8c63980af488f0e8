"""Signs from which part of the reply answers which question, as learned from answers that were marked.

Where the heads or the vectors of words are not installed there are none of these signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from goodword.coach.case import Case
from goodword.coach.heads import load_heads
from goodword.coach.readers.units import Unit
from goodword.coach.results import Question

if TYPE_CHECKING:
    from goodword.coach.heads.meeting import Table

Signs = dict[str, float]

PAIRED = "pair_"
Told = Sequence[Sequence[Sequence[float]]]


def pair_signs(case: Case, units: list[Unit], questions: list[Question], told: Told) -> list[Signs]:
    """For each question its signs, or none at all. `told`: what the words say of each pair (meeting.TOLD)."""
    met = pairs_of(case, units, questions, told)
    heads = load_heads()
    if met is None or heads is None:
        return []
    return heads.answered(met, case.pack.asking.meets, [_can_answer(unit) for unit in units])


def pairs_of(case: Case, units: list[Unit], questions: list[Question], told: Told) -> Table | None:
    """All signs of each pair as numbers."""
    heads = load_heads()
    if heads is None or not units or not questions:
        return None
    texts = [case.draft.raw[unit.start : unit.end] for unit in units]
    parts = [(unit.act, unit.signs, unit.count, _can_answer(unit)) for unit in units]
    return heads.meeting([question.quote for question in questions], texts, told, parts)


def _can_answer(unit: Unit) -> bool:
    return not unit.asks and not unit.nice
