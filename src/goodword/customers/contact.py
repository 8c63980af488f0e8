"""The one rule for contacting customers who did not ask: consent, quiet hours, and not too often.

Whoever wants to contact somebody asks `claim` in the transaction that does it: it holds the customer's row,
so that of two who would both be one too many only one goes out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.mail.suppressions import suppressed

from .models import Consent, Contact, ContactRule, Customer
from .purposes import Purpose, purpose

DAY = timedelta(days=1)
WEEK = 7


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
    refused = _without_consent(customer, purpose(about)) or _without_address(customer)
    if refused:
        return Leave(False, None, refused)
    rule = ContactRule.objects.first() or ContactRule()
    return _too_often(customer, rule, at) or _quiet(customer, rule, at) or ALLOWED


@transaction.atomic
def claim(customer: Customer, *, about: str, what: str, at: datetime | None = None) -> Leave:
    """`may_contact`, and when it is allowed, write the contact down. Holds the customer's row."""
    at = at or timezone.now()
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    leave = may_contact(held, about=about, at=at)
    if leave.allowed:
        Contact.objects.create(customer=held, purpose=about, what=what[:200], at=at)
    return leave


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


def _without_address(customer: Customer) -> str:
    addresses = set(customer.addresses.values_list("address", flat=True))
    if not addresses:
        return _("No mail address of the customer is known.")
    if not addresses - set(suppressed(addresses)):
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
