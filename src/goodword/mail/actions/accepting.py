"""The one door in: whatever brings a mail, it comes through here."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from goodword.events.actions import record
from goodword.kit import rows
from goodword.kit.jobs import nudge
from goodword.mail.identities import identity, tombstone_name
from goodword.mail.jobs import call_for_new_mail, turn_into_messages
from goodword.mail.keeping import keep_once, write_new
from goodword.mail.mailboxes import mailboxes_for, mailboxes_of, matching
from goodword.mail.models import Delivery, MailAccount, Mailbox, RawMail, Tombstone
from goodword.mail.parsing.envelope import Envelope, envelope

Outcome = Delivery.Outcome
_BEST = (Outcome.KEPT, Outcome.REPEATED, Outcome.REMOVED)
_BURIED = b"SELECT 1 FROM mail_tombstone WHERE identity = ANY(%s) LIMIT 1"

log = logging.getLogger(__name__)


class Unusable(ValueError):
    """Bytes that are no mail at all; the text is a sentence for whoever brought them."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Which mail of an account's folder it is; `at` is when that server took it in, if it said so."""

    account: MailAccount
    uid_validity: int
    uid: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """A mail as it was handed over; `seen` is its envelope, looked at already."""

    raw: bytes
    source: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    seen: Envelope


class _NotNew(Exception):
    """One of several mails is here already, was deleted here, or is no mail."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a delivery.

    `mails` are the rows that hold the mail, one for each mailbox of the house that it is for, and `mail` the
    first of them: None for a mail that was deleted here for good. `created` is whether this delivery made any
    of them; a second delivery finds the first one's.
    """

    mails: tuple[RawMail, ...]
    created: bool
    outcome: Delivery.Outcome

    @property
    def mail(self) -> RawMail | None:
        """The row in the first mailbox that the mail is for."""
        return self.mails[0] if self.mails else None


def accept(
    *,
    raw: bytes,
    source: str,
    envelope_from: str | None = None,
    envelope_to: Sequence[str] = (),
    mailbox: Mailbox | None = None,
    silent: bool = False,
    nudged: bool = True,
    fetched: Fetched | None = None,
) -> Accepted:
    """Keep `raw` for good and have it turned into a message soon; when this returns, the mail is committed.

    `source` says what brought it ('smtp', 'lmtp', 'pipe', 'import', ...). `envelope_from` is None where
    nobody said it, and `parsing.NOBODY` for the empty sender, by which machines are known. Without `mailbox`
    the recipients decide, and each of their mailboxes gets it. `silent` mail causes no notification, clock or
    answer. With `nudged` false no job is started: the caller turns the mails into messages itself. With
    `fetched` it goes to the account's mailbox, a mail of the account that was journalled before is not kept
    again, and the caller may hold the transaction, to move its cursor in it.

    Raises Unusable for bytes that hold nothing, and lets a database that is away speak for itself
    (django.db.Error): the caller then asks for another delivery.
    """
    if fetched is not None:
        mailbox = mailbox or fetched.account.mailbox
    if not raw.strip():
        _note_unusable(mailbox, envelope_to, source, fetched)
        raise Unusable("The mail is empty: it holds no line at all. Send it again with its content.")
    seen = envelope(raw)
    with transaction.atomic(durable=fetched is None):
        known = _journalled(fetched) if fetched else None
        if known is not None:
            return _as_before(known)
        boxes = [mailbox] if mailbox else mailboxes_for(envelope_to=envelope_to, named=seen.recipients)
        handed = Handed(raw, source, envelope_from or "", tuple(envelope_to), seen)
        accepted = _keep(_copies(handed, boxes, silent=silent), fetched)
        if nudged and any(mail.state == RawMail.State.WAITING for mail in accepted.mails):
            # Once the mail is committed: the run that is asked for then finds it, and until then nobody who
            # delivers at the same moment waits for this transaction. The sweep finds what a crash leaves.
            transaction.on_commit(call_for_new_mail, robust=True)
    return accepted


def accept_several(handed: Sequence[Handed]) -> list[Accepted | Exception]:
    """`accept` each of these mails, with one commit for all that are new: what it would give or raise.

    When this returns, those that were accepted are committed.
    """
    try:
        return list(_accept_new(handed))
    except _NotNew:
        pass
    except Exception as error:
        if not connection.is_usable():
            return [error for _one in handed]
        log.info("Of %s mails one could not be kept; each is tried alone.", len(handed), exc_info=True)
    return [_accepted_alone(one) for one in handed]


def _accepted_alone(one: Handed) -> Accepted | Exception:
    try:
        return accept(
            raw=one.raw, source=one.source, envelope_from=one.envelope_from, envelope_to=one.envelope_to
        )
    except Exception as error:
        return error


@transaction.atomic(durable=True)
def _accept_new(handed: Sequence[Handed]) -> list[Accepted]:
    """The most frequent case by itself: mails that are whole and that nobody brought before."""
    if not all(one.raw.strip() for one in handed):
        raise _NotNew
    known = mailboxes_of({address for one in handed for address in (*one.envelope_to, *one.seen.recipients)})
    mails = [
        _copies(one, mailboxes_for(envelope_to=one.envelope_to, named=one.seen.recipients, known=known))
        for one in handed
    ]
    every = [mail for copies in mails for mail in copies]
    if len({(mail.mailbox_id, mail.identity) for mail in every}) < len(every) or not write_new(every):
        raise _NotNew
    # Looked up after the rows were written, so that a removal that ran meanwhile is seen.
    if rows.execute(
        _BURIED, [[name for mail in every for name in (mail.identity, tombstone_name(mail.identity))]]
    ):
        raise _NotNew
    rows.insert_all(
        [
            Delivery(mailbox_id=mail.mailbox_id, raw_mail=mail, source=mail.source, outcome=Outcome.KEPT)
            for mail in every
        ]
    )
    transaction.on_commit(call_for_new_mail, robust=True)
    return [Accepted(tuple(copies), created=True, outcome=Outcome.KEPT) for copies in mails]


def _copies(one: Handed, boxes: Iterable[Mailbox], *, silent: bool = False) -> list[RawMail]:
    """A row for each of these mailboxes."""
    return [
        RawMail(
            mailbox=box,
            identity=identity(one.raw, seen=one.seen),
            raw=one.raw,
            size=len(one.raw),
            source=one.source[:20],
            envelope_from=_stored(one.envelope_from)[:1000],
            envelope_to=[_stored(address)[:320] for address in one.envelope_to][:100],
            silent=silent,
        )
        for box in boxes
    ]


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


def _keep(copies: list[RawMail], fetched: Fetched | None) -> Accepted:
    """Store what is not here yet and was not deleted here, and journal what became of each copy."""
    kept = keep_once(copies)
    # Looked up after the rows were written, so that a removal that ran meanwhile is seen.
    buried = set(
        Tombstone.objects.filter(
            identity__in=[copies[0].identity, tombstone_name(copies[0].identity)],
            mailbox__in=[row.mailbox_id for row in copies],
        ).values_list("mailbox_id", flat=True)
    )
    undone = [pk for pk in kept.new if kept.rows[pk].mailbox_id in buried]
    if undone:
        RawMail.objects.filter(pk__in=undone).delete()
    held = {mail.mailbox_id: mail for pk, mail in kept.rows.items() if pk not in undone}
    outcomes = {row.mailbox_id: _outcome(held.get(row.mailbox_id), kept.new) for row in copies}
    if any(outcome == Outcome.REMOVED and box not in buried for box, outcome in outcomes.items()):
        raise OperationalError("The mail was deleted while it was delivered again.")
    _journal(copies[0].source, held, outcomes, fetched)
    mails = tuple(held[row.mailbox_id] for row in copies if row.mailbox_id in held)
    best = min(outcomes.values(), key=_BEST.index)
    return Accepted(mails, created=best == Outcome.KEPT, outcome=best)


def _outcome(mail: RawMail | None, new: Collection[int]) -> Delivery.Outcome:
    if mail is None:
        return Outcome.REMOVED
    return Outcome.KEPT if mail.pk in new else Outcome.REPEATED


def _journal(
    source: str,
    held: Mapping[int, RawMail],
    outcomes: Mapping[int, Delivery.Outcome],
    fetched: Fetched | None,
) -> None:
    """Write down that somebody handed a mail over; an account's mail once, whoever else fetches it."""
    which = _which(fetched)
    Delivery.objects.bulk_create(
        [
            Delivery(mailbox_id=box, raw_mail=held.get(box), source=source, outcome=outcome, **which)
            for box, outcome in outcomes.items()
        ],
        ignore_conflicts=True,
    )


def _journalled(fetched: Fetched) -> Delivery | None:
    known = Delivery.objects.filter(
        account=fetched.account, uid_validity=fetched.uid_validity, uid=fetched.uid
    )
    return known.select_related("raw_mail").defer("raw_mail__raw").first()


def _as_before(known: Delivery) -> Accepted:
    mails = (known.raw_mail,) if known.raw_mail else ()
    return Accepted(mails, created=False, outcome=Outcome.REPEATED if mails else Outcome(known.outcome))


def _note_unusable(
    mailbox: Mailbox | None, envelope_to: Sequence[str], source: str, fetched: Fetched | None
) -> None:
    """Journal what was no mail, when it can be told whom it was for."""
    boxes = [mailbox] if mailbox else matching(envelope_to)
    Delivery.objects.bulk_create(
        [
            Delivery(mailbox=box, source=source[:20], outcome=Outcome.UNUSABLE, **_which(fetched))
            for box in boxes
        ],
        ignore_conflicts=True,
    )


def _which(fetched: Fetched | None) -> dict[str, Any]:
    """What a delivery says of the mail of an account; its day is the day on which that server took it in."""
    if fetched is None:
        return {}
    return {
        "account": fetched.account,
        "uid_validity": fetched.uid_validity,
        "uid": fetched.uid,
        "at": fetched.at or timezone.now(),
    }


def _stored(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", errors="replace").decode("utf-8")
