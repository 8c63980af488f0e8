"""Raw mail to messages, one transaction for each, so that no mail ever stops another."""

import logging
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from goodword.events.actions import record
from goodword.mail import outbox, registry, trust
from goodword.mail.models import RawMail
from goodword.mail.parsing import ParsedMail, Unreadable, apart

ATTEMPTS = 3
# A deadlock, two who made the same row at once, or a database that went away.
PASSING = (OperationalError, InterfaceError, IntegrityError)

log = logging.getLogger(__name__)


@dataclass
class Turned:
    """What became of the mails of one run."""

    messages: int = 0
    need_person: int = 0
    postponed: list[int] = field(default_factory=list)


def turn_waiting(*, limit: int | None = None) -> Turned:
    """Turn the waiting mails into messages, oldest first; several workers may do this at once."""
    turned = Turned()
    if not list(registry.intake):
        return turned
    _turn_all(turned, limit)
    if turned.postponed:
        # Two workers in each other's way are so no more once one of them is done: try once more at once.
        turned.postponed = []
        _turn_all(turned, limit)
    return turned


def _turn_all(turned: Turned, limit: int | None) -> None:
    while limit is None or turned.messages + turned.need_person < limit:
        if not _turn_next(turned):
            break


def mark_needs_person(*, mail: RawMail, reason: str) -> None:
    """Put a mail under 'Needs a person' with a sentence that says why."""
    RawMail.objects.filter(pk=mail.pk).update(
        state=RawMail.State.NEEDS_PERSON, reason=reason, attempts=mail.attempts + 1
    )
    record(
        "mail.needs_person", mailbox_id=mail.mailbox_id, data={"raw_mail": mail.pk, "reason": reason[:500]}
    )


def _turn_next(turned: Turned) -> bool:
    claimed: RawMail | None = None
    try:
        with transaction.atomic():
            claimed = (
                # Whoever delivers it once more refers to its row and must not wait until it is read.
                RawMail.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
                .filter(state=RawMail.State.WAITING)
                .exclude(pk__in=turned.postponed)
                .order_by("id")
                .first()
            )
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
            said = _hand_on(mail, parsed)
            RawMail.objects.filter(pk=mail.pk).update(
                state=RawMail.State.DONE, reason=said, authentication=mail.authentication
            )
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


def _hand_on(mail: RawMail, parsed: ParsedMail) -> str:
    """Let the rooms above make something of it; why they made no message, or ''."""
    if parsed.bounced and mail.authentication.get("sender") != trust.FORGED:
        outbox.mark_bounced(parsed.bounced)
    said = [handler(mail, parsed) for handler in registry.intake]
    return next((reason for reason in said if reason), "")


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
