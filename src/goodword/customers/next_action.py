"""The next best action for a customer: what is owed first, and nothing to sell to whoever is not content."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.staff.models import Agent

from . import registry
from .models import Customer
from .registry import Suggestion

WARRANTY_AHEAD = timedelta(days=30)
ANNIVERSARY_WITHIN = timedelta(days=7)


def next_action(customer: Customer, agent: Agent) -> Suggestion | None:
    """What would be best to do now, or None.

    Rooms above come first with what is open (a late promise, a complaint); then making good; and only for a
    content customer something that is theirs to have: a warranty that ends, thanks for the years.
    """
    for suggest in registry.suggestions:
        found = suggest(customer, agent)
        if found is not None:
            return found
    if customer.recovering_since is not None:
        return Suggestion(
            _("Ask whether all is well now"),
            _("Something went wrong, and it is not made up for yet."),
            reverse("customer_experience", args=[customer.pk]),
        )
    today = timezone.localdate()
    return _warranty_ends(customer, today) or _years(customer, today)


def _warranty_ends(customer: Customer, today: date) -> Suggestion | None:
    ending = customer.purchases.filter(warranty_until__range=(today, today + WARRANTY_AHEAD))
    one = ending.order_by("warranty_until", "id").first()
    if one is None or one.warranty_until is None:
        return None
    return Suggestion(
        _("Ask how the %(product)s is doing") % {"product": one.product},
        _("Its warranty ends on %(day)s.") % {"day": date_format(one.warranty_until, "j F")},
    )


def _years(customer: Customer, today: date) -> Suggestion | None:
    since = timezone.localdate(customer.since)
    years = today.year - since.year
    ago = (today - _same_day(since, today.year)).days
    if years < 1 or not 0 <= ago <= ANNIVERSARY_WITHIN.days:
        return None
    return Suggestion(
        ngettext("Thank them for a year with us", "Thank them for %(years)d years with us", years)
        % {"years": years},
        _("They have been with us since %(day)s.") % {"day": date_format(since, "j F Y")},
    )


def _same_day(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)
