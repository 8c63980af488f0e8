"""What programs send to open and answer conversations."""

from typing import Annotated, Literal

from pydantic import Field

from goodword.api.fields import (
    Address,
    Flag,
    Id,
    Name,
    Revision,
    Seconds,
    Sent,
    SomeNote,
    SomeText,
    Subject,
    Text,
)

from .promises import PromiseIn

Addresses = Annotated[list[Address], Field(max_length=50)]


class CustomerById(Sent):
    """A customer who is known."""

    id: Id


class CustomerByAddress(Sent):
    """A customer by mail address, made when there is none yet."""

    email: Address
    name: Name = ""


class NewConversation(Sent):
    """What a customer said first, and where."""

    customer: CustomerById | CustomerByAddress
    subject: Subject
    text: Text = ""
    mailbox: Address | None = Field(default=None, description="One of the house's own addresses.")


class ReplyIn(Sent):
    """An answer to the customer, as Markdown."""

    markdown: SomeText
    revision: Revision | None = Field(
        default=None,
        description="The conversation's revision when writing began; refused when others added since.",
    )
    promises: Annotated[list[PromiseIn], Field(max_length=20)] = []
    to: Addresses | None = None
    cc: Addresses | None = None
    close: Flag = False
    leave_promises: Flag = Field(default=False, description="Close although promises are open.")
    undo_seconds: Seconds = 0


class NoteIn(Sent):
    """An internal note, as Markdown; '@handle' tells that agent."""

    markdown: SomeNote
    promises: Annotated[list[PromiseIn], Field(max_length=20)] = []


class AssignIn(Sent):
    """The agent's mail address; null for nobody."""

    agent: Address | None


class ConversationChange(Sent):
    """What can be changed of a conversation itself."""

    priority: Literal["low", "normal", "high", "urgent"]


class CloseIn(Sent):
    """How to close."""

    leave_promises: Flag = Field(default=False, description="Close although promises are open.")
