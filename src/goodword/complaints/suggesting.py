"""What complaints suggest as the next best action for a customer."""

from django.urls import reverse
from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.models import Customer
from goodword.customers.registry import Suggestion
from goodword.staff.models import Agent

from . import access
from .models import Complaint


@registry.suggestions.add
def lead_it_on(customer: Customer, agent: Agent) -> Suggestion | None:
    """Go on with the oldest complaint that is open."""
    open_ones = access.complaints(agent).filter(customer=customer, closed_at=None)
    found: Complaint | None = open_ones.order_by("opened_at", "id").first()
    if found is None:
        return None
    return Suggestion(
        _("Lead complaint %(number)s on") % {"number": found.number},
        _("It is not closed yet: nothing else matters as much to them."),
        reverse("complaint", args=[found.pk]),
    )
