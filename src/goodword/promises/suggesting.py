"""What promises suggest as the next best action for a customer."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from goodword.customers import registry
from goodword.customers.models import Customer
from goodword.customers.registry import Suggestion
from goodword.staff.models import Agent

from . import access
from .models import Promise


@registry.suggestions.add
def own_up(customer: Customer, agent: Agent) -> Suggestion | None:
    """Tell the customer of the oldest promise that is late."""
    late = access.visible(agent).filter(
        customer=customer, state=Promise.State.OPEN, due_at__lt=timezone.now()
    )
    promise = late.order_by("due_at", "id").first()
    if promise is None:
        return None
    return Suggestion(
        _("Own up to the late promise: %(what)s") % {"what": promise.what[:120]},
        _("They should hear it from us first, with a new day that holds."),
        reverse("promise", args=[promise.pk]),
    )
