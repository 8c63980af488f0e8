"""Raw mail to messages: several in one transaction, and each in one of its own as soon as one of them fails,
so that no mail ever stops another.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from psycopg.types.json import Jsonb

from goodword.events.actions import record
from goodword.kit import rows
from goodword.mail import outbox, registry, returning, trust
from goodword.mail.models import RawMail
from goodword.mail.parsing import ParsedMail, Unreadable, apart
from goodword.mail.reading_ahead import ReadingAhead

ATTEMPTS = 3
AT_ONCE = 20
BYTES_AT_ONCE = 4_000_000
LOCK_TIMEOUT = "2s"
# A deadlock, two who made the same row at once, or a database that went away.
PASSING = (OperationalError, InterfaceError, IntegrityError)

_SETTLED = (
    b"UPDATE mail_rawmail AS mail "
    b"SET state = %s, reason = given.reason, authentication = given.authentication "
    b"FROM unnest(%s::bigint[], %s::text[], %s::jsonb[]) AS given (id, reason, authentication) "
    b"WHERE mail.id = given.id"
)

log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


@dataclass
class Turned:
    """What became of the mails of one run."""

    messages: int = 0
    need_person: int = 0
    postponed: list[int] = field(default_factory=list)


def turn_waiting(
    *,
    limit: int | None = None,
    stop: Callable[[], bool] = lambda: False,
    wait_for_others: bool = True,
    ahead: ReadingAhead | None = None,
) -> Turned:
    """Turn the waiting mails into messages, oldest first, until none waits or `stop` says so.

    Several processes may do this at once. In one process one thread does, which is quicker than several in
    each other's way; another one waits for it, or with `wait_for_others` false leaves it to the first. Who
    calls this again and again gives the same `ahead`, so that what was read for the next round is not lost.
    """
    turned = Turned()
    if not list(registry.intake) or not _one_at_a_time.acquire(blocking=wait_for_others):
        return turned
    try:
        with contextlib.nullcontext(ahead) if ahead else contextlib.closing(ReadingAhead()) as reading:
            _turn_all(turned, limit, stop, reading)
            if turned.postponed:
                # Two workers in each other's way are so no more once one of them is done: try again at once.
                turned.postponed = []
                _turn_all(turned, limit, stop, reading)
    finally:
        _one_at_a_time.release()
    return turned


def _turn_all(turned: Turned, limit: int | None, stop: Callable[[], bool], ahead: ReadingAhead) -> None:
    while not stop():
        room = AT_ONCE if limit is None else min(AT_ONCE, limit - turned.messages - turned.need_person)
        if room < 1 or not _turn_several(turned, room, ahead):
            break


def _turn_several(turned: Turned, room: int, ahead: ReadingAhead) -> bool:
    """Turn several mails in one transaction; should one of them fail, each in one of its own. False when none
    waits.
    """
    claimed: list[RawMail] = []
    alone: list[RawMail] = []
    together = Turned()
    try:
        with transaction.atomic():
            claimed = _together(_waiting(turned).defer("raw")[:room])
            if len(claimed) > 1:
                alone = _turn_together(claimed, together, ahead)
    except apart.Unstartable:
        raise
    except Exception:
        if len(claimed) < 2:
            raise
        log.info("One of %s mails failed, so each is tried alone.", len(claimed), exc_info=True)
        together, alone = Turned(), claimed
    if len(claimed) < 2:
        return bool(claimed) and _turn_next(turned)
    turned.messages += together.messages
    turned.need_person += together.need_person
    for mail in alone:
        _turn_next(turned, only=mail)
    return True


def _together(waiting: Iterable[RawMail]) -> list[RawMail]:
    """The first of these mails, as many as can be held in memory at once."""
    sizes = 0
    taken: list[RawMail] = []
    for mail in waiting:
        sizes += mail.size
        if taken and sizes > BYTES_AT_ONCE:
            break
        taken.append(mail)
    return taken


def _turn_together(claimed: list[RawMail], turned: Turned, ahead: ReadingAhead) -> list[RawMail]:
    """Turn mails in the transaction that is open; gives those back that need a turn of their own."""
    with connection.cursor() as cursor:
        # A mail that has to wait for somebody else is tried alone, and the others do not wait with it.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
    outcomes = ahead.read(claimed)
    ahead.look_behind(claimed[-1], AT_ONCE)
    pairs = [
        (mail, parsed)
        for mail, parsed in zip(claimed, outcomes, strict=False)
        if isinstance(parsed, ParsedMail)
    ]
    for mail, parsed in pairs:
        mail.authentication = trust.authentication(parsed, trusted=settings.CONFIG.mail_trusted_servers)
    with rows.together(len(pairs)):
        handlers = registry.handlers(pairs)
        for mail, outcome in zip(claimed, outcomes, strict=False):
            if isinstance(outcome, ParsedMail):
                _hand_on(mail, outcome, handlers)
                turned.messages += 1
            elif isinstance(outcome, Unreadable):
                mark_needs_person(mail=mail, reason=outcome.reason)
                turned.need_person += 1
            ahead.step()
    stumbled = [
        mail for mail, outcome in zip(claimed, outcomes, strict=False) if isinstance(outcome, apart.Stumbled)
    ]
    return stumbled + claimed[len(outcomes) :][:1]


def mark_needs_person(*, mail: RawMail, reason: str) -> None:
    """Put a mail under 'Needs a person' with a sentence that says why."""
    RawMail.objects.filter(pk=mail.pk).update(
        state=RawMail.State.NEEDS_PERSON, reason=reason, attempts=mail.attempts + 1
    )
    record(
        "mail.needs_person", mailbox_id=mail.mailbox_id, data={"raw_mail": mail.pk, "reason": reason[:500]}
    )


def _waiting(turned: Turned) -> "QuerySet[RawMail]":
    """The mails that wait, locked for us; those that others are at are left out."""
    return (
        # Whoever delivers one once more refers to its row and must not wait until it is read.
        RawMail.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(state=RawMail.State.WAITING)
        .exclude(pk__in=turned.postponed)
        .order_by("id")
    )


def _turn_next(turned: Turned, *, only: RawMail | None = None) -> bool:
    claimed: RawMail | None = None
    try:
        with transaction.atomic():
            waiting = _waiting(turned)
            claimed = (waiting.filter(pk=only.pk) if only else waiting).first()
            if claimed is None:
                return False
            _turn(claimed, turned)
    except PASSING:
        if claimed is None:
            raise
        log.warning("Mail %s could not be turned into a message now.", claimed.pk, exc_info=True)
        _postpone(claimed, turned)
    return True


def _turn(mail: RawMail, turned: Turned) -> None:
    try:
        with transaction.atomic():
            parsed = apart.parse(bytes(mail.raw), envelope_from=mail.envelope_from or None)
            mail.authentication = trust.authentication(parsed, trusted=settings.CONFIG.mail_trusted_servers)
            with rows.together():
                _hand_on(mail, parsed, registry.handlers([(mail, parsed)]))
        turned.messages += 1
    except (*PASSING, apart.Unstartable):
        raise
    except Unreadable as verdict:
        mark_needs_person(mail=mail, reason=verdict.reason)
        turned.need_person += 1
    except Exception as error:
        log.exception("Mail %s could not be turned into a message.", mail.pk)
        kind = error.kind if isinstance(error, apart.Stumbled) else type(error).__name__
        reason = (
            f"Goodword stumbled over this mail ({kind}). It is kept whole: "
            "download it to read it, and try it again after the next update."
        )
        mark_needs_person(mail=mail, reason=reason)
        turned.need_person += 1


def _hand_on(mail: RawMail, parsed: ParsedMail, handlers: list[registry.Intake]) -> None:
    """Let the rooms above make something of it, and write down why they made no message, if so."""
    if parsed.bounced and mail.authentication.get("sender") != trust.FORGED:
        outbox.take_report(parsed.bounced, number=returning.came_back(mail, parsed))
    said = [handler(mail, parsed) for handler in handlers]
    mail.reason = next((reason for reason in said if reason), "")
    rows.later(_settle, mail)


def _settle(mails: list[RawMail]) -> None:
    rows.execute(
        _SETTLED,
        [
            RawMail.State.DONE.value,
            [mail.pk for mail in mails],
            [mail.reason for mail in mails],
            [Jsonb(mail.authentication) for mail in mails],
        ],
    )


def _postpone(mail: RawMail, turned: Turned) -> None:
    turned.postponed.append(mail.pk)
    with transaction.atomic():
        if mail.attempts + 1 < ATTEMPTS:
            RawMail.objects.filter(pk=mail.pk).update(attempts=mail.attempts + 1)
            return
        reason = (
            f"The database refused this mail {ATTEMPTS} times. Try it again later, or download it to read it."
        )
        mark_needs_person(mail=mail, reason=reason)
        turned.need_person += 1
