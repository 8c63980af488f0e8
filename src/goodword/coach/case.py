"""The case at hand: the texts, what is known around them, and what the readers have found so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from goodword.coach.phrases import Marks, Span
from goodword.coach.results import Act, Commitment, Detail, Finding, Question, Score
from goodword.coach.text import Text
from goodword.coach.when import Clock, Moment

if TYPE_CHECKING:
    from goodword.coach.pack import Pack

T = TypeVar("T")


@dataclass(slots=True)
class Mood:
    """How the customer feels, with the words it rests on."""

    feeling: str = "calm"
    strength: int = 0
    complaint: bool = False
    urgency: int = 0
    urgency_cause: str | None = None
    churn_risk: int = 0
    formality: str = "neutral"
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass(slots=True)
class Case:
    """What a reader may look at. Fields from `language` to `scores` are filled by the readers, in order.

    `near`: for rules of expressions, by id, where something stands that each of their matches holds.
    """

    pack: Pack
    draft: Text
    customer: Text
    clock: Clock
    customer_name: str = ""
    agent_name: str = ""
    policies: tuple[str, ...] = ()
    earlier_replies: tuple[str, ...] = ()
    attachments: int | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""
    closely: bool = True

    language: str = "und"
    customer_language: str = "und"
    marks: Marks = field(default_factory=Marks)
    customer_marks: Marks = field(default_factory=Marks)
    times: list[Moment] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)
    mood: Mood = field(default_factory=Mood)
    asked: list[Question] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    scores: dict[str, Score] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    near: dict[str, list[Span]] = field(default_factory=dict)

    def once(self, name: str, tell: Callable[[Case], T]) -> T:
        """What `tell` says of this case, asked once, however many rules want to know."""
        if name not in self.told:
            self.told[name] = tell(self)
        return cast(T, self.told[name])

    def times_in(self, start: int, end: int) -> list[Moment]:
        """The moments of the draft that begin inside `[start, end)`."""
        first = bisect_left(self.times, start, key=_start)
        return self.times[first : bisect_left(self.times, end, first, key=_start)]

    def is_dated(self, start: int, end: int) -> bool:
        """Whether `[start, end)` of the draft names a day or an hour that can be told."""
        return any(not moment.vague for moment in self.times_in(start, end))


def _start(moment: Moment) -> int:
    return moment.start
