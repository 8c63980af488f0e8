"""The way out: into the outbox, back from it, and once more."""

import math
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from goodword.kit.jobs import nudge
from goodword.mail.composing import Letter, compose, one_line, recipients
from goodword.mail.jobs import send_due
from goodword.mail.models import OutgoingMail
from goodword.mail.outbox import tell


def queue(
    *,
    letter: Letter,
    purpose: OutgoingMail.Purpose = OutgoingMail.Purpose.REPLY,
    not_before: datetime | None = None,
) -> OutgoingMail:
    """Put a mail into the outbox, in the caller's transaction; it leaves at `not_before` or at once.

    Raises composing.Unsendable, with a sentence for its author, when it cannot be made.
    """
    due = not_before or timezone.now()
    with transaction.atomic():
        mail = OutgoingMail.objects.create(
            message_id=letter.message_id,
            purpose=purpose,
            sender=str(letter.sender)[:500],
            recipients=recipients(letter),
            subject=one_line(letter.subject)[:1000],
            raw=compose(letter),
            not_before=due,
        )
        _nudge_at(due)
    return mail


def withdraw(*, mail: OutgoingMail) -> bool:
    """Take back a mail that is still queued; False when it is on its way already."""
    with transaction.atomic():
        done = OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.QUEUED).update(
            state=OutgoingMail.State.WITHDRAWN, settled_at=timezone.now()
        )
        if done:
            mail.refresh_from_db(fields=["state", "settled_at"])
            tell(mail)
    return bool(done)


def send_again(*, mail: OutgoingMail) -> bool:
    """Queue a mail that failed or whose fate is unknown once more, because a person asked for it."""
    with transaction.atomic():
        done = OutgoingMail.objects.filter(
            pk=mail.pk, state__in=[OutgoingMail.State.FAILED, OutgoingMail.State.UNKNOWN]
        ).update(
            state=OutgoingMail.State.QUEUED,
            attempts=0,
            error="",
            not_before=timezone.now(),
            settled_at=None,
            lease_token=None,
        )
        if done:
            mail.refresh_from_db(fields=["state", "attempts", "error", "not_before", "settled_at"])
            tell(mail)
            _nudge_at(mail.not_before)
    return bool(done)


def _nudge_at(due: datetime) -> None:
    """Have what is due at `due` sent then; many mails due in one second are one run."""
    if due <= timezone.now():
        nudge(send_due)
        return
    second = math.ceil(due.timestamp())
    try:
        with transaction.atomic():
            send_due.configure(
                queueing_lock=f"{send_due.name} {second}", schedule_at=datetime.fromtimestamp(second, UTC)
            ).defer()
    except AlreadyEnqueued:
        return
