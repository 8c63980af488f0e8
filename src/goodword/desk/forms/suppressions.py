"""The form about who gets no more mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from goodword.mail.actions import suppress
from goodword.mail.models import Suppression
from goodword.staff.models import Agent

from .account import MailAddressField


class SuppressionForm(forms.Form):
    """An address, and why."""

    address = MailAddressField(label=_("Mail address"), max_length=320)
    detail = forms.CharField(
        label=_("Why"),
        max_length=500,
        required=False,
        help_text=_("For your team, such as 'asked for it on the phone'."),
    )

    def save(self, *, by: Agent) -> Suppression:
        """The entry; one that was there already stays as it is."""
        return suppress(
            address=self.cleaned_data["address"],
            reason=Suppression.Reason.AGENT,
            detail=self.cleaned_data["detail"],
            agent_id=by.pk,
        )
