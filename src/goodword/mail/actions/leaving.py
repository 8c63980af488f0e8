"""The way out: into the outbox, back from it, and once more."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from goodword.kit.jobs import nudge_at
from goodword.mail import suppressions, unsubscribing
from goodword.mail.composing import Letter, Unsendable, compose, one_line, recipients
from goodword.mail.jobs import send_due
from goodword.mail.models import OutgoingMail
from goodword.mail.pacing import domain_of
from goodword.mail.telling import tell

State, Lane, Purpose = OutgoingMail.State, OutgoingMail.Lane, OutgoingMail.Purpose


def queue(
    *,
    letter: Letter,
    purpose: OutgoingMail.Purpose | None = None,
    not_before: datetime | None = None,
    lane: OutgoingMail.Lane | None = None,
    topic: str = "",
) -> OutgoingMail:
    """Put a mail into the outbox, in the caller's transaction; it leaves at `not_before` or at once.

    A mail with a `topic` is a notice: it goes to one address, in the lane of mail to many unless another is
    given, says that a machine wrote it, and offers to unsubscribe from the topic; without a topic there is no
    notice, and no mail in that lane. One that its recipient does not want is written down as withdrawn, with
    the reason. Raises composing.Unsendable, with a sentence for its author, when it cannot be made.
    """
    addresses = recipients(letter)
    why = ""
    purpose = purpose or (Purpose.NOTICE if topic else Purpose.REPLY)
    lane = (Lane.BULK if topic else Lane.PERSON) if lane is None else lane
    if topic or lane == Lane.BULK or purpose == Purpose.NOTICE:
        letter = _as_notice(letter, topic)
        why = suppressions.withheld(addresses, topic)
    due = not_before or timezone.now()
    with transaction.atomic():
        mail = OutgoingMail.objects.create(
            message_id=letter.message_id,
            lane=lane,
            domain=domain_of(addresses[0]) if addresses else "",
            topic=topic,
            purpose=purpose,
            sender=str(letter.sender)[:500],
            recipients=addresses,
            subject=one_line(letter.subject)[:1000],
            raw=compose(letter),
            not_before=due,
            state=State.WITHDRAWN if why else State.QUEUED,
            error=why,
            settled_at=timezone.now() if why else None,
        )
        if not why:
            nudge_at(send_due, due)
    return mail


def withdraw(*, mail: OutgoingMail) -> bool:
    """Take back a mail that is still queued; False when it is on its way already."""
    with transaction.atomic():
        done = OutgoingMail.objects.filter(pk=mail.pk, state=OutgoingMail.State.QUEUED).update(
            state=OutgoingMail.State.WITHDRAWN, settled_at=timezone.now()
        )
        if done:
            mail.refresh_from_db(fields=["state", "attempts", "lease_token", "settled_at"])
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
            doubted_at=None,
            not_before=timezone.now(),
            settled_at=None,
            lease_token=None,
            handed_at=None,
        )
        if done:
            mail.refresh_from_db(fields=["state", "attempts", "error", "doubted_at"])
            mail.refresh_from_db(fields=["not_before", "settled_at", "lease_token"])
            tell(mail)
            nudge_at(send_due, mail.not_before)
    return bool(done)


def _as_notice(letter: Letter, topic: str) -> Letter:
    """The letter as one that a machine sends to many; each of them has a way out of their own."""
    everybody = recipients(letter)
    if len(everybody) != 1:
        raise Unsendable(
            gettext("A notice goes to one address, and this one to %(count)s. Make one for each of them.")
            % {"count": len(everybody)}
        )
    if not topic:
        raise Unsendable(gettext("A notice needs a topic, so that whoever gets it can unsubscribe from it."))
    return replace(letter, automatic=True, unsubscribe=unsubscribing.address_for(everybody[0], topic))
