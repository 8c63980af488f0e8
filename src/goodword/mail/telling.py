"""Telling the rooms above what became of an outgoing mail, until each of them has taken it in."""

import contextlib
import logging

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

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
    for listener in registry.outgoing_changed:
        try:
            with transaction.atomic():
                listener(mail)
        except Exception:
            log.exception("A listener failed on outgoing mail %s; it is told again.", mail.pk)
            _put_off(mail.pk, _name(listener))


def tell_again(*, number: int, name: str) -> None:
    """Tell the listener of this name how the mail stands now."""
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().defer("raw").filter(pk=number).first()
        for listener in registry.outgoing_changed:
            if mail is not None and _name(listener) == name:
                listener(mail)


def _put_off(number: int, name: str) -> None:
    again = app.configure_task(
        AGAIN, queueing_lock=f"{AGAIN} {number} {name}", schedule_in={"seconds": AGAIN_SECONDS}
    )
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        again.defer(number=number, listener=name)


def _name(listener: OutgoingListener) -> str:
    return f"{listener.__module__}.{listener.__qualname__}"
