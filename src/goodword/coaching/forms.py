"""What agents say of a finding."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import actions


class DisputeForm(forms.Form):
    """The finding and, if they like, why it is wrong."""

    rule = forms.CharField(max_length=120)
    quote = forms.CharField(max_length=actions.QUOTE_LENGTH, required=False, strip=False)
    reason = forms.CharField(label=_("Why"), max_length=actions.REASON_LENGTH, required=False)
