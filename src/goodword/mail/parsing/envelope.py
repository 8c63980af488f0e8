"""The few fields of a mail that are looked at before it is stored; nothing here raises."""

from dataclasses import dataclass

from goodword.mail.parsing.addresses import addresses
from goodword.mail.parsing.charsets import clean
from goodword.mail.parsing.headers import identifiers, moment, raw_field, raw_fields
from goodword.mail.parsing.tree import FIELDS_LIMIT, head

_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom a mail is for, what tells it from every other, and a moment by which it can be put in order."""

    message_id: str | None
    fingerprint: str
    recipients: tuple[str, ...]
    timestamp: float
    hops: int


def envelope(raw: bytes) -> Envelope:
    """The fields of `raw` that decide where it is kept."""
    message = head(raw[:FIELDS_LIMIT])
    values = [value for name in _RECIPIENTS for value in raw_fields(message, name)]
    date = moment(raw_field(message, "Date"))
    marks = (raw_field(message, name) for name in ("From", "Date", "Subject"))
    return Envelope(
        message_id=next(iter(identifiers(raw_field(message, "Message-ID"))), None),
        fingerprint=clean("\n".join(marks)),
        recipients=tuple(dict.fromkeys(person.email for value in values for person in addresses(value))),
        timestamp=date.timestamp() if date else 0.0,
        hops=len(raw_fields(message, "Received")),
    )


def senders(raw: bytes) -> tuple[str, ...]:
    """The addresses that a mail says it is from."""
    message = head(raw[:FIELDS_LIMIT])
    values = [value for name in ("From", "Sender") for value in raw_fields(message, name)]
    return tuple(person.email for value in values for person in addresses(value))
