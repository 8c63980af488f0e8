"""Template tags about customers."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goodword.customers import queries
from goodword.customers.models import Customer
from goodword.customers.queries import WarrantyState

register = template.Library()
BESIDE = 3


@register.inclusion_tag("desk/customer_side.html")
def customer_side(customer: Customer) -> dict[str, Any]:
    """What helps to answer a customer, beside their conversation; two queries."""
    bought = [(row, queries.warranty(row)) for row in queries.purchases(customer, limit=BESIDE)]
    return {"customer": customer, "phones": customer.phones.order_by("id"), "purchases": bought}


@register.simple_tag
def warranty_words(state: WarrantyState | None) -> str:
    """How long a warranty lasts: 'until 3 May 2027, 12 days left'."""
    if state is None:
        return ""
    day = f"{state.until.day} {state.until:%b %Y}"
    if state.days_left < 0:
        return _("ended %(day)s") % {"day": day}
    if state.days_left == 0:
        return _("until %(day)s, the last day") % {"day": day}
    if state.days_left > 90:
        return _("until %(day)s") % {"day": day}
    left = ngettext("%(n)d day left", "%(n)d days left", state.days_left) % {"n": state.days_left}
    return _("until %(day)s, %(left)s") % {"day": day, "left": left}
