"""What agents type about customers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import actions


class NameForm(forms.Form):
    """The customer's name and organisation; both may be empty."""

    name = forms.CharField(label=_("Name"), max_length=actions.NAME_LENGTH, required=False)
    organisation = forms.CharField(label=_("Organisation"), max_length=actions.NAME_LENGTH, required=False)


class AddressForm(forms.Form):
    """A further address of the customer."""

    address = forms.CharField(label=_("Mail address"), max_length=actions.ADDRESS_LENGTH)

    def clean_address(self) -> str:
        """In lower case, or the sentence that says what is wrong with it."""
        try:
            return actions.tidy_address(self.cleaned_data["address"])
        except actions.CustomerError as error:
            raise ValidationError(str(error)) from error


class NoteForm(forms.Form):
    """A note about the customer."""

    body = forms.CharField(
        label=_("Note"), max_length=actions.NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
