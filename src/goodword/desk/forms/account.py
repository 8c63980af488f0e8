"""The first steps of an empty desk."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class MailAddressField(forms.CharField):
    """One mail address in lower case, answered in a sentence when it is none."""

    widget = forms.EmailInput

    def clean(self, value: str | None) -> str:
        given: str = super().clean(value)
        try:
            forms.EmailField().clean(given)
        except ValidationError as error:
            raise ValidationError(
                _("'%(value)s' is not a whole address; write it like help@example.com."),
                params={"value": given},
            ) from error
        return given.strip().lower()


class CompanyForm(forms.Form):
    """The company and its first mailbox."""

    company = forms.CharField(
        label=_("Name of the company"),
        max_length=200,
        help_text=_("It names your mailbox."),
    )
    mailbox = MailAddressField(
        label=_("Address customers write to"),
        max_length=254,
        help_text=_("Have its mail delivered or forwarded to this server; you can add more later."),
    )
