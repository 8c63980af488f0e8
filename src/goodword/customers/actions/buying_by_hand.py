"""What a customer bought as an agent types it in, where no shop tells of it."""

from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from goodword.staff.models import Agent

from ..errors import CustomerError
from ..facts import PurchaseFacts, SubscriptionFacts
from ..models import Customer, Purchase, Subscription
from .buying import purchase_values, subscription_values, tell_of
from .record import locked

Row = TypeVar("Row", Purchase, Subscription)


@transaction.atomic
def keep_purchase(
    *, customer: Customer, facts: PurchaseFacts, agent: Agent, purchase: Purchase | None = None
) -> Purchase:
    """Write down a purchase, or change one that was typed in; the same again is harmless.

    Raises CustomerError, whose sentence says what does not fit.
    """
    return _kept(Purchase, customer, purchase_values(facts), agent, purchase)


@transaction.atomic
def keep_subscription(
    *, customer: Customer, facts: SubscriptionFacts, agent: Agent, subscription: Subscription | None = None
) -> Subscription:
    """Write down a subscription, or change one that was typed in."""
    return _kept(Subscription, customer, subscription_values(facts), agent, subscription)


@transaction.atomic
def remove_bought(*, row: Purchase | Subscription, agent: Agent) -> None:
    """Take away a purchase or subscription that was typed in."""
    found = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if found is None:
        return
    _by_hand(found)
    tell_of(found, agent, what="removed")
    found.delete()


def _kept(model: type[Row], customer: Customer, values: dict[str, Any], agent: Agent, row: Row | None) -> Row:
    # Two windows that send the same form at once stand in line.
    locked(customer)
    theirs = model._default_manager.filter(customer=customer, source="")
    if row is None:
        same = theirs.filter(**values).first()
        return same or _made(model(customer=customer, **values), agent)
    kept = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk, customer=customer)
    _by_hand(kept)
    changed = [name for name, value in values.items() if getattr(kept, name) != value]
    for name in changed:
        setattr(kept, name, values[name])
    if changed:
        kept.save(update_fields=changed)
        tell_of(kept, agent, what="changed")
    return kept


def _made(row: Row, agent: Agent) -> Row:
    row.save()
    tell_of(row, agent, what="added")
    return row


def _by_hand(row: Purchase | Subscription) -> None:
    if row.source:
        raise CustomerError(
            _("This comes from %(source)s, which would bring it again as it was. Change it there.")
            % {"source": row.source}
        )
