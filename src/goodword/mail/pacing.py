"""How fast the mail servers of each domain are written to, and which of them asked to be left alone a while.

A domain that answers 'later' is held: no mail of any lane goes there until the hold ends, and the next such
answer holds it longer. Mail to many also keeps to a pace. Other domains go on meanwhile.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper, F, Min, Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext

from goodword.mail.models import DomainPace, OutgoingMail

# Our own way out, which is no domain of anybody's: held when it cannot be reached or does not let us in.
WAY_OUT = ""
HOLD_MINUTES = (1, 2, 5, 10, 20, 30)
# So much of its pace a domain may take at once; without it every single mail would have to wait its turn.
BURST = timedelta(seconds=6)

Lane = OutgoingMail.Lane


def domain_of(address: str) -> str:
    """The domain whose servers take mail for `address`."""
    return address.rpartition("@")[2].strip("<> ").casefold()[:255]


def closed(lane: Lane) -> "QuerySet[DomainPace, str]":
    """The domains that take no mail of this lane now."""
    now = timezone.now()
    shut = Q(held_until__gt=now)
    if lane == Lane.BULK:
        shut |= Q(next_at__gt=now + BURST)
    return DomainPace.objects.filter(shut).values_list("domain", flat=True)


def count(domain: str) -> None:
    """Count one mail to many against the pace of `domain`."""
    now, step = timezone.now(), _step()
    later = ExpressionWrapper(Greatest(F("next_at"), Value(now)) + Value(step), output_field=DateTimeField())
    if not DomainPace.objects.filter(domain=domain).update(next_at=later):
        DomainPace.objects.bulk_create([DomainPace(domain=domain, next_at=now + step)], ignore_conflicts=True)


def hold(domain: str, reason: str) -> datetime:
    """Leave `domain` alone for a while, longer each time; gives the moment until which."""
    pace, _made = DomainPace.objects.get_or_create(domain=domain)
    now = timezone.now()
    if pace.held_until is None or pace.held_until <= now:
        # Answers to mails that were under way together are one answer.
        minutes = HOLD_MINUTES[min(pace.refusals, len(HOLD_MINUTES) - 1)]
        pace.refusals, pace.held_until = pace.refusals + 1, now + timedelta(minutes=minutes)
        pace.reason = reason
        pace.save(update_fields=["refusals", "held_until", "reason"])
    assert pace.held_until is not None
    return pace.held_until


def release(domain: str) -> None:
    """A mail was taken: the domain, and the way there, are well."""
    DomainPace.objects.filter(domain__in=[domain, WAY_OUT], refusals__gt=0).update(
        refusals=0, held_until=None, reason=""
    )


def held_because(domain: str) -> str:
    """Why no mail goes to `domain` now, as a sentence; '' when it may go."""
    pace = DomainPace.objects.filter(domain=domain, held_until__gt=timezone.now()).first()
    if pace is None or pace.held_until is None:
        return ""
    clock = timezone.localtime(pace.held_until).strftime("%H:%M")
    return gettext("The mail servers of %(domain)s asked us to wait until %(clock)s. %(reason)s") % {
        "domain": domain,
        "clock": clock,
        "reason": pace.reason,
    }


def way_out_is_held() -> bool:
    """Whether our own way out is left alone now."""
    return DomainPace.objects.filter(domain=WAY_OUT, held_until__gt=timezone.now()).exists()


def opens_at() -> datetime | None:
    """The next moment at which mail to many may go to a domain that takes none now."""
    now = timezone.now()
    moments = DomainPace.objects.aggregate(
        pace=Min("next_at", filter=Q(next_at__gt=now + BURST)),
        hold=Min("held_until", filter=Q(held_until__gt=now)),
    )
    found = [moments["hold"]] if moments["hold"] else []
    found += [moments["pace"] - BURST] if moments["pace"] else []
    return min(found, default=None)


def _step() -> timedelta:
    return timedelta(minutes=1) / max(settings.CONFIG.mail_per_minute, 1)
