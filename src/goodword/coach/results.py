"""What the coach returns: plain, immutable records that can be stored, compared and disputed.

Offsets count code points; `quote` is always `text[start:end]` of the named text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["stop", "warn", "hint"]
Where = Literal["draft", "customer"]
Kind = Literal["question", "concern", "request"]
Answered = Literal["yes", "partly", "no"]
Who = Literal["agent", "company", "customer", "third_party"]
PromiseKind = Literal["do", "answer", "call", "money", "delivery"]

SEVERITIES: tuple[Severity, ...] = ("stop", "warn", "hint")
CATEGORIES = [
    "empathy",
    "active_listening",
    "jargon",
    "readability",
    "negative_phrasing",
    "blame",
    "overpromise",
    "apology",
    "ownership",
    "gratitude",
    "unanswered_question",
    "greeting",
    "vagueness",
    "repetition",
    "inconsistency",
    "privacy",
    "tone",
    "grammar",
    "spelling",
    "attachment",
    "placeholder",
]
PRACTICES = [
    "L3",
    "L4",
    "L5",
    "E1",
    "E2",
    "E3",
    "E4",
    "E5",
    "E6",
    "E7",
    "C1",
    "C2",
    "C3",
    "C4",
    "C5",
    "C6",
    "P1",
    "P2",
    "P3",
    "P4",
    "R1",
    "R2",
    "R3",
    "O2",
    "O3",
    "O4",
    "H1",
    "H4",
]
ACTS = [
    "greeting",
    "thanks",
    "acknowledgement",
    "paraphrase",
    "clarifying_question",
    "apology",
    "explanation",
    "instruction",
    "option",
    "commitment",
    "refusal",
    "suggestion",
    "reassurance",
    "closing",
    "other",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right. `where` names the text that `start` and `end` count in (JSON: `in`).

    A suggestion replaces `[start, end)` of the draft literally (an empty one deletes it); for a finding in
    the customer's message it is a sentence to add to the draft.
    """

    rule: str
    category: str
    practice: str
    severity: Severity
    where: Where
    start: int
    end: int
    quote: str
    message: str
    why: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question, concern or request of the customer; `answered_by` is a span of the draft."""

    start: int
    end: int
    quote: str
    kind: Kind
    answered: Answered = "no"
    answered_by: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """A promise in the draft. `due` is an ISO date, an ISO date-time with offset, or None (vague)."""

    start: int
    end: int
    quote: str
    action: str
    who: Who
    due: str | None
    due_text: str | None
    condition: str | None
    firm: bool
    kind: PromiseKind = "do"


@dataclass(frozen=True, slots=True)
class Act:
    """What a sentence of the draft does; `act` is one of `ACTS`."""

    start: int
    end: int
    act: str


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100 for one practice group; `rests_on` names its grounds: `findings/2`, `acts/0`."""

    score: int
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a reading rests on."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail the customer gave; `kind`: order, invoice, date, amount, address, product, phone, mail."""

    kind: str
    value: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """A hint that this customer may need extra care; `kind` is e.g. `health`, `money`, `bereavement`."""

    kind: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a customer's message reads. `rests_on` maps a field's name to the words it rests on."""

    language: str
    feeling: str
    strength: int
    complaint: bool
    urgency: int
    urgency_cause: str | None
    churn_risk: int
    formality: str
    vulnerability: tuple[Vulnerability, ...]
    questions: tuple[Question, ...]
    details: tuple[Detail, ...]
    rests_on: dict[str, tuple[Quote, ...]]


@dataclass(frozen=True, slots=True)
class Review:
    """What the coach says of a draft."""

    language: str
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    commitments: tuple[Commitment, ...]
    acts: tuple[Act, ...]
    scores: dict[str, Score]
