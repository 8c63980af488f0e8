"""Who gets no more mail: written down, lifted, and looked up."""

import hashlib
import hmac
from collections.abc import Collection, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from goodword.events.actions import record
from goodword.kit.ids import derived_key
from goodword.mail.models import Suppression

Reason = Suppression.Reason
ERASED = "erased:"


def suppress(
    *,
    address: str,
    reason: Suppression.Reason,
    topic: str = "",
    everything: bool = False,
    detail: str = "",
    agent_id: int | None = None,
) -> Suppression:
    """Send `address` no more mail of `topic`, or with '' none that goes to many; harmless when done twice.

    `everything` says that the address cannot or must not be written to at all: replies of a person still
    go, but the person is told.
    """
    key = address.strip().casefold()[:320]
    with transaction.atomic():
        found, made = Suppression.objects.get_or_create(
            address=key,
            topic=topic,
            reason=reason,
            lifted_at=None,
            defaults={"everything": everything, "detail": detail},
        )
        if made:
            record("mail.suppressed", agent_id=agent_id, data={"address": key, "topic": topic, "why": reason})
        elif everything and not found.everything:
            found.everything = True
            found.save(update_fields=["everything"])
    return found


def lift(
    *,
    address: str,
    topic: str | None = None,
    reason: Suppression.Reason | None = None,
    agent_id: int | None = None,
) -> int:
    """Write to `address` again; without `topic` or `reason`, whatever stood against it. Returns how many."""
    key = address.strip().casefold()
    found = Suppression.objects.filter(address__in=[key, hidden(key)], lifted_at=None)
    found = found if topic is None else found.filter(topic=topic)
    found = found if reason is None else found.filter(reason=reason)
    with transaction.atomic():
        done = found.update(lifted_at=timezone.now())
        if done:
            record("mail.unsuppressed", agent_id=agent_id, data={"address": key, "topic": topic or ""})
    return done


def suppressed(addresses: Iterable[str], topic: str = "") -> dict[str, Suppression]:
    """What stands against mail of `topic` for each of these addresses, by address in lower case.

    With '' only what stands against all mail that goes to many. It holds on for the addresses of people
    who were erased, though these are kept no more.
    """
    keys = {address.strip().casefold() for address in addresses}
    erased = {hidden(key): key for key in keys}
    if not keys:
        return {}
    against = Q(topic="") | Q(everything=True)
    if topic:
        against |= Q(topic=topic)
    found = Suppression.objects.filter(against, address__in={*keys, *erased}, lifted_at=None).order_by(
        "-everything", "id"
    )
    first: dict[str, Suppression] = {}
    for one in found:
        one.address = erased.get(one.address, one.address)
        first.setdefault(one.address, one)
    return first


def hidden(address: str) -> str:
    """What stands in place of the address of a person who was erased: only who has it finds it."""
    key = derived_key("suppressions", secret=settings.SECRET_KEY)
    return f"{ERASED}{hmac.new(key, address.strip().casefold().encode(), hashlib.sha256).hexdigest()[:40]}"


def withheld(recipients: Collection[str], topic: str) -> str:
    """Why a mail to many does not go to these recipients, as a sentence; '' when it may."""
    found = suppressed(recipients, topic)
    if not found:
        return ""
    return sentence(next(iter(found.values())))


def unwanted(recipients: Collection[str], topic: str = "") -> str:
    """Why no mail of a machine goes to these recipients, as a sentence that names nobody; '' when it may."""
    found = suppressed(recipients, topic)
    if not found:
        return ""
    reason = _reason(next(iter(found.values())))
    return gettext("The recipient gets no more mail of this kind: %(reason)s.") % {"reason": reason}


def told(one: Suppression) -> str:
    """What a person should know before they write to this address; they may write all the same."""
    day = timezone.localtime(one.at).strftime("%Y-%m-%d")
    if one.reason == Reason.BOUNCED:
        words = gettext("Mail to %(address)s came back on %(day)s: there is no such address.")
    elif one.everything:
        words = gettext("%(address)s is not to be written to since %(day)s.")
    else:
        words = gettext("%(address)s gets no more notices since %(day)s. Your answer still goes there.")
    return words % {"address": one.address, "day": day}


def sentence(one: Suppression) -> str:
    """Who gets no more mail, since when and why."""
    return gettext("%(address)s gets no more mail of this kind: %(reason)s.") % {
        "address": one.address,
        "reason": _reason(one),
    }


def _reason(one: Suppression) -> str:
    reasons = {
        Reason.UNSUBSCRIBED: gettext("they asked for no more on %(day)s"),
        Reason.BOUNCED: gettext("mail came back on %(day)s because there is no such address"),
        Reason.COMPLAINED: gettext("they reported a mail of ours as spam on %(day)s"),
        Reason.AGENT: gettext("somebody here entered that on %(day)s"),
    }
    day = timezone.localtime(one.at).strftime("%Y-%m-%d")
    return reasons[Reason(one.reason)] % {"day": day}
