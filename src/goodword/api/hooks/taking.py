"""What comes of the calls of mail senders: mail goes through the one door, reports reach the mail they are
about.
"""

import re
from collections.abc import Iterator
from typing import Any

from anymail.signals import EventType
from django.conf import settings
from django.db import transaction

from goodword.mail import outbox
from goodword.mail.actions import accept, suppress
from goodword.mail.actions.reporting import failed_already, note_delivered
from goodword.mail.models import Suppression
from goodword.mail.parsing import Bounce
from goodword.mail.parsing.addresses import plausible
from goodword.mail.sending import METADATA_KEY

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_NOT_DELIVERED = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}


class TooLarge(ValueError):
    """A mail that is larger than any that is taken in; the text says how large that is."""


def take_mail(event: Any, *, name: str) -> None:
    """Keep the mail of an inbound event; raises what `mail.actions.accept` raises, and TooLarge."""
    letter = event.message
    if len(letter.raw) > settings.CONFIG.mail_max_bytes:
        raise TooLarge(f"The mail is larger than {settings.CONFIG.mail_max_bytes} bytes.")
    accept(
        raw=letter.raw,
        source=name,
        envelope_from=letter.envelope_from,
        envelope_to=letter.envelope_to,
    )


def take_report(event: Any, *, name: str) -> None:
    """Write down what a sender says became of a mail; harmless when said twice."""
    recipient = plausible(str(event.recipient or "")) or ""
    with transaction.atomic():
        if event.event_type in _NOT_DELIVERED:
            _not_delivered(event, recipient)
        elif event.event_type == EventType.DELIVERED:
            for message_id in _message_ids(event):
                note_delivered(message_id=message_id)
        elif event.event_type == EventType.COMPLAINED and recipient:
            suppress(address=recipient, reason=Suppression.Reason.COMPLAINED, detail=_said(event, name))
        elif event.event_type == EventType.UNSUBSCRIBED and recipient:
            suppress(address=recipient, reason=Suppression.Reason.UNSUBSCRIBED, detail=_said(event, name))


def _not_delivered(event: Any, recipient: str) -> None:
    said = _storable(" ".join(str(part) for part in (event.mta_response, event.description) if part))
    status = _STATUS.search(said)
    for message_id in _message_ids(event):
        if failed_already(message_id=message_id):
            return
        bounce = Bounce(
            addresses=(recipient,) if recipient else (),
            original_message_id=message_id,
            status=status[0] if status else "",
            diagnostic=said[:1000],
        )
        if outbox.mark_bounced(bounce):
            return


def _message_ids(event: Any) -> Iterator[str]:
    """What may be the Message-ID of our mail: senders have ids of their own, and name ours here or there."""
    said = event.esp_event if isinstance(event.esp_event, dict) else {}
    mail = said.get("mail") or {}
    places = [
        (event.metadata or {}).get(METADATA_KEY),
        (mail.get("commonHeaders") or {}).get("messageId"),
        said.get("smtp-id"),
        event.message_id,
    ]
    seen = set()
    for place in places:
        text = _storable(str(place or "")).strip()
        bracketed = text if text.startswith("<") else f"<{text}>"
        if _MESSAGE_ID.fullmatch(bracketed) and bracketed not in seen:
            seen.add(bracketed)
            yield bracketed


def _said(event: Any, name: str) -> str:
    return _storable(f"{name}: {event.description or event.event_type}")[:500]


def _storable(text: str) -> str:
    """Without what the database takes in no text: null characters, and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", errors="replace").decode("utf-8")
