"""What agents type about customers."""

from collections.abc import Sequence
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from . import actions, queries
from .importing import KINDS
from .models import Customer, CustomField, Import, Organisation
from .purposes import purposes
from .queries import OwnValue

OWN = "own-"


class NameForm(forms.Form):
    """The customer's name and organisation; both may be empty."""

    name = forms.CharField(label=_("Name"), max_length=actions.NAME_LENGTH, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=actions.NAME_LENGTH, required=False)


class RecordForm(NameForm):
    """Who a customer is and how to treat them, with the company's own fields."""

    greeting_name = forms.CharField(
        label=_("How to be addressed"),
        max_length=200,
        required=False,
        help_text=_("As 'Dr Weber' or 'Ana'. Empty: by the name."),
    )
    tier = forms.CharField(label=_("Tier"), max_length=40, required=False, help_text=_("As gold."))
    preferred_channel = forms.ChoiceField(
        label=_("Prefers"), choices=Customer.Channel.choices, required=False
    )
    language = forms.CharField(
        label=_("Language"), max_length=10, required=False, help_text=_("As en or de.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, data: QueryDict | None = None, *, customer: Customer) -> None:
        details = ("name", "greeting_name", "tier", "preferred_channel", "language", "time_zone")
        initial = {name: getattr(customer, name) for name in details}
        super().__init__(data, initial=initial | {"organisation": customer.organisation or ""})
        self.own = queries.own_values(customer, empty=True)
        zones = [("", _("Not known")), *((zone, zone) for zone in sorted(available_timezones()))]
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]
        self.fields |= own_fields_of(self.own)

    def own_values(self) -> dict[str, str]:
        """The values of the company's own fields by key."""
        return own_values_of(self.own, self.cleaned_data)


class OrganisationForm(forms.Form):
    """The company's own fields about an organisation."""

    def __init__(self, data: QueryDict | None = None, *, organisation: Organisation) -> None:
        super().__init__(data)
        self.own = queries.own_values(organisation, empty=True)
        self.fields |= own_fields_of(self.own)

    def own_values(self) -> dict[str, str]:
        """The values by key."""
        return own_values_of(self.own, self.cleaned_data)


def own_fields_of(own: Sequence[OwnValue]) -> dict[str, forms.Field]:
    """A field of a form for each of the company's own."""
    return {OWN + one.field.key: _own_field(one) for one in own}


def own_values_of(own: Sequence[OwnValue], cleaned: dict[str, str]) -> dict[str, str]:
    """What was typed into them, by key."""
    return {one.field.key: cleaned.get(OWN + one.field.key) or "" for one in own}


def _own_field(one: OwnValue) -> forms.Field:
    kind, label = one.field.kind, one.field.label
    if kind in {CustomField.Kind.CHOICE, CustomField.Kind.YES_NO}:
        words: list[tuple[str, str | Lazy]] = [("yes", _("Yes")), ("no", _("No"))]
        own: list[tuple[str, str | Lazy]] = [(choice, choice) for choice in one.field.choices]
        choices = words if kind == CustomField.Kind.YES_NO else own
        if one.value and one.value not in dict(choices):
            choices.append((one.value, one.value))
        return forms.ChoiceField(
            label=label, choices=[("", "—"), *choices], required=False, initial=one.value
        )
    types = {CustomField.Kind.DATE.value: "date", CustomField.Kind.NUMBER.value: "text"}
    widget = forms.TextInput({"type": types.get(kind, "text")})
    return forms.CharField(label=label, max_length=2000, required=False, initial=one.value, widget=widget)


class AddressForm(forms.Form):
    """A further address of the customer."""

    address = forms.CharField(label=_("Mail address"), max_length=actions.ADDRESS_LENGTH)

    def clean_address(self) -> str:
        """In lower case, or the sentence that says what is wrong with it."""
        try:
            return actions.tidy_address(self.cleaned_data["address"])
        except actions.CustomerError as error:
            raise ValidationError(str(error)) from error


class PhoneForm(forms.Form):
    """A phone number of the customer."""

    number = forms.CharField(
        label=_("Phone number"), max_length=60, widget=forms.TextInput({"type": "tel", "autocomplete": "off"})
    )
    label = forms.CharField(label=_("What for"), max_length=60, required=False, help_text=_("As mobile."))


class HandleForm(forms.Form):
    """The customer's name in a network."""

    network = forms.CharField(label=_("Network"), max_length=40)
    handle = forms.CharField(label=_("Name there"), max_length=200)


class NoteForm(forms.Form):
    """A note about the customer."""

    body = forms.CharField(
        label=_("Note"), max_length=actions.NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConsentForm(forms.Form):
    """What the customer said to a purpose, and what proves it."""

    purpose = forms.ChoiceField(label=_("Purpose"))
    given = forms.ChoiceField(label=_("They said"), choices=[("yes", _("Yes")), ("no", _("No"))])
    how = forms.CharField(label=_("Where"), max_length=200, help_text=_("As 'by phone' or 'check-out form'."))
    proof = forms.CharField(
        label=_("In which words"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("What they read and ticked, or what they wrote."),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        choices = [(one.key, one.label) for one in purposes() if not one.always]
        self.fields["purpose"].choices = choices  # type: ignore[attr-defined]


class FieldForm(forms.Form):
    """A field of the company's own; its kind is fixed once it is there."""

    label = forms.CharField(label=_("Name"), max_length=100)
    subject = forms.ChoiceField(label=_("Of"), choices=CustomField.Subject.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomField.Kind.choices)
    choices = forms.CharField(
        label=_("List"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One on each line; only for a field that is one of a list."),
    )
    order = forms.IntegerField(label=_("Place"), min_value=0, max_value=1000, required=False)

    def __init__(self, data: QueryDict | None = None, *, field: CustomField | None = None) -> None:
        initial: dict[str, object] = {}
        if field is not None:
            initial = {"label": field.label, "choices": "\n".join(field.choices), "order": field.order}
        super().__init__(data, initial=initial)
        if field is not None:
            del self.fields["subject"], self.fields["kind"]
            if field.kind != CustomField.Kind.CHOICE:
                del self.fields["choices"]
        else:
            del self.fields["order"]

    def lines(self) -> list[str]:
        """The entries of the list."""
        return str(self.cleaned_data.get("choices") or "").splitlines()


class ImportForm(forms.Form):
    """A file to be taken in."""

    kind = forms.ChoiceField(
        label=_("What is in it"), choices=[one for one in Import.Kind.choices if one[0] in KINDS]
    )
    source = forms.CharField(
        label=_("Where it comes from"),
        max_length=60,
        help_text=_("The same word each time, as 'shop': then a row that comes twice is known again."),
    )
    file = forms.FileField(label=_("CSV file"), widget=forms.FileInput({"accept": ".csv,.tsv,.txt,text/csv"}))


class ShopForm(forms.Form):
    """A system that brings its own news."""

    name = forms.SlugField(
        label=_("Its name"), max_length=60, help_text=_("As shop; it stands in the address.")
    )
