"""Outgoing mail on its way: claimed by one worker, sent once, and its state settled and told."""

import contextlib
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from goodword.mail import pacing, refusals, sending, suppressions
from goodword.mail.models import OutgoingMail, Suppression
from goodword.mail.parsing import Bounce
from goodword.mail.sending import About, Outcome, Result
from goodword.mail.telling import tell, tell_doubt

# Longer than the longest a delivery may take (`sending.SEND_SECONDS`), so that no mail is ever sent by two.
LEASE = timedelta(minutes=15)
DELAYS = (1, 5, 15, 60, 240, 720)
# Of the senders of one process (`ops.server.JOBS_AT_ONCE`) so many at most send mail to many.
BULK_SENDERS = 2

State, Lane = OutgoingMail.State, OutgoingMail.Lane
# A late report about an earlier try says nothing about the one under way.
REPORTABLE = (State.SENT, State.UNKNOWN, State.FAILED)
_bulk_senders = threading.BoundedSemaphore(BULK_SENDERS)


def _never() -> bool:
    return False


def send_due(*, stop: Callable[[], bool] = _never) -> int:
    """Send what is due, one mail after the other, until nothing is left or `stop` says so.

    Returns how many were tried. Several may do this at once, in one process and in many: a reply is always
    taken up before mail to many, and of the senders of a process at most BULK_SENDERS are busy with the
    latter.
    """
    tried = 0
    with sending.Sender() as sender:
        while not stop():
            with _turn() as mail:
                if mail is None:
                    break
                goes_on = _send(mail, sender)
                tried += 1
            if not goes_on:
                break
    return tried


def bulk_opens_at() -> datetime | None:
    """When mail to many goes on that is due but has to wait for its domain; None when none waits."""
    due = _due(Lane.BULK)
    return pacing.opens_at() if due.exists() else None


def settle_lost() -> int:
    """Settle mails whose worker vanished in the middle of sending.

    One that had not begun to flow waits to be sent again; whether another one left cannot be known, and a
    person decides.
    """
    lost = OutgoingMail.objects.filter(state=State.SENDING, lease_until__lt=timezone.now())
    count = 0
    for mail in lost.defer("raw"):
        if mail.handed_at is None:
            count += _change(mail, state=State.QUEUED, due=timezone.now(), only={"handed_at": None})
            continue
        error = (
            "Goodword was stopped while it sent this mail, so it may or may not have left. "
            "Ask the customer, or send it again."
        )
        count += _change(mail, state=State.UNKNOWN, error=error)
    return count


def mark_bounced(bounce: Bounce) -> OutgoingMail | None:
    """Mark the mail of ours that a report of whom we trust says did not arrive; None when it names none."""
    mail = _reported(message_id=bounce.original_message_id)
    if mail is not None and mail.state in REPORTABLE:
        _fail(mail, bounce)
        _stop_writing(mail, bounce)
    return mail


def take_report(bounce: Bounce, *, number: int | None = None) -> OutgoingMail | None:
    """Take a mail that says that one of ours did not arrive; `number` is the mail whose signed address it
    came to (`returning.came_back`). None when it is about none of ours.

    Such a report is believed. Of a mail that left without a signed address, a report is believed about those
    it went to, and stops no mail to them. Anything else may have been made up by whoever saw the Message-ID,
    or be true where a server on the way put the plain sender back: its author is told what it says, once, and
    the mail counts as before.
    """
    found = {"pk": number} if number is not None else {"message_id": bounce.original_message_id}
    mail = _reported(**found)
    if mail is None or mail.state not in REPORTABLE:
        return mail
    if number is not None:
        _fail(mail, bounce)
        _stop_writing(mail, bounce)
    elif not mail.signed_sender and _lost(mail, bounce):
        _fail(mail, bounce)
    elif mail.state != State.FAILED and mail.doubted_at is None:
        _doubt(mail, bounce)
    return mail


def _reported(**which: object) -> OutgoingMail | None:
    if None in which.values():
        return None
    return OutgoingMail.objects.select_for_update().filter(**which).defer("raw").first()


def _fail(mail: OutgoingMail, bounce: Bounce) -> None:
    mail.state = State.FAILED
    mail.error = _bounce_sentence(bounce, mail.recipients)
    mail.settled_at = timezone.now()
    mail.save(update_fields=["state", "error", "settled_at"])
    tell(mail)


def _doubt(mail: OutgoingMail, bounce: Bounce) -> None:
    mail.doubted_at = timezone.now()
    mail.error = f"{mail.error} {_claim_sentence(bounce, mail.recipients)}".strip()
    mail.save(update_fields=["doubted_at", "error"])
    tell_doubt(mail)


def _stop_writing(mail: OutgoingMail, bounce: Bounce) -> None:
    """Send no more notices to those whom a report calls unknown."""
    if bounce.status.startswith("5.") and refusals.is_unknown_address(refusals.enhanced(bounce.status)):
        _nobody_there(_lost(mail, bounce), bounce.diagnostic)


def _lost(mail: OutgoingMail, bounce: Bounce) -> list[str]:
    """Whom of those the mail went to it did not reach."""
    written = {address.casefold() for address in mail.recipients}
    return [address for address in bounce.addresses if address.casefold() in written]


@contextlib.contextmanager
def _turn() -> Iterator[OutgoingMail | None]:
    """The mail whose turn it is, claimed; its place among the senders is free again at the end."""
    mail = _claim(Lane.PERSON)
    if mail is not None or not _bulk_senders.acquire(blocking=False):
        yield mail
        return
    try:
        yield _claim(Lane.BULK)
    finally:
        _bulk_senders.release()


def _due(lane: OutgoingMail.Lane) -> "QuerySet[OutgoingMail]":
    return OutgoingMail.objects.filter(state=State.QUEUED, lane=lane, not_before__lte=timezone.now())


def _claim(lane: OutgoingMail.Lane) -> OutgoingMail | None:
    """The oldest mail of the lane that may go now, under a lease and a token of its own."""
    while True:
        with transaction.atomic():
            if lane == Lane.BULK and pacing.way_out_is_held():
                return None
            open_ones = _due(lane).exclude(domain__in=pacing.closed(lane))
            mail = open_ones.select_for_update(skip_locked=True).order_by("not_before", "id").first()
            if mail is None:
                return None
            if mail.topic or lane == Lane.BULK:
                why = suppressions.withheld(mail.recipients, mail.topic)
                if why:
                    _withhold(mail, why)
                    continue
            mail.state = State.SENDING
            mail.lease_token = uuid.uuid4()
            mail.lease_until = timezone.now() + LEASE
            mail.handed_at = None
            mail.attempts += 1
            mail.save(update_fields=["state", "lease_token", "lease_until", "handed_at", "attempts"])
            if lane == Lane.BULK:
                pacing.count(mail.domain)
            tell(mail)
            return mail


def _withhold(mail: OutgoingMail, why: str) -> None:
    mail.state, mail.error, mail.settled_at = State.WITHDRAWN, why, timezone.now()
    mail.save(update_fields=["state", "error", "settled_at"])
    tell(mail)


def _send(mail: OutgoingMail, sender: sending.Sender) -> bool:
    """Send one mail and write down what became of it; False when our way out is to be left alone."""
    result = sender.deliver(mail, hand_over=lambda signed: _hand_over(mail, signed_sender=signed))
    if result.outcome is Outcome.LATER and result.about is not About.MAIL:
        # Before it waits in the queue again, so that no other worker takes it up at once.
        pacing.hold(mail.domain if result.about is About.DOMAIN else pacing.WAY_OUT, result.error)
    _settle(mail, result)
    if result.outcome is Outcome.SENT:
        pacing.release(mail.domain)
    if result.nobody:
        _nobody_there(result.nobody, result.error)
    return result.about is not About.WAY_OUT


def _hand_over(mail: OutgoingMail, *, signed_sender: bool = False) -> bool:
    """Note, durably, that the bytes flow from now on; False when the mail is no longer this worker's."""
    return bool(
        OutgoingMail.objects.filter(
            pk=mail.pk, lease_token=mail.lease_token, state=State.SENDING, lease_until__gt=timezone.now()
        ).update(handed_at=timezone.now(), signed_sender=signed_sender)
    )


def _nobody_there(addresses: Sequence[str], detail: str) -> None:
    for address in addresses:
        suppressions.suppress(
            address=address, reason=Suppression.Reason.BOUNCED, everything=True, detail=detail[:1000]
        )


def _settle(mail: OutgoingMail, result: Result) -> None:
    """Write down what became of a mail, when it is still ours to settle."""
    if result.outcome is Outcome.LATER and mail.attempts <= len(DELAYS):
        due = timezone.now() + timedelta(minutes=DELAYS[mail.attempts - 1])
        _change(mail, state=State.QUEUED, error=result.error, due=due)
        return
    error = result.error
    if result.outcome is Outcome.LATER:
        error = f"{error} Goodword tried {mail.attempts} times and gave up."
    state = {Outcome.SENT: State.SENT, Outcome.UNKNOWN: State.UNKNOWN}.get(result.outcome, State.FAILED)
    _change(mail, state=state, error=error)


def _change(
    mail: OutgoingMail,
    *,
    state: OutgoingMail.State,
    error: str = "",
    due: datetime | None = None,
    only: Mapping[str, object] | None = None,
) -> int:
    """Settle a mail under the lease it was claimed with; 0 when somebody else has it by now, or when it is
    not as `only` says any more.
    """
    values: dict[str, Any] = {"state": state, "error": error, "lease_until": None}
    values["settled_at"] = None if due else timezone.now()
    if due:
        values |= {"not_before": due, "handed_at": None, "lease_token": None}
    with transaction.atomic():
        done = OutgoingMail.objects.filter(
            **(only or {}),
            pk=mail.pk,
            lease_token=mail.lease_token,
            state__in=[State.SENDING, State.UNKNOWN],
        ).update(**values)
        if done:
            mail.refresh_from_db(fields=[*values])
            tell(mail)
    return done


def _claim_sentence(bounce: Bounce, recipients: Sequence[str]) -> str:
    said = (
        f"A report says that this mail was not delivered to {_whom(bounce, recipients)}; it did not come by "
        "the way that proves it, so ask the customer if in doubt."
    )
    return f"{said} {_reason(bounce)}".strip()


def _bounce_sentence(bounce: Bounce, recipients: Sequence[str]) -> str:
    return f"It came back: {_whom(bounce, recipients)} did not get it. {_reason(bounce)}".strip()


def _whom(bounce: Bounce, recipients: Sequence[str]) -> str:
    written = {address.casefold() for address in recipients}
    named = [address for address in bounce.addresses if address.casefold() in written]
    return ", ".join((named or list(bounce.addresses))[:5]) or "the recipient"


def _reason(bounce: Bounce) -> str:
    said = bounce.diagnostic or bounce.status
    sentences = [refusals.meaning(None, bounce.status)]
    sentences += [f"Their mail server said: {said[:300]}"] if said else []
    return " ".join(filter(None, sentences))
