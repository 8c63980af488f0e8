"""The coach's contract in JSON: the same for the library, the command line and here."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from goodword.api.fields import Count, Id, Moment, Name, Note, Sent, Shown, Text, Zone


class ReviewIn(Sent):
    """A draft and what is known around it."""

    draft: Text
    customer_message: Text = ""
    customer_name: Name = ""
    agent_name: Name = ""
    now: Moment | None = Field(default=None, description="When the reply is written; without it, now.")
    tz: Zone | None = Field(default=None, description="Time zone of the words; without it, the company's.")
    holidays: Annotated[list[date], Field(max_length=400)] | None = Field(
        default=None, description="Days off; without them, the company's own."
    )
    policies: Annotated[list[Note], Field(max_length=50)] = []
    earlier_replies: Annotated[list[Note], Field(max_length=20)] = []
    attachments: Count | None = Field(
        default=None, description="How many files are attached; null when unknown."
    )
    fault: Literal["ours", "shared", "carrier", "customer", "unclear"] | None = Field(
        default=None, description="Whose fault it was found to be; null when nobody has found out."
    )
    conversation: Id | None = Field(
        default=None,
        description="The draft is for this conversation: the coach of the team that answers it counts.",
    )


class ReadIn(Sent):
    """A customer's message."""

    message: Text
    now: Moment | None = Field(default=None, description="When it was written; without it, now.")


class FindingOut(Shown):
    """Something to put right. Offsets count code points in the text named by `in`."""

    model_config = ConfigDict(serialize_by_alias=True)

    rule: str
    category: str
    practice: str
    severity: Literal["stop", "warn", "hint"]
    where: Literal["draft", "customer"] = Field(alias="in")
    start: int
    end: int
    quote: str
    message: str
    why: str
    suggestions: list[str]


class QuestionOut(Shown):
    """A question, concern or request of the customer; `answered_by` is a span of the draft."""

    start: int
    end: int
    quote: str
    kind: Literal["question", "concern", "request"]
    answered: Literal["yes", "partly", "no"]
    answered_by: tuple[int, int] | None


class CommitmentOut(Shown):
    """A promise in the draft; `due` is a date, a date-time with offset, or null."""

    start: int
    end: int
    quote: str
    action: str
    who: Literal["agent", "company", "customer", "third_party"]
    due: str | None
    due_text: str | None
    condition: str | None
    firm: bool
    kind: Literal["do", "answer", "call", "money", "delivery"]


class ActOut(Shown):
    """What a sentence of the draft does."""

    start: int
    end: int
    act: str


class ScoreOut(Shown):
    """0 to 100 for one practice group, with what it rests on."""

    score: int
    rests_on: list[str]


class ReviewOut(Shown):
    """What the coach says of a draft."""

    language: str
    findings: list[FindingOut]
    questions: list[QuestionOut]
    commitments: list[CommitmentOut]
    acts: list[ActOut]
    scores: dict[str, ScoreOut]


class QuoteOut(Shown):
    """Words that a reading rests on."""

    start: int
    end: int
    quote: str


class DetailOut(QuoteOut):
    """A detail the customer gave."""

    kind: str
    value: str


class VulnerabilityOut(QuoteOut):
    """A hint that this customer may need extra care."""

    kind: str


class ReadingOut(Shown):
    """How a customer's message reads."""

    language: str
    feeling: str
    strength: int
    complaint: bool
    urgency: int
    urgency_cause: str | None
    churn_risk: int
    formality: str
    vulnerability: list[VulnerabilityOut]
    questions: list[QuestionOut]
    details: list[DetailOut]
    rests_on: dict[str, list[QuoteOut]]
