"""What is still to be answered in a conversation, as the coach should hear it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from goodword.inbox.models import Conversation, Message
from goodword.mail.models import OutgoingMail

NEWEST = 60
EARLIER = 5
BETWEEN = "\n\n"
Kind = Message.Kind


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said by the customer or by us; `reading` is what the coach heard in a customer's words."""

    kind: str
    text: str
    reading: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """What is `asked` since our last reply, and our newest `replies`; both oldest first.

    A reply that failed reached nobody, so it answers nothing.
    """

    asked: tuple[Said, ...]
    replies: tuple[str, ...]

    @property
    def customer_message(self) -> str:
        """Everything still to be answered as one text; '' when our reply is the newest."""
        return BETWEEN.join(said.text for said in self.asked)

    def questions(self) -> list[dict[str, Any]]:
        """The questions heard when the messages came in, with offsets in `customer_message`."""
        found: list[dict[str, Any]] = []
        before = 0
        for said in self.asked:
            for question in (said.reading or {}).get("questions", []):
                moved = {"start": question["start"] + before, "end": question["end"] + before}
                found.append(question | moved)
            before += len(said.text) + len(BETWEEN)
        return found

    def language(self) -> str:
        """The language the customer wrote last; 'und' when nobody heard one."""
        heard = (said.reading.get("language", "und") for said in reversed(self.asked) if said.reading)
        return next(heard, "und")


def stored(conversation: Conversation) -> Talk:
    """What was said lately, looked up."""
    spoken = conversation.messages.filter(kind__in=[Kind.CUSTOMER, Kind.REPLY])
    arrived = spoken.exclude(kind=Kind.REPLY, outgoing__state=OutgoingMail.State.FAILED)
    newest = arrived.order_by("-at", "-id").values_list("kind", "text")[:NEWEST]
    return _talk(Said(kind, text) for kind, text in newest)


def shown(messages: Iterable[Message]) -> Talk:
    """What was said, from messages at hand, oldest first."""
    spoken = [one for one in messages if one.kind == Kind.CUSTOMER or (one.kind == Kind.REPLY and _left(one))]
    return _talk(Said(one.kind, one.text, one.reading) for one in spoken[::-1])


def _left(reply: Message) -> bool:
    return reply.outgoing is None or reply.outgoing.state != OutgoingMail.State.FAILED


def _talk(newest_first: Iterable[Said]) -> Talk:
    said = list(newest_first)
    asked = tuple(takewhile(lambda one: one.kind == Kind.CUSTOMER, said))[::-1]
    replies = tuple(one.text for one in said if one.kind == Kind.REPLY)[:EARLIER][::-1]
    return Talk(asked, replies)
