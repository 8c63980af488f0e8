"""What agents type about goodwill."""

import re
import secrets
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Team

from .actions.giving import LONGEST_VALID, REASON_LENGTH, VALID_DAYS
from .models.kinds import GestureKind

_AMOUNT = re.compile(r"[0-9]{1,10}([.,][0-9]{1,2})?")


class AmountField(forms.CharField):
    """An amount of money with a point or a comma before the cents."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": 13} | kwargs))

    def clean(self, value: Any) -> Any:
        """The amount; None for an empty field that may be empty."""
        typed = str(super().clean(value)).replace(" ", "")
        if not typed:
            return None
        if not _AMOUNT.fullmatch(typed):
            raise ValidationError(
                _("'%(typed)s' is no amount. Write one such as 12.50."), params={"typed": typed}
            )
        return Decimal(typed.replace(",", "."))


def plain(amount: Decimal | None) -> str:
    """An amount as such a field shows it."""
    return "" if amount is None else f"{amount:.2f}"


class GestureForm(forms.Form):
    """What is given to a customer and why. `key` makes the same form sent twice give once."""

    kind = forms.ChoiceField(label=_("What"), choices=GestureKind.choices)
    amount = AmountField(label=_("Worth"))
    percent = forms.IntegerField(
        label=_("Percent"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("Takes this share off a bill, up to the amount. Empty: takes the amount off."),
    )
    valid_days = forms.IntegerField(
        label=_("Good for days"), required=False, min_value=1, max_value=LONGEST_VALID, initial=VALID_DAYS
    )
    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
    into_reply = forms.BooleanField(label=_("Put the code into my reply"), required=False, initial=True)
    key = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": f"form {secrets.token_urlsafe(16)}"} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean_amount(self) -> Decimal:
        """More than nothing."""
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("A gesture of nothing is none. Write an amount."))
        return amount

    def clean(self) -> None:
        """A share and a time are of vouchers only."""
        if self.cleaned_data.get("kind") != GestureKind.VOUCHER:
            self.cleaned_data["percent"] = self.cleaned_data["valid_days"] = None


class ReasonForm(forms.Form):
    """Why a gesture is taken back."""

    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )


class RedeemForm(forms.Form):
    """What a voucher is used for, by hand."""

    reference = forms.CharField(
        label=_("Used for"), max_length=200, help_text=_("Such as the number of the order.")
    )


class BudgetForm(forms.Form):
    """What a team, or the house, may give in a month."""

    team = forms.ModelChoiceField(
        label=_("Team"),
        required=False,
        queryset=Team.objects.order_by("name"),
        empty_label=_("The whole house"),
    )
    month = forms.DateField(
        label=_("From the month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    amount = AmountField(
        label=_("In a month"), required=False, help_text=_("Empty: no budget; only limits hold.")
    )

    def clean_month(self) -> date:
        """A month in a year that makes sense."""
        month: date = self.cleaned_data["month"]
        if not 2000 <= month.year <= 2199:
            raise ValidationError(_("%(year)d is too far away."), params={"year": month.year})
        return month
