"""Telling the rooms above what became of an outgoing mail, until each of them has taken it in."""

import contextlib
import logging

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from goodword.kit.registry import Registry
from goodword.mail import registry
from goodword.mail.models import OutgoingMail
from goodword.mail.registry import OutgoingListener

AGAIN = "mail.tell_again"
AGAIN_SECONDS = 2

log = logging.getLogger(__name__)


def tell(mail: OutgoingMail) -> None:
    """Tell the rooms above; what they do with it must not undo what happened to the mail.

    One that fails is told again by a job that is put off in the caller's transaction.
    """
    _tell(registry.outgoing_changed, mail)


def tell_doubt(mail: OutgoingMail) -> None:
    """Tell the rooms above, in the same way, that a report which nothing proves calls a mail lost."""
    _tell(registry.outgoing_doubted, mail)


def tell_again(*, number: int, name: str, moment: str) -> None:
    """Tell the listener of this name what it missed at this moment of the mail.

    Where the mail went on meanwhile, the listener was told of that, and hears nothing twice.
    """
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().defer("raw").filter(pk=number).first()
        if mail is None or _moment(mail) != moment:
            return
        for listener in (*registry.outgoing_changed, *registry.outgoing_doubted):
            if _name(listener) == name:
                listener(mail)


def _tell(listeners: "Registry[OutgoingListener]", mail: OutgoingMail) -> None:
    for listener in listeners:
        try:
            with transaction.atomic():
                listener(mail)
        except Exception:
            log.exception("A listener failed on outgoing mail %s; it is told again.", mail.pk)
            _put_off(mail, _name(listener))


def _put_off(mail: OutgoingMail, name: str) -> None:
    moment = _moment(mail)
    again = app.configure_task(
        AGAIN, queueing_lock=f"{AGAIN} {mail.pk} {name} {moment}", schedule_in={"seconds": AGAIN_SECONDS}
    )
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        again.defer(number=mail.pk, listener=name, moment=moment)


def _moment(mail: OutgoingMail) -> str:
    """The state of a mail, and which time it has it: a mail is sent more than once where it has to wait."""
    return f"{mail.state} {mail.attempts} {mail.lease_token or ''}".rstrip()


def _name(listener: OutgoingListener) -> str:
    return f"{listener.__module__}.{listener.__qualname__}"
