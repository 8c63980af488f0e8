"""How an account on a mail server is doing, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.mail.imap.alarms import is_silent, silent_accounts
from goodword.mail.models import MailAccount
from goodword.staff.access import hidden_mailboxes
from goodword.staff.models import Agent
from goodword.ui.times import say_moment


@dataclass(frozen=True, slots=True)
class State:
    """A word for the chip, how grave it is, and the sentence behind it."""

    word: str
    tone: str
    sentence: str


def state_of(account: MailAccount) -> State:
    """How the account is doing now."""
    now = timezone.now()
    if account.paused_at is not None:
        when = say_moment(account.paused_at, now=now)
        return State(_("paused"), "", _("Paused %(when)s.") % {"when": when})
    if is_silent(account, now):
        return State(_("not read"), "bad", _silence(account, now))
    if account.missed:
        return State(_("tries again"), "soon", account.error)
    if account.contact_at is None:
        return State(_("new"), "", _("Not read yet."))
    return State(_("well"), "good", _("Last answer %(when)s.") % {"when": _ago(account.contact_at, now)})


def alarm_for(agent: Agent) -> str:
    """What whoever answers a mailbox has to know on every page; empty while all is well.

    Servers and user names are told to administrators only, who can do something about them.
    """
    silent = list(silent_accounts().select_related("mailbox")[:20])
    if silent and not agent.is_administrator:
        hidden = hidden_mailboxes(agent)
        return _incomplete(sorted({one.mailbox.address for one in silent if one.mailbox_id not in hidden}))
    if not silent:
        return ""
    if len(silent) == 1:
        return _("Mail of %(account)s is not coming in.") % {"account": silent[0]}
    return _("Mail of %(count)d accounts is not coming in.") % {"count": len(silent)}


def _incomplete(addresses: list[str]) -> str:
    if not addresses:
        return ""
    return _("New mail to %(mailboxes)s is not coming in now. Your administrators can see why.") % {
        "mailboxes": ", ".join(addresses)
    }


def _silence(account: MailAccount, now: datetime) -> str:
    why = account.error or _("Nobody reads it. Is 'goodword serve' running?")
    if account.contact_at is None:
        return _("Not read so far: %(why)s") % {"why": why}
    return _("Not read since %(when)s: %(why)s") % {
        "when": _clock(account.contact_at, now),
        "why": why,
    }


def _clock(moment: datetime, now: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if local.date() == timezone.localdate(now) else say_moment(moment, now=now)


def _ago(moment: datetime, now: datetime) -> str:
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds >= 180:
        return say_moment(moment, now=now)
    return ngettext("%(n)d second ago", "%(n)d seconds ago", seconds) % {"n": seconds}
