"""What others report of mail that left, beside bounces (`outbox.mark_bounced`)."""

from django.db import transaction

from goodword.mail.models import OutgoingMail
from goodword.mail.telling import tell

State = OutgoingMail.State


def note_delivered(*, message_id: str) -> bool:
    """Say that a mail arrived; settles one of which it was not known whether it left. False when no such
    waited.
    """
    with transaction.atomic():
        unsure = OutgoingMail.objects.select_for_update().filter(message_id=message_id, state=State.UNKNOWN)
        mail = unsure.defer("raw").first()
        if mail is None:
            return False
        mail.state, mail.error, mail.doubted_at = State.SENT, "", None
        mail.save(update_fields=["state", "error", "doubted_at"])
        tell(mail)
    return True


def failed_already(*, message_id: str) -> bool:
    """Whether it is known that a mail did not arrive."""
    return OutgoingMail.objects.filter(message_id=message_id, state=State.FAILED).exists()
