"""What is said beside a sender's name of whether they sent it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from goodword.inbox.models import Message
from goodword.inbox.queries import ShownMessage


@dataclass(frozen=True, slots=True)
class Trust:
    """A word and a sign beside a name, and the sentences behind them."""

    tone: str
    icon: str
    words: str
    details: tuple[str, ...]


def trust_of(shown: ShownMessage) -> Trust | None:
    """What our own servers say of the sender; None when they say nothing that could be told."""
    verdict = shown.message.sender_trust
    if verdict == Message.Trust.CONFIRMED:
        return Trust("confirmed", "shield", _("sender confirmed"), _details(shown))
    if verdict == Message.Trust.FORGED:
        warning = _(
            "Somebody else may have written in their name. Ask them in a way you know before you act on it."
        )
        return Trust("forged", "alert-triangle", _("sender may be forged"), (warning, *_details(shown)))
    return None


def _details(shown: ShownMessage) -> tuple[str, ...]:
    checks = shown.checks
    said = [
        _("%(check)s: %(result)s for %(domain)s")
        % {"check": name, "result": checks[key], "domain": checks[f"{key}_domain"]}
        if f"{key}_domain" in checks
        else f"{name}: {checks[key]}"
        for key, name in (("dmarc", "DMARC"), ("dkim", "DKIM"), ("spf", "SPF"))
        if key in checks
    ]
    by = _("Checked by %(server)s.") % {"server": checks["by"]} if checks.get("by") else ""
    return tuple(line for line in (", ".join(said), by) if line)
