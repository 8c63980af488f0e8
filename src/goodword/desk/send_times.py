"""Sending later: the moments that are offered, the one that is asked for, and how it is said."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.mail.models import OutgoingMail
from goodword.ui.times import say_date

from . import snooze_times
from .pages import Refused

OFFERED = 3
TYPED = "at"
SOON = timedelta(minutes=3)  # nearer than this it 'leaves in a moment'


def offered() -> list[snooze_times.Offer]:
    """The next few sensible moments."""
    return snooze_times.offered()[:OFFERED]


def asked(choice: str, typed: str) -> datetime | None:
    """The moment a form asks for; None for at once. A time that was typed counts without its button, too.

    Raises Refused with a sentence for what is no time.
    """
    if choice in ("", TYPED) and not typed:
        if choice:
            raise Refused(_("When should it leave? Choose a day and an hour, or send it now."))
        return None
    wanted = typed if choice in ("", TYPED) else choice
    try:
        return snooze_times.moment(wanted)
    except Refused as error:
        raise Refused(
            _("'%(asked)s' is no time to send it at. Choose a day and an hour.") % {"asked": wanted[:40]}
        ) from error


def leaves(mail: OutgoingMail | None) -> str:
    """When a mail leaves that waits for its moment, in words; '' for one that leaves soon or has left."""
    if mail is None or mail.state != OutgoingMail.State.QUEUED or mail.attempts:
        return ""
    if mail.not_before < timezone.now() + SOON:
        return ""
    local = timezone.localtime(mail.not_before)
    return _("leaves on %(day)s, %(clock)s") % {"day": say_date(local, "D j M"), "clock": f"{local:%H:%M}"}
