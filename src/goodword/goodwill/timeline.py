"""What was given, asked for and redeemed, as sentences of a timeline."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from goodword.events.models import Event
from goodword.events.timeline import Names, register
from goodword.ui.money import say_money

from .models.kinds import GestureKind


def _facts(event: Event, names: Names) -> dict[str, str]:
    """What the sentences are filled in with; events of an earlier form lack some of it."""
    details = event.data.get("details") or {}
    try:
        amount = say_money(abs(Decimal(details.get("amount", ""))))
    except InvalidOperation:
        amount = "?"
    kinds = {kind.value: str(kind.label) for kind in GestureKind}
    return {
        "who": names.who(event),
        "asked_by": names.of(event.data.get("asked_by")),
        "amount": amount,
        "kind": kinds.get(details.get("kind", ""), _("Something")).lower(),
        "reason": details.get("reason", ""),
        "decision": details.get("decision", ""),
        "reference": details.get("reference", ""),
    }


@register("goodwill.given")
def given(event: Event, names: Names) -> str:
    """Something was given."""
    return _("%(who)s made a gesture: %(kind)s, %(amount)s. “%(reason)s”") % _facts(event, names)


@register("goodwill.reversed")
def taken_back(event: Event, names: Names) -> str:
    """It was not given after all."""
    return _("%(who)s took a gesture back: %(kind)s, %(amount)s. “%(reason)s”") % _facts(event, names)


@register("approval.asked")
def asked(event: Event, names: Names) -> str:
    """Somebody needs a yes."""
    return _("%(who)s asked for approval of %(amount)s. “%(reason)s”") % _facts(event, names)


@register("approval.approved")
def approved(event: Event, names: Names) -> str:
    """Somebody said yes."""
    facts = _facts(event, names)
    said = _("%(who)s approved %(amount)s.") % facts
    return f"{said} “{facts['decision']}”" if facts["decision"] else said


@register("approval.refused")
def refused(event: Event, names: Names) -> str:
    """Somebody said no."""
    return _("%(who)s did not approve %(amount)s. “%(decision)s”") % _facts(event, names)


@register("approval.withdrawn")
def withdrawn(event: Event, names: Names) -> str:
    """It is not asked for any more."""
    return _("%(who)s no longer asks for approval of %(amount)s.") % _facts(event, names)


@register("voucher.redeemed")
def redeemed(event: Event, names: Names) -> str:
    """A voucher was used."""
    facts = _facts(event, names)
    if facts["reference"]:
        return _("The voucher of %(amount)s was redeemed for %(reference)s.") % facts
    return _("The voucher of %(amount)s was redeemed.") % facts
