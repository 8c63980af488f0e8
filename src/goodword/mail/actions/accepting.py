"""The one door in: whatever brings a mail, it comes through here."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from goodword.events.actions import record
from goodword.kit.jobs import nudge
from goodword.mail.jobs import turn_into_messages
from goodword.mail.mailboxes import mailbox_for
from goodword.mail.models import Mailbox, RawMail
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
