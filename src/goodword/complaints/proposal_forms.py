"""What agents type about proposals and remedies."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goodword.goodwill.actions.giving import REASON_LENGTH

from .actions import NewOption
from .actions.proposing import MOST_OPTIONS, OPTION_LENGTH, TEXT_LENGTH
from .models import Proposal, ProposalOption

BLANK = 3
_AMOUNT = {"step": "0.01", "inputmode": "decimal", "placeholder": "0.00"}


def _money(label: Any) -> forms.DecimalField:
    """An amount of the company's money, which may be left out."""
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs=_AMOUNT),
    )


class OptionForm(forms.Form):
    """One option; a row without words is none."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ProposalOption.Kind.choices)
    text = forms.CharField(label=_("What the customer reads"), max_length=OPTION_LENGTH, required=False)
    cost = _money(_("Cost to us"))
    value = _money(_("Worth to them"))

    def option(self) -> NewOption:
        """The option of a valid row."""
        given = self.cleaned_data
        return NewOption(given["kind"], given["text"], given["cost"] or Decimal(), given["value"])


class ProposalForm(forms.Form):
    """The words above the options."""

    text = forms.CharField(
        label=_("Words to the customer"),
        help_text=_("They stand above the options in the mail. What you found, in two or three sentences."),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OptionRows:
    """The rows of a proposal: those it has, and some to fill in, as many as make sense."""

    def __init__(self, data: Any = None, proposal: Proposal | None = None) -> None:
        self.text = ProposalForm(data, initial={"text": proposal.text if proposal else ""}, auto_id="id_%s")
        known = list(proposal.options.all()) if proposal else []
        count = MOST_OPTIONS if data is not None else min(MOST_OPTIONS, max(BLANK, len(known) + 1))
        self.rows = [self._row(data, known, number) for number in range(count)]

    @staticmethod
    def _row(data: Any, known: Sequence[ProposalOption], number: int) -> OptionForm:
        kinds = ProposalOption.Kind.values
        initial: dict[str, Any] = {"kind": kinds[number % len(kinds)]}
        if number < len(known):
            one = known[number]
            initial = {"kind": one.kind, "text": one.text, "cost": one.cost, "value": one.value}
        return OptionForm(
            data, prefix=f"o{number}", initial=initial, empty_permitted=True, use_required_attribute=False
        )

    def forms(self) -> list[forms.Form]:
        """Every form, the words first."""
        return [self.text, *self.filled()]

    def filled(self) -> list[OptionForm]:
        """The rows that say something."""
        return [row for row in self.rows if row.data.get(row.add_prefix("text"), "").strip()]

    def options(self) -> list[NewOption]:
        """The options of valid rows."""
        return [row.option() for row in self.filled()]


class RemedyForm(forms.Form):
    """A remedy agreed outside a proposal."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ProposalOption.Kind.choices)
    what = forms.CharField(label=_("What the customer gets"), max_length=OPTION_LENGTH)
    cost = _money(_("Cost to us"))


class AskingForm(forms.Form):
    """Why somebody with more authority is asked for a remedy."""

    reason = forms.CharField(
        label=_("Why the customer should get this"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AskedRemedyForm(AskingForm, RemedyForm):
    """A remedy agreed outside a proposal that somebody with more authority is asked for."""
