"""Outgoing mail on its way: claimed by one worker, sent once, and its state settled and told."""

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from goodword.mail import registry, sending
from goodword.mail.models import OutgoingMail
from goodword.mail.parsing import Bounce
from goodword.mail.sending import Outcome, Result

# Longer than the longest a delivery may take (`sending.SEND_SECONDS`), so that no mail is ever sent by two.
LEASE = timedelta(minutes=15)
DELAYS = (1, 5, 15, 60, 240, 720)

State = OutgoingMail.State
log = logging.getLogger(__name__)


def send_due() -> int:
    """Send what is queued and due, one after the other; returns how many were tried."""
    tried = 0
    while (mail := _claim()) is not None:
        _settle(mail, sending.deliver(mail))
        tried += 1
    return tried


def settle_lost() -> int:
    """Mark mails whose worker vanished in the middle of sending: whether they left cannot be known."""
    lost = OutgoingMail.objects.filter(state=State.SENDING, lease_until__lt=timezone.now())
    count = 0
    for mail in lost.defer("raw"):
        count += _change(
            mail,
            token=mail.lease_token,
            state=State.UNKNOWN,
            error=(
                "Goodword was stopped while it sent this mail, so it may or may not have left. "
                "Ask the customer, or send it again."
            ),
        )
    return count


def mark_bounced(bounce: Bounce) -> OutgoingMail | None:
    """Mark the mail of ours that a report says did not arrive; None when it names none of ours."""
    if bounce.original_message_id is None:
        return None
    mail = (
        OutgoingMail.objects.select_for_update()
        .filter(message_id=bounce.original_message_id)
        .defer("raw")
        .first()
    )
    if mail is None or mail.state not in {State.SENT, State.UNKNOWN, State.FAILED}:
        return mail  # a late report about an earlier try says nothing about the one under way
    mail.state = State.FAILED
    mail.error = _bounce_sentence(bounce, mail.recipients)
    mail.settled_at = timezone.now()
    mail.save(update_fields=["state", "error", "settled_at"])
    tell(mail)
    return mail


def _claim() -> OutgoingMail | None:
    with transaction.atomic():
        now = timezone.now()
        mail = (
            OutgoingMail.objects.select_for_update(skip_locked=True)
            .filter(Q(state=State.QUEUED), not_before__lte=now)
            .order_by("not_before", "id")
            .first()
        )
        if mail is None:
            return None
        mail.state = State.SENDING
        mail.lease_token = uuid.uuid4()
        mail.lease_until = now + LEASE
        mail.attempts += 1
        mail.save(update_fields=["state", "lease_token", "lease_until", "attempts"])
        tell(mail)
        return mail


def _settle(mail: OutgoingMail, result: Result) -> None:
    """Write down what became of a mail, when it is still ours to settle."""
    if result.outcome is Outcome.LATER and mail.attempts <= len(DELAYS):
        due = timezone.now() + timedelta(minutes=DELAYS[mail.attempts - 1])
        _change(mail, token=mail.lease_token, state=State.QUEUED, error=result.error, due=due)
        return
    error = result.error
    if result.outcome is Outcome.LATER:
        error = f"{error} Goodword tried {mail.attempts} times and gave up."
    state = {Outcome.SENT: State.SENT, Outcome.UNKNOWN: State.UNKNOWN}.get(result.outcome, State.FAILED)
    _change(mail, token=mail.lease_token, state=state, error=error)


def _change(
    mail: OutgoingMail,
    *,
    token: uuid.UUID | None,
    state: OutgoingMail.State,
    error: str = "",
    due: datetime | None = None,
) -> int:
    """Settle a mail under the lease it was claimed with; 0 when somebody else has it by now."""
    values: dict[str, Any] = {"state": state, "error": error, "lease_until": None}
    values["settled_at"] = None if due else timezone.now()
    if due:
        values["not_before"] = due
    with transaction.atomic():
        done = OutgoingMail.objects.filter(
            pk=mail.pk, lease_token=token, state__in=[State.SENDING, State.UNKNOWN]
        ).update(**values)
        if done:
            mail.refresh_from_db(fields=[*values])
            tell(mail)
    return done


def tell(mail: OutgoingMail) -> None:
    """Tell the rooms above; what they do with it must not undo what happened to the mail."""
    for listener in registry.outgoing_changed:
        try:
            with transaction.atomic():
                listener(mail)
        except Exception:
            log.exception("A listener failed on outgoing mail %s.", mail.pk)


def _bounce_sentence(bounce: Bounce, recipients: Sequence[str]) -> str:
    written = {address.casefold() for address in recipients}
    named = [address for address in bounce.addresses if address.casefold() in written]
    whom = ", ".join((named or list(bounce.addresses))[:5]) or "the recipient"
    said = bounce.diagnostic or bounce.status
    return f"It came back: {whom} did not get it." + (
        f" Their mail server said: {said[:300]}" if said else ""
    )
