"""The verbs of mail. `accept` is the one door in: whatever brings a mail, it comes through here; `queue`
leads out.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from goodword.events.actions import record
from goodword.kit.jobs import nudge
from goodword.mail.composing import Letter, compose, one_line, recipients
from goodword.mail.jobs import send_due, turn_into_messages
from goodword.mail.mailboxes import mailbox_for
from goodword.mail.models import Blob, Mailbox, OutgoingMail, RawMail
from goodword.mail.outbox import tell
from goodword.mail.parsing.envelope import Envelope, envelope


class Unusable(ValueError):
    """Bytes that are no mail at all; the text is a sentence for whoever brought them."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The row that holds a mail, and whether this delivery made it (a second delivery finds the first
    one's).
    """

    mail: RawMail
    created: bool


def accept(
    *,
    raw: bytes,
    source: str,
    envelope_from: str | None = None,
    envelope_to: Sequence[str] = (),
    mailbox: Mailbox | None = None,
    silent: bool = False,
    nudged: bool = True,
) -> Accepted:
    """Keep `raw` for good and have it turned into a message soon; when this returns, the mail is committed.

    `source` says what brought it ('smtp', 'lmtp', 'pipe', 'import', ...). Without `mailbox` the recipients
    decide. `silent` mail causes no notification, clock or answer. With `nudged` false no job is started:
    the caller turns the mails into messages itself. Raises Unusable for bytes that hold nothing, and lets a
    database that is away speak for itself (django.db.Error): the caller then asks for another delivery.
    """
    if not raw.strip():
        raise Unusable("The mail is empty: it holds no line at all. Send it again with its content.")
    seen = envelope(raw)
    with transaction.atomic(durable=True):
        box = mailbox or mailbox_for([*envelope_to, *seen.recipients])
        row = RawMail(
            mailbox=box,
            identity=_identity(raw, seen),
            raw=raw,
            size=len(raw),
            source=source[:20],
            envelope_from=_stored(envelope_from or "")[:1000],
            envelope_to=[_stored(address)[:320] for address in envelope_to][:100],
            silent=silent,
        )
        accepted = _kept_once(row)
        if nudged and accepted.mail.state == RawMail.State.WAITING:
            nudge(turn_into_messages)
    return accepted


def retry(*, mails: Iterable[RawMail], agent_id: int | None = None) -> int:
    """Try mails that need a person again; returns how many now wait their turn."""
    ids = [mail.pk for mail in mails]
    with transaction.atomic():
        done = RawMail.objects.filter(
            pk__in=ids, state__in=[RawMail.State.NEEDS_PERSON, RawMail.State.SET_ASIDE]
        ).update(state=RawMail.State.WAITING, reason="", attempts=0)
        if done:
            record("mail.retried", agent_id=agent_id, data={"raw_mails": ids})
            nudge(turn_into_messages)
    return done


def set_aside(*, mail: RawMail, agent_id: int | None = None) -> bool:
    """Take a mail off the list of those that need a person; it is kept. False when it was not on the list."""
    with transaction.atomic():
        done = RawMail.objects.filter(pk=mail.pk, state=RawMail.State.NEEDS_PERSON).update(
            state=RawMail.State.SET_ASIDE
        )
        if done:
            record(
                "mail.set_aside", mailbox_id=mail.mailbox_id, agent_id=agent_id, data={"raw_mail": mail.pk}
            )
    return bool(done)


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


def keep_file(data: bytes) -> Blob:
    """The row that holds these bytes, stored once however often they come."""
    digest = hashlib.sha256(data).hexdigest()
    Blob.objects.bulk_create([Blob(sha256=digest, size=len(data), data=data)], ignore_conflicts=True)
    return Blob(sha256=digest, size=len(data))


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


def _identity(raw: bytes, seen: Envelope) -> str:
    """What two deliveries of one mail share.

    A Message-ID alone is not enough: some programs write the same one into every mail, and those must not
    be lost.
    """
    if seen.message_id is None:
        return f"sha256:{hashlib.sha256(raw).hexdigest()}"
    return f"{seen.message_id} {hashlib.sha256(seen.fingerprint.encode()).hexdigest()[:20]}"


def _kept_once(row: RawMail) -> Accepted:
    known = RawMail.objects.filter(mailbox=row.mailbox, identity=row.identity).defer("raw")
    found = known.first()
    if found is not None:
        return Accepted(found, created=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Another process kept it between the look and the insert.
        return Accepted(known.get(), created=False)
    return Accepted(row, created=True)


def _stored(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", errors="replace").decode("utf-8")
