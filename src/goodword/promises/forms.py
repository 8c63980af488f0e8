"""What agents type about promises."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent

from . import actions, moments
from .models import Outcome, Promise
from .spans import span_in


def at_work() -> QuerySet[Agent]:
    """The agents who can be asked to see to something."""
    return Agent.objects.filter(is_active=True).order_by("name")


class DueForm(forms.Form):
    """A day, and a clock time when one was named; both in the company's time zone."""

    due_day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    due_time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean_due_day(self) -> date | None:
        """A day in a year that makes sense."""
        day: date | None = self.cleaned_data["due_day"]
        if day is None:
            return None
        try:
            moments.checked(datetime.combine(day, time()))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return day

    def clean(self) -> None:
        """A clock time needs a day."""
        if self.cleaned_data.get("due_time") and not self.cleaned_data.get("due_day"):
            self.add_error("due_day", _("Which day is that time on? Choose one."))

    def due(self) -> tuple[datetime | None, bool]:
        """(due_at, whole_day) of what was typed."""
        day, clock = self.cleaned_data["due_day"], self.cleaned_data["due_time"]
        if day is None:
            return None, False
        if clock is None:
            return moments.end_of_day(day), True
        return datetime.combine(day, clock, tzinfo=moments.company_zone()), False


def due_initial(promise: Promise) -> dict[str, date | time | None]:
    """What a DueForm shows for a promise before anything is typed."""
    if promise.due_at is None or promise.whole_day:
        return {"due_day": promise.due_day, "due_time": None}
    return {"due_day": promise.due_day, "due_time": promise.due_at.astimezone(moments.company_zone()).time()}


class PromiseForm(DueForm):
    """A promise written down by hand, such as one made on the telephone.

    `after` is the newest one of the conversation as the form was made, so that sending it twice makes one.
    """

    what = forms.CharField(label=_("What was promised"), max_length=actions.WHAT_LENGTH)
    quote = forms.CharField(required=False, max_length=actions.QUOTE_LENGTH, widget=forms.HiddenInput)
    condition = forms.CharField(
        label=_("Only if"),
        required=False,
        max_length=actions.CONDITION_LENGTH,
        help_text=_("Such as '3 days once the parcel is back': due then, as soon as you tick it off."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=Promise.Kind.choices, initial=Promise.Kind.DO
    )
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"),
        required=False,
        queryset=at_work(),
    )
    after = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def new_promise(self) -> actions.NewPromise:
        """The promise of a valid form."""
        due_at, whole_day = self.due()
        owner: Agent | None = self.cleaned_data["owner"]
        return actions.NewPromise(
            what=self.cleaned_data["what"],
            quote=self.cleaned_data["quote"],
            due_at=due_at,
            whole_day=whole_day,
            due_text="",
            condition=self.cleaned_data["condition"],
            kind=self.cleaned_data["kind"] or Promise.Kind.DO,
            after=span_in(self.cleaned_data["condition"]) if due_at is None else None,
            owner_id=owner.pk if owner else None,
        )


class OutcomeForm(forms.Form):
    """What became of a promise, with a note for the team."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=actions.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class KeptForm(OutcomeForm):
    """What became of a promise, and what shows that it was kept."""

    evidence = forms.CharField(
        label=_("What shows it"),
        required=False,
        max_length=actions.EVIDENCE_LENGTH,
        help_text=_("A link, a reference or a few words; for a promise that was kept."),
    )
    message = forms.TypedChoiceField(
        label=_("Or the message that kept it"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, replies: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not replies:
            del self.fields["message"]
            return
        message = self.fields["message"]
        assert isinstance(message, forms.TypedChoiceField)
        message.choices = [("", _("none")), *replies]

    def shown_by(self) -> actions.Evidence | None:
        """What was given to show it; a message goes before words."""
        message: int | None = self.cleaned_data.get("message")
        if message is not None:
            return actions.Evidence(Outcome.Evidence.MESSAGE, message, self.cleaned_data["evidence"])
        return actions.Evidence.of_text(self.cleaned_data["evidence"])


class RenegotiateForm(DueForm, OutcomeForm):
    """The new time that was agreed with the customer, and whether they know of it."""

    told = forms.BooleanField(label=_("The customer knows of the new time"), required=False)


class OwnerForm(forms.Form):
    """Who answers for a promise; nobody when left empty."""

    owner = forms.ModelChoiceField(
        label=_("Who sees to it"),
        required=False,
        queryset=at_work(),
    )
