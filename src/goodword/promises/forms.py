"""What agents type about promises."""

from datetime import date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from goodword.staff.models import Agent

from . import actions, moments
from .models import Promise


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
    """A promise written down by hand, such as one made on the telephone."""

    what = forms.CharField(label=_("What was promised"), max_length=actions.WHAT_LENGTH)
    quote = forms.CharField(required=False, max_length=actions.QUOTE_LENGTH, widget=forms.HiddenInput)
    condition = forms.CharField(label=_("Only if"), required=False, max_length=actions.CONDITION_LENGTH)
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"),
        required=False,
        queryset=at_work(),
    )

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


class RenegotiateForm(DueForm, OutcomeForm):
    """The new time that was agreed with the customer."""


class OwnerForm(forms.Form):
    """Who answers for a promise; nobody when left empty."""

    owner = forms.ModelChoiceField(
        label=_("Who sees to it"),
        required=False,
        queryset=at_work(),
    )
