"""What agents type about purchases and subscriptions."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .facts import PurchaseFacts, SubscriptionFacts
from .models import Purchase, Subscription

# A day stands as its noon, so that it is the same day wherever it is read.
NOON = time(12)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        **{"required": False, **more},
    )


class PaidForm(forms.Form):
    """What was paid."""

    amount = forms.DecimalField(
        label=_("Paid"), required=False, min_value=0, max_digits=11, decimal_places=2, localize=True
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"currency": settings.CONFIG.currency, **(initial or {})})

    def paid(self) -> dict[str, Any]:
        """Amount and currency; without an amount neither."""
        amount = self.cleaned_data["amount"]
        return {"amount": amount, "currency": self.cleaned_data["currency"] if amount is not None else ""}


class PurchaseForm(PaidForm):
    """Something a customer bought."""

    product = forms.CharField(label=_("Product"), max_length=300)
    order_number = forms.CharField(label=_("Order number"), max_length=100, required=False)
    sku = forms.CharField(label=_("Article number"), max_length=100, required=False)
    quantity = forms.DecimalField(
        label=_("How many"), max_digits=11, decimal_places=3, initial=1, localize=True
    )
    bought_on = _day(_("Bought on"), required=True)
    delivered_on = _day(_("Delivered on"))
    warranty_until = _day(_("Warranty until"), help_text=_("The last day of it."))
    field_order = (
        "product",
        "order_number",
        "sku",
        "quantity",
        "bought_on",
        "delivered_on",
        "warranty_until",
    )

    def clean_bought_on(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["bought_on"]
        if day > timezone.localdate(timezone=timezone.get_default_timezone()):
            raise ValidationError(_("That day is still to come. Say when it was bought."))
        return day

    def facts(self) -> PurchaseFacts:
        """The purchase of a valid form."""
        given = self.cleaned_data
        delivered = given["delivered_on"]
        return PurchaseFacts(
            external_id="",
            product=given["product"],
            bought_at=_noon(given["bought_on"]),
            order_number=given["order_number"],
            sku=given["sku"],
            quantity=given["quantity"],
            delivered_at=_noon(delivered) if delivered else None,
            warranty_until=given["warranty_until"],
            **self.paid(),
        )


class SubscriptionForm(PaidForm):
    """Something a customer has for as long as it runs."""

    plan = forms.CharField(label=_("What"), max_length=200)
    state = forms.ChoiceField(
        label=_("State"), choices=Subscription.State.choices, initial=Subscription.State.ACTIVE
    )
    started_on = _day(_("Since"))
    renews_on = _day(_("Renews on"))
    ended_on = _day(_("Ended on"))
    field_order = ("plan", "state", "started_on", "renews_on", "ended_on")

    def facts(self) -> SubscriptionFacts:
        """The subscription of a valid form."""
        names = ("plan", "state", "started_on", "renews_on", "ended_on")
        given = {name: self.cleaned_data[name] for name in names}
        return SubscriptionFacts(external_id="", **given, **self.paid())


def purchase_initial(row: Purchase) -> dict[str, Any]:
    """What the form of a kept purchase begins with."""
    names = ("product", "order_number", "sku", "quantity", "amount", "warranty_until")
    return {name: getattr(row, name) for name in names} | {
        "currency": row.currency or settings.CONFIG.currency,
        "bought_on": _local_day(row.bought_at),
        "delivered_on": _local_day(row.delivered_at) if row.delivered_at else None,
    }


def subscription_initial(row: Subscription) -> dict[str, Any]:
    """What the form of a kept subscription begins with."""
    names = ("plan", "state", "amount", "started_on", "renews_on", "ended_on")
    currency = row.currency or settings.CONFIG.currency
    return {name: getattr(row, name) for name in names} | {"currency": currency}


def _noon(day: date) -> datetime:
    return datetime.combine(day, NOON, tzinfo=timezone.get_default_timezone())


def _local_day(moment: datetime) -> date:
    return timezone.localdate(moment, timezone=timezone.get_default_timezone())
