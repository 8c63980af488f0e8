"""Where the rooms above join in: filled in their `AppConfig.ready()`."""

from collections.abc import Callable

from goodword.kit.registry import Registry
from goodword.mail.models import OutgoingMail, RawMail
from goodword.mail.parsing import ParsedMail

Intake = Callable[[RawMail, ParsedMail], None]
OutgoingListener = Callable[[OutgoingMail], None]

intake: Registry[Intake] = Registry("intake")
outgoing_changed: Registry[OutgoingListener] = Registry("outgoing_changed")


def register_intake(handler: Intake) -> Intake:
    """Let `handler` make something of every mail that comes in; usable as a decorator.

    It runs in the transaction that settles the mail. Raising `parsing.Unreadable` puts the mail under
    'Needs a person' with that reason; any other exception does the same with a general one. Nothing it
    wrote is kept then.
    """
    return intake.add(handler)


def register_outgoing_listener(listener: OutgoingListener) -> OutgoingListener:
    """Tell `listener` of every change of an outgoing mail's state, in the transaction that changes it."""
    return outgoing_changed.add(listener)
