"""What is typed about complaints."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from goodword.staff import working_time
from goodword.staff.calendars import calendar_of
from goodword.staff.models import Agent, Team
from goodword.staff.queries import at_work

from .furnishing import default_procedure
from .models import Cause, Checklist, Complaint, Prevention, StageKey
from .queries import Filters, branches

WORDS = 20_000
EVERY = ("", _("All"))


def area(rows: int) -> forms.Textarea:
    """A text field of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


def kinds() -> list[tuple[str, Any]]:
    """The kinds of complaints, to choose from."""
    default_procedure()
    return [("", _("Not sure yet")), *Checklist.objects.values_list("key", "name")]


def causes(agent: Agent) -> list[tuple[Any, str]]:
    """The causes in use, each with its way from the root, to choose from."""
    return [("", ""), *((line.cause.pk, line.path) for line in branches(agent, only_active=True))]


def _offer(field: forms.Field, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let a field offer what only the agent at hand may choose."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class ComplaintForm(forms.Form):
    """A complaint as it is opened, and its facts as they are changed."""

    what_happened = forms.CharField(label=_("What happened"), max_length=WORDS, widget=area(5))
    wanted = forms.CharField(
        label=_("What the customer wants"), max_length=WORDS, required=False, widget=area(2)
    )
    severity = forms.ChoiceField(label=_("How grave it is"), choices=Complaint.Severity.choices)
    kind = forms.ChoiceField(label=_("What it is about"), required=False, choices=kinds)
    product = forms.CharField(label=_("Product"), max_length=300, required=False)
    order_number = forms.CharField(label=_("Order number"), max_length=100, required=False)

    @classmethod
    def of(cls, complaint: Complaint) -> "ComplaintForm":
        """With what is known so far."""
        return cls(initial={name: getattr(complaint, name) for name in cls.base_fields}, auto_id="id_fact_%s")


class CostForm(forms.Form):
    """What the case cost beside its remedies."""

    cost = forms.DecimalField(label=_("Other costs"), min_value=0, max_digits=12, decimal_places=2)


class FaultForm(forms.Form):
    """Whose fault it was."""

    fault = forms.ChoiceField(
        label=_("Whose fault was it?"),
        choices=[("", _("Not found yet")), *Complaint.Fault.choices],
        required=False,
    )
    note = forms.CharField(label=_("Why you think so"), max_length=WORDS, required=False, widget=area(2))


class CauseForm(forms.Form):
    """Why it happened."""

    cause = forms.TypedChoiceField(label=_("Cause"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, agent: Agent, **given: Any) -> None:
        super().__init__(*args, **given)
        _offer(self.fields["cause"], causes(agent))

    def chosen(self) -> Cause | None:
        """The cause, or None for none."""
        return Cause.objects.filter(pk=self.cleaned_data["cause"]).first()


class QuestionForm(forms.Form):
    """A question to a colleague; due within working hours of the complaint's team."""

    colleague = forms.ModelChoiceField(
        label=_("Whom"),
        queryset=at_work(),
        required=False,
        empty_label=_("Somebody else, by address"),
    )
    address = forms.EmailField(label=_("Mail address"), required=False)
    text = forms.CharField(label=_("What do you want to know?"), max_length=WORDS, widget=area(3))
    hours = forms.TypedChoiceField(
        label=_("Answer within"),
        coerce=int,
        choices=[
            (4, _("4 working hours")),
            (8, _("1 working day")),
            (24, _("3 working days")),
            (40, _("5 working days")),
        ],
        initial=8,
    )

    def due_at(self, team: Team | None) -> datetime:
        """When the answer is due."""
        now, span = timezone.now(), timedelta(hours=self.cleaned_data["hours"])
        try:
            return working_time.add(calendar_of(team), now, span)
        except ValueError:
            return now + span


class EvidenceForm(forms.Form):
    """Words or a file that show what happened."""

    title = forms.CharField(label=_("What it shows"), max_length=300, required=False)
    text = forms.CharField(label=_("Words"), max_length=WORDS, required=False, widget=area(3))
    file = forms.FileField(label=_("File"), required=False)


class OrderForm(forms.Form):
    """What the shop knows of an order: lines 'name: value'."""

    order_number = forms.CharField(label=_("Order number"), max_length=100)
    lines = forms.CharField(
        label=_("What the shop says"),
        max_length=WORDS,
        widget=area(4),
        help_text=_("One line each, as 'Shipped: 2 May'."),
    )

    def facts(self) -> dict[str, str]:
        """The lines, name to value; a line without a colon is a name alone."""
        pairs = (line.partition(":") for line in self.cleaned_data["lines"].splitlines() if line.strip())
        return {name.strip(): value.strip() for name, _colon, value in pairs}


class PreventionForm(forms.Form):
    """A change so that it does not happen again."""

    action = forms.CharField(label=_("What is to be changed"), max_length=5_000, widget=area(2))
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"), queryset=at_work(), required=False, empty_label=_("Nobody yet")
    )
    due_on = forms.DateField(
        label=_("By"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @classmethod
    def of(cls, plan: Prevention) -> "PreventionForm":
        """With what was planned."""
        return cls(initial={"action": plan.action, "owner": plan.owner_id, "due_on": plan.due_on})


class CauseEditForm(forms.Form):
    """A cause in the tree."""

    name = forms.CharField(label=_("Name"), max_length=200)
    parent = forms.TypedChoiceField(label=_("Hangs on"), required=False, coerce=int, empty_value=None)
    is_active = forms.BooleanField(label=_("Offered when a cause is chosen"), required=False, initial=True)

    def __init__(self, *args: Any, agent: Agent, **given: Any) -> None:
        super().__init__(*args, **given)
        _offer(self.fields["parent"], [("", _("Nothing: it is a branch")), *causes(agent)[1:]])


class ChecklistForm(forms.Form):
    """A kind of complaint and what is looked at for it."""

    name = forms.CharField(label=_("Kind of complaint"), max_length=200)
    items = forms.CharField(
        label=_("What is looked at"), max_length=WORDS, widget=area(8), help_text=_("One line each.")
    )


class FilterForm(forms.Form):
    """What the register shows; what makes no sense is left out."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("open", _("Open")), ("late", _("Late")), ("closed", _("Closed"))],
    )
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[EVERY, *Complaint.Severity.choices]
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[EVERY, *StageKey.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=lambda: [EVERY, *kinds()[1:]])
    fault = forms.ChoiceField(label=_("Fault"), required=False, choices=[EVERY, *Complaint.Fault.choices])
    cause = forms.TypedChoiceField(label=_("Cause"), required=False, coerce=int, empty_value=None)
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.order_by("name"), required=False, empty_label=_("All")
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    words = forms.CharField(label=_("Words"), required=False, max_length=200)

    def __init__(self, *args: Any, agent: Agent, **given: Any) -> None:
        super().__init__(*args, **given)
        _offer(self.fields["cause"], [EVERY, *causes(agent)[1:]])

    def filters(self) -> Filters:
        """What was asked for, as far as it is sound."""
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data if self.is_bound else {}
        team = given.get("team")
        return Filters(
            state=given.get("state") or "",
            severity=given.get("severity") or "",
            stage=given.get("stage") or "",
            kind=given.get("kind") or "",
            fault=given.get("fault") or "",
            words=given.get("words") or "",
            cause=given.get("cause"),
            team=team.pk if team else None,
            since=given.get("since"),
            until=given.get("until"),
        )
