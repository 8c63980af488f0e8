"""The records of the room."""

from .accounts import MailAccount
from .incoming import Blob, Delivery, Mailbox, RawMail, Tombstone
from .outgoing import DomainPace, OutgoingMail, Suppression

__all__ = [
    "Blob",
    "Delivery",
    "DomainPace",
    "MailAccount",
    "Mailbox",
    "OutgoingMail",
    "RawMail",
    "Suppression",
    "Tombstone",
]
