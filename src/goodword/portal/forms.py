"""What customers type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from goodword.complaints.actions import Told


class ComplaintForm(forms.Form):
    """The public form. Only what is needed to see to it is asked, and two fields of it are required."""

    what_happened = forms.CharField(
        label=_("What happened?"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Please say what happened, in your own words.")},
    )
    wanted = forms.CharField(
        label=_("What would put it right for you?"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    order_number = forms.CharField(label=_("Order number, if you have one"), required=False, max_length=100)
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    address = forms.EmailField(
        label=_("Your mail address"),
        help_text=_("We answer there."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={
            "required": _("Please give a mail address, so that we can answer you."),
            "invalid": _("This is no mail address. It should look like ada@example.org."),
        },
    )
    # Programs fill in every field; people do not see this one.
    leave_empty = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def is_filled_by_a_program(self) -> bool:
        """The field that people do not see was filled in."""
        return bool(self.data.get("leave_empty", ""))

    def told(self) -> Told:
        """What a valid form says."""
        given = self.cleaned_data
        return Told(
            address=given["address"],
            what_happened=given["what_happened"],
            name=given["name"],
            wanted=given["wanted"],
            order_number=given["order_number"],
        )
