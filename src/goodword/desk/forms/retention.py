"""Forms about what is kept, and about who looked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goodword.inbox.models import KeepingTimes, RetentionRule, Tag
from goodword.inbox.retention import NewRetentionRule
from goodword.inbox.retention.rules import LONGEST_DAYS, LONGEST_MONTHS
from goodword.mail.models import Mailbox
from goodword.staff.models import Agent, Look


class RetentionRuleForm(forms.Form):
    """What becomes of which old conversations."""

    name = forms.CharField(label=_("Name"), max_length=200)
    months = forms.IntegerField(
        label=_("Closed and quiet for so many months"), min_value=1, max_value=LONGEST_MONTHS
    )
    mailbox = forms.ModelChoiceField(
        label=_("In"),
        queryset=Mailbox.objects.order_by("address"),
        required=False,
        empty_label=_("all mailboxes"),
    )
    tag = forms.ModelChoiceField(
        label=_("Tagged"),
        queryset=Tag.objects.order_by("name"),
        required=False,
        empty_label=_("with or without a tag"),
        help_text=_("Such as spam, which may go sooner than the rest."),
    )
    does = forms.ChoiceField(
        label=_("What happens"),
        choices=[
            (
                RetentionRule.Does.ERASE,
                _("Erase the words: messages, notes, files and mails go; numbers, times and tags stay"),
            ),
            (RetentionRule.Does.DELETE, _("Delete for good: nothing stays, also no number in a report")),
        ],
        widget=forms.RadioSelect,
    )

    def given(self) -> NewRetentionRule:
        """The rule as it was written."""
        return NewRetentionRule(**self.cleaned_data)


def rule_initial(rule: RetentionRule | None) -> dict[str, Any]:
    """What the form begins with."""
    if rule is None:
        return {"months": 24, "does": RetentionRule.Does.ERASE}
    return {
        "name": rule.name,
        "months": rule.months,
        "mailbox": rule.mailbox_id,
        "tag": rule.tag_id,
        "does": rule.does,
    }


class KeepingTimesForm(forms.Form):
    """How long leftovers are kept."""

    recorded_days = forms.IntegerField(
        label=_("Mails that made no message, after days"),
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text=_("Copies of our own mails and the like. Empty: they are kept."),
    )
    aside_days = forms.IntegerField(
        label=_("Mails that were set aside, after days"),
        required=False,
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text=_("From the list of mails that need a person. Empty: they are kept."),
    )

    @classmethod
    def of(cls, times: KeepingTimes) -> "KeepingTimesForm":
        """With what holds now."""
        return cls(initial={"recorded_days": times.recorded_days, "aside_days": times.aside_days})


class LooksKeptForm(forms.Form):
    """How long it is kept who looked."""

    looks_months = forms.IntegerField(
        label=_("Keep this list for months"),
        required=False,
        min_value=1,
        max_value=LONGEST_MONTHS,
        help_text=_("Empty: for ever."),
    )


class HoldForm(forms.Form):
    """Why something must be kept."""

    reason = forms.CharField(
        label=_("Why it must be kept"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever wants to delete it reads this."),
    )


class LooksForm(forms.Form):
    """Which looks are shown."""

    agent = forms.ModelChoiceField(
        label=_("Who"), queryset=Agent.objects.order_by("name"), required=False, empty_label=_("anybody")
    )
    customer = forms.IntegerField(
        label=_("Customer's number"), required=False, min_value=1, max_value=2**63 - 1
    )
    conversation = forms.IntegerField(
        label=_("Conversation's number"), required=False, min_value=1, max_value=2**63 - 1
    )
    how = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", _("in any way")), *Look.How.choices]
    )
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
