"""The one rule for contacting customers who did not ask: consent, quiet hours, and not too often.

Whoever wants to contact somebody asks `claim` in the transaction that does it: it holds the customer's row,
so that of two who would both be one too many only one goes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.events.actions import record
from goodword.mail.suppressions import suppressed
from goodword.staff.access import require_lead
from goodword.staff.models import Agent

from .errors import CustomerError
from .models import Consent, Contact, ContactRule, Customer
from .purposes import Purpose, purpose

DAY = timedelta(days=1)
WEEK = 7
LONGEST = 366


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether a customer may be contacted now. When not: `not_before` is when it may be, None is never."""

    allowed: bool
    not_before: datetime | None = None
    why: str = ""


ALLOWED = Leave(True)


def may_contact(customer: Customer, *, about: str, at: datetime | None = None) -> Leave:
    """Whether the customer may be contacted at that moment for a purpose (`customers/data/purposes.toml`).

    Three queries. Raises CustomerError for a purpose that there is not.
    """
    at = at or timezone.now()
    refused = _without_consent(customer, purpose(about)) or _without_address(customer, about)
    if refused:
        return Leave(False, None, refused)
    holds = rule()
    return _too_often(customer, holds, at) or _quiet(customer, holds, at) or ALLOWED


@transaction.atomic
def claim(customer: Customer, *, about: str, what: str, at: datetime | None = None) -> Leave:
    """`may_contact`, and when it is allowed, write the contact down. Holds the customer's row."""
    at = at or timezone.now()
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    leave = may_contact(held, about=about, at=at)
    if leave.allowed:
        Contact.objects.create(customer=held, purpose=about, what=what[:200], at=at)
    return leave


@transaction.atomic
def set_rule(
    *, by: Agent, quiet_from: time, quiet_until: time, quiet_weekdays: Sequence[int], most: int, in_days: int
) -> ContactRule:
    """Set the house's one rule; for leads and administrators. Raises NotAllowed or CustomerError."""
    require_lead(by)
    if not 1 <= in_days <= LONGEST or not 0 <= most <= LONGEST:
        raise CustomerError(_("Say how often in how many days: 1 to %(most)d days.") % {"most": LONGEST})
    if set(quiet_weekdays) >= set(range(WEEK)):
        raise CustomerError(_("Leave at least one weekday on which customers may be contacted."))
    rule, _new = ContactRule.objects.update_or_create(
        pk=1,
        defaults={
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "quiet_weekdays": sorted(set(quiet_weekdays)),
            "most": most,
            "in_days": in_days,
        },
    )
    record("contact_rule.set", agent_id=by.pk, data={"most": most, "in_days": in_days})
    return rule


def rule() -> ContactRule:
    """The house's rule, or the one that comes with Goodword."""
    return ContactRule.objects.first() or ContactRule()


def good_moment(rule: ContactRule, zone: tzinfo, at: datetime) -> datetime | None:
    """The first moment from `at` on outside the quiet hours and days; None when there is none in a week."""
    local = at.astimezone(zone)
    for _each in range(2 * WEEK):
        if local.weekday() in rule.quiet_weekdays:
            local = _midnight(local + DAY)
        elif _is_quiet(rule, local):
            local = _end_of_quiet(rule, local)
        else:
            return local.astimezone(at.tzinfo)
    return None


def _without_consent(customer: Customer, about: Purpose) -> str:
    if about.always:
        return ""
    said = customer.consents.filter(purpose=about.key).order_by("-at", "-id")
    newest: Consent | None = said.first()
    if newest is not None and not newest.given:
        return _("The customer said no to %(purpose)s.") % {"purpose": about.label.lower()}
    if newest is None and not about.without:
        return _("The customer has not said yes to %(purpose)s.") % {"purpose": about.label.lower()}
    return ""


def _without_address(customer: Customer, about: str) -> str:
    addresses = set(customer.addresses.values_list("address", flat=True))
    if not addresses:
        return _("No mail address of the customer is known.")
    if not addresses - set(suppressed(addresses, about)):
        return _("Every address of the customer is on the list of those who get no more mail.")
    return ""


def _too_often(customer: Customer, rule: ContactRule, at: datetime) -> Leave | None:
    since = at - timedelta(days=rule.in_days)
    lately = list(customer.contacts.filter(at__gt=since).order_by("at").values_list("at", flat=True))
    if len(lately) < rule.most:
        return None
    why = _("The customer was contacted %(times)d times in the last %(days)d days already.")
    first_free = lately[len(lately) - rule.most] + timedelta(days=rule.in_days) if rule.most else None
    return Leave(False, first_free, why % {"times": len(lately), "days": rule.in_days})


def _quiet(customer: Customer, rule: ContactRule, at: datetime) -> Leave | None:
    zone = ZoneInfo(customer.time_zone) if customer.time_zone else timezone.get_default_timezone()
    moment = good_moment(rule, zone, at)
    if moment == at:
        return None
    return Leave(False, moment, _("These are quiet hours where the customer lives."))


def _is_quiet(rule: ContactRule, local: datetime) -> bool:
    begins, ends, now = rule.quiet_from, rule.quiet_until, local.time()
    if begins <= ends:
        return begins <= now < ends
    return now >= begins or now < ends


def _end_of_quiet(rule: ContactRule, local: datetime) -> datetime:
    day = local if local.time() < rule.quiet_until else local + DAY
    until = rule.quiet_until
    return day.replace(hour=until.hour, minute=until.minute, second=until.second, microsecond=0)


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
