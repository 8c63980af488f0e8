"""What a customer's record shows beside name and addresses."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from ..models import Consent, Customer, CustomField, CustomValue, Organisation, Purchase, Subscription
from ..own_fields import shown
from ..purposes import Purpose, purposes

PURCHASES = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """What a customer says to a purpose: `given` is None while they said nothing."""

    purpose: Purpose
    given: bool | None
    newest: Consent | None
    earlier: tuple[Consent, ...]

    @property
    def allowed(self) -> bool:
        """Whether they may be contacted for it."""
        return self.purpose.without if self.given is None else self.given


@dataclass(frozen=True, slots=True)
class OwnValue:
    """A field of the company's own, with its value in plain form and as people read it."""

    field: CustomField
    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class WarrantyState:
    """How a warranty stands: the days that are left, below zero once it has run out."""

    until: date
    days_left: int

    @property
    def runs(self) -> bool:
        """Whether it still covers today."""
        return self.days_left >= 0


def consents(customer: Customer) -> list[Standing]:
    """How the customer stands to each purpose, in one query."""
    rows: dict[str, list[Consent]] = {}
    said = Consent.objects.filter(customer=customer).select_related("by").order_by("-at", "-id")
    for row in said:
        rows.setdefault(row.purpose, []).append(row)
    return [_standing(one, rows.get(one.key, [])) for one in purposes()]


def _standing(purpose: Purpose, rows: list[Consent]) -> Standing:
    if purpose.always:
        return Standing(purpose, True, None, ())
    return Standing(purpose, rows[0].given if rows else None, rows[0] if rows else None, tuple(rows[1:]))


def own_values(of: Customer | Organisation, *, empty: bool = False) -> list[OwnValue]:
    """The values of the company's own fields in their order; with `empty` also the fields without one."""
    is_customer = isinstance(of, Customer)
    subject = CustomField.Subject.CUSTOMER if is_customer else CustomField.Subject.ORGANISATION
    fields = CustomField.objects.filter(subject=subject, retired_at=None)
    whose = {"customer_id": of.pk} if is_customer else {"organisation_id": of.pk}
    values = dict(CustomValue.objects.filter(**whose).values_list("field_id", "value"))
    return [
        OwnValue(
            field, values.get(field.pk, ""), shown(field, values[field.pk]) if field.pk in values else ""
        )
        for field in fields
        if empty or field.pk in values
    ]


def purchases(customer: Customer, *, limit: int = PURCHASES) -> QuerySet[Purchase]:
    """The newest purchases."""
    return Purchase.objects.filter(customer=customer).order_by("-bought_at", "-id")[:limit]


def subscriptions(customer: Customer) -> QuerySet[Subscription]:
    """The subscriptions, those that run before those that ended."""
    return Subscription.objects.filter(customer=customer).order_by("ended_on", "-id")[:PURCHASES]


def warranty(purchase: Purchase, *, today: date | None = None) -> WarrantyState | None:
    """How the warranty of a purchase stands today; None when nothing is known of one."""
    if purchase.warranty_until is None:
        return None
    today = today or timezone.localdate(timezone=timezone.get_default_timezone())
    return WarrantyState(purchase.warranty_until, (purchase.warranty_until - today).days)
