"""Where the rooms above join in: filled in their `AppConfig.ready()`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from goodword.kit.registry import Registry
from goodword.mail.models import MailAccount, OutgoingMail, RawMail
from goodword.mail.parsing import ParsedMail

Intake = Callable[[RawMail, ParsedMail], str | None]
LookingAhead = Callable[[Sequence[tuple[RawMail, ParsedMail]]], Intake]
ServerCount = Callable[[MailAccount, date], int | None]
OutgoingListener = Callable[[OutgoingMail], None]


@dataclass(frozen=True, slots=True)
class Messages:
    """How messages are looked up from their raw mail: the way to their kind, such as 'message__kind', and the
    kinds that are recorded only, because nobody waits for an answer to them.
    """

    kind: str
    recorded: tuple[str, ...]


intake: Registry[Intake] = Registry("intake")
outgoing_changed: Registry[OutgoingListener] = Registry("outgoing_changed")
outgoing_doubted: Registry[OutgoingListener] = Registry("outgoing_doubted")
server_counts: Registry[ServerCount] = Registry("server counts")
messages: Registry[Callable[[], Messages]] = Registry("messages")


_ahead: dict[Intake, LookingAhead] = {}


def register_intake(handler: Intake, *, ahead: LookingAhead | None = None) -> Intake:
    """Let `handler` make something of every mail that comes in; usable as a decorator.

    It runs in the transaction that settles the mail. A handler that makes no message of it gives back why,
    as a sentence; without one, the mail counts as unexplained (`mail.reconciling`). Raising
    `parsing.Unreadable` puts the mail under 'Needs a person' with that reason; any other exception does the
    same with a general one. Nothing it wrote is kept then.

    Where many mails wait, several are settled in one transaction, and when any of them fails it is rolled
    back and each gets one of its own: a handler may see a mail twice, but what it wrote is kept once. For
    them `ahead` may give a handler that has looked up at once what all of these mails need.
    """
    if ahead is not None:
        _ahead[handler] = ahead
    return intake.add(handler)


def handlers(mails: Sequence[tuple[RawMail, ParsedMail]]) -> list[Intake]:
    """The handlers for these mails, which come to them in this order."""
    return [_ahead[handler](mails) if handler in _ahead else handler for handler in intake]


def register_outgoing_listener(listener: OutgoingListener) -> OutgoingListener:
    """Tell `listener` of every change of an outgoing mail's state, in the transaction that changes it.

    One that fails is told again by a job until it does not, unless the mail has another state by then; of
    what it wrote before it failed nothing is kept.
    """
    return outgoing_changed.add(listener)


def register_doubt_listener(listener: OutgoingListener) -> OutgoingListener:
    """Tell `listener`, once for each mail, that a report which nothing proves says it did not arrive.

    The mail's state stays as it was, and its `error` says what the report said. One that fails is told again.
    """
    return outgoing_doubted.add(listener)


def register_server_count(count: ServerCount) -> ServerCount:
    """Let `count` say how many mails a server has of a day, by its own clock in our time zone, asked now;
    None where it cannot tell. Usable as a decorator.
    """
    return server_counts.add(count)


def register_messages(made: Callable[[], Messages]) -> Callable[[], Messages]:
    """Let `made` say how to look up what was made of a raw mail."""
    return messages.add(made)
