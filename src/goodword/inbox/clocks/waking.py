"""When open conversations have to be looked at again because of what is no change of theirs."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from goodword.customers.models import Customer
from goodword.kit.jobs import nudge, nudge_at
from goodword.staff.models import Team

from ..models import Conversation
from .agreed import LOOK_SECONDS, any_in_force, forget
from .following import follow_each

# By its name: the job stands on the verbs that call this.
REFIT = "inbox.refit"
State = Conversation.State


def levels_changed() -> None:
    """Look at all open conversations again: now, and once every process has looked at the levels anew."""
    forget()
    transaction.on_commit(forget)
    nudge(app.tasks[REFIT])
    nudge_at(app.tasks[REFIT], timezone.now() + timedelta(seconds=LOOK_SECONDS + 1))


def hours_changed(team: Team | None) -> None:
    """Working hours or holidays were edited, of a team or of the house."""
    if any_in_force():
        levels_changed()


def customer_changed(customer: Customer) -> None:
    """Let a customer's open conversations go by their tier, once the change of it is committed."""
    if any_in_force():
        transaction.on_commit(lambda: _refit_of(customer.pk), robust=True)


@transaction.atomic
def _refit_of(customer: int) -> None:
    open_ones = Conversation.objects.filter(customer=customer, state__in=(State.OPEN, State.SNOOZED))
    follow_each(list(open_ones.order_by("pk").select_for_update(of=("self",))))
