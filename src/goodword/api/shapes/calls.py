"""Phone calls as the API takes and shows them."""

from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field

from goodword.api.fields import ANY_TEXT, Due, Flag, Moment, Note, Sent, Shown
from goodword.inbox.actions import NewCall
from goodword.inbox.actions.calling import LONGEST, STEP_LENGTH
from goodword.inbox.models import Message
from goodword.promises import moments

from .promises import PromiseIn

Direction = Literal["incoming", "outgoing"]
Tone = Literal["", "calm", "content", "worried", "upset", "angry"]


def _whole(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError("must be a whole number")
    return value


Minutes = Annotated[int, Field(ge=0, le=LONGEST), BeforeValidator(_whole)]
Phone = Annotated[str, Field(max_length=40, pattern=ANY_TEXT)]
Reference = Annotated[str, Field(max_length=200, pattern=ANY_TEXT)]
Step = Annotated[str, Field(max_length=STEP_LENGTH, pattern=ANY_TEXT)]


class CallIn(Sent):
    """A call to write down. With a `reference` it is written down once, however often it is sent."""

    direction: Direction
    answered: Flag = True
    minutes: Minutes | None = None
    tone: Tone = Field(default="", description="How the customer sounded.")
    phone: Phone = ""
    said: Note = Field(default="", description="What was said, as Markdown.")
    at: Moment | None = Field(default=None, description="When it was; without it, just now.")
    next_step: Step = Field(default="", description="It becomes a promise of who logs the call.")
    next_due: Due | None = None
    reference: Reference = Field(default="", description="What your telephone system calls it.")
    promises: Annotated[list[PromiseIn], Field(max_length=20)] = []


class CallOut(Shown):
    """What is special about a message that is a call."""

    direction: Direction
    answered: bool
    minutes: int | None
    tone: Tone
    phone: str
    next_step: str
    reference: str


def new_call(sent: CallIn) -> NewCall:
    """The call as the inbox takes it."""
    due, whole_day = moments.due_moment(sent.next_due)
    return NewCall(
        direction=sent.direction,
        answered=sent.answered,
        minutes=sent.minutes,
        tone=sent.tone,
        phone=sent.phone,
        said=sent.said,
        at=sent.at,
        next_step=sent.next_step,
        next_due=due,
        next_whole_day=whole_day,
        reference=sent.reference,
    )


def call_out(message: Message) -> CallOut | None:
    """The call of a message that is one."""
    if message.kind != Message.Kind.CALL:
        return None
    call = message.call
    return CallOut(
        direction=cast(Direction, call.direction),
        answered=call.answered,
        minutes=call.minutes,
        tone=cast(Tone, call.tone),
        phone=call.phone,
        next_step=call.next_step,
        reference=call.reference,
    )
