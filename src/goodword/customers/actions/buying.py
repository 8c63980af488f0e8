"""What another system says a customer bought, taken in any number of times to the same end."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Literal, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from goodword.staff.models import Agent

from ..errors import CustomerError
from ..facts import PurchaseFacts, SubscriptionFacts, Who
from ..models import Purchase, Subscription
from ..telling import tell
from .finding import printable
from .knowing import Known, customer_behind

Outcome = Literal["new", "changed", "same"]
Row = TypeVar("Row", Purchase, Subscription)
SOURCE_LENGTH = 60
MOST = Decimal(10) ** 9


@dataclass(frozen=True, slots=True)
class Put:
    """What became of what was said."""

    row: Any
    outcome: Outcome
    customer_is_new: bool = False


@transaction.atomic
def put_purchase(
    *, source: str, who: Who, facts: PurchaseFacts, agent: Agent | None = None, known: Known | None = None
) -> Put:
    """Write down a purchase, or change the one of this source and `external_id`; the same again is harmless.

    Nothing is written when it raises CustomerError, whose sentence says what does not fit.
    """
    values = purchase_values(facts, "external_id")
    return _put(Purchase, tidy_source(source), who, values, agent, known or Known())


@transaction.atomic
def put_subscription(
    *,
    source: str,
    who: Who,
    facts: SubscriptionFacts,
    agent: Agent | None = None,
    known: Known | None = None,
) -> Put:
    """Write down a subscription, or change the one of this source and `external_id`."""
    values = subscription_values(facts, "external_id")
    return _put(Subscription, tidy_source(source), who, values, agent, known or Known())


def purchase_values(facts: PurchaseFacts, *needed: str) -> dict[str, Any]:
    """A purchase as it is kept; raises CustomerError for what cannot be, or when one of `needed` is empty."""
    values = _checked(Purchase, facts, "product", *needed)
    if values["quantity"] <= 0:
        raise CustomerError(_("The quantity must be more than nothing."))
    delivered = facts.delivered_at
    if delivered is not None and delivered.date() < facts.bought_at.date():
        raise CustomerError(_("It cannot be delivered before it was bought. Check the two dates."))
    return values


def subscription_values(facts: SubscriptionFacts, *needed: str) -> dict[str, Any]:
    """A subscription as it is kept; raises CustomerError as for a purchase."""
    values = _checked(Subscription, facts, "plan", *needed)
    if values["state"] not in Subscription.State.values:
        sentence = _("'%(state)s' is no state of a subscription. Use one of these: %(known)s.")
        known_states = ", ".join(Subscription.State.values)
        raise CustomerError(sentence % {"state": values["state"][:60], "known": known_states})
    return values


def tidy_source(source: str) -> str:
    """The name of the other system; raises CustomerError when there is none."""
    tidy = printable(source)
    if not tidy or len(tidy) > SOURCE_LENGTH:
        raise CustomerError(
            _("Name the system this comes from in 1 to %(most)d characters, as 'shop'.")
            % {"most": SOURCE_LENGTH}
        )
    return tidy


def _checked(model: type[Model], facts: Any, *needed: str) -> dict[str, Any]:
    """The values as they are kept; raises CustomerError for one that cannot be."""
    values = {one.name: getattr(facts, one.name) for one in fields(facts)}
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = _text(model, name, value)
        elif isinstance(value, Decimal) and (not value.is_finite() or abs(value) >= MOST):
            sentence = _("The number %(value)s is too large to be right.")
            raise CustomerError(sentence % {"value": value})
    for name in needed:
        if not values[name]:
            raise CustomerError(_("The field '%(field)s' is empty. It is needed.") % {"field": name})
    currency = values["currency"] = values["currency"].upper()
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        sentence = _("'%(currency)s' is no currency. Use three letters, as EUR.")
        raise CustomerError(sentence % {"currency": currency[:20]})
    return values


def _text(model: type[Model], name: str, value: str) -> str:
    tidy = printable(value)
    longest = getattr(model._meta.get_field(name), "max_length", None)
    if name != "currency" and longest is not None and len(tidy) > longest:
        sentence = _("The field '%(field)s' has %(count)d characters; %(most)d are kept. Shorten it.")
        raise CustomerError(sentence % {"field": name, "count": len(tidy), "most": longest})
    return tidy


def _put(
    model: type[Row], source: str, who: Who, values: dict[str, Any], agent: Agent | None, known: Known
) -> Put:
    external_id = values.pop("external_id")
    customer, is_new = customer_behind(who, source=source, known=known)
    row = known.row(model, source, external_id)
    if row is None:
        row = model(customer=customer, source=source, external_id=external_id, **values)
        row.save()
        known.learn_row(row)
        tell_of(row, agent, what="added")
        return Put(row, "new", is_new)
    changed = [name for name, value in values.items() if not _alike(getattr(row, name), value)]
    if row.customer_id != customer.pk:
        changed.append("customer")
        values["customer"] = customer
    if not changed:
        return Put(row, "same", is_new)
    for name in changed:
        setattr(row, name, values[name])
    row.save(update_fields=changed)
    tell_of(row, agent, what="changed")
    return Put(row, "changed", is_new)


def _alike(before: Any, value: Any) -> bool:
    """Whether it is the same as far as the table keeps it: amounts have two places, quantities three."""
    if isinstance(before, Decimal) and isinstance(value, Decimal):
        return abs(before - value) < Decimal("0.0005")
    return bool(before == value)


def tell_of(row: Purchase | Subscription, agent: Agent | None, *, what: str) -> None:
    """Write the event that it was 'added', 'changed' or 'removed'."""
    sort = "purchase" if isinstance(row, Purchase) else "subscription"
    facts: dict[str, Any] = {"number": row.pk, "name": str(row), "source": row.source}
    if isinstance(row, Purchase):
        facts |= {"order": row.order_number, "day": row.bought_at.date().isoformat()}
    else:
        facts |= {"state": row.state}
    tell(f"customer.{sort}_{what}", row.customer, agent, **facts)
