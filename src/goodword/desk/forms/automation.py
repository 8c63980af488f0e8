"""Forms about rules, check-ins and when customers may be contacted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodword.inbox.checking_in.keeping import NewCheckInRule
from goodword.inbox.models import CheckInRule, SavedReply
from goodword.staff.models import Agent, Team
from goodword.workflows.actions import NewRule
from goodword.workflows.doing import ACTIONS
from goodword.workflows.errors import RuleError
from goodword.workflows.kinds import EVENTS
from goodword.workflows.models import Rule

from . import conditions

EMPTY_ROWS = 2
WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
NAMED = {"agent": Agent, "team": Team, "saved_reply": SavedReply}


def _when() -> list[tuple[str, Any]]:
    states = [(f"state:{key}", label) for key, label in Rule.State.choices]
    return [
        (str(_("Something happens")), [(f"event:{key}", label) for key, label in EVENTS.items()]),
        (str(_("It has been so for some hours")), states),
    ]


class RuleForm(forms.Form):
    """When a rule fires; conditions and actions are rows beside it."""

    name = forms.CharField(label=_("Name"), max_length=200)
    when = forms.ChoiceField(label=_("When"), choices=_when)
    hours = forms.IntegerField(
        label=_("After how many hours"),
        required=False,
        min_value=1,
        max_value=24 * 366,
        help_text=_("Only where it has been so for some hours."),
    )

    def given(self) -> NewRule:
        """The rule as it was written; raises RuleError or NotPossible."""
        sort, _colon, key = self.cleaned_data["when"].partition(":")
        return NewRule(
            name=self.cleaned_data["name"],
            event=key if sort == "event" else "",
            state=key if sort == "state" else "",
            hours=self.cleaned_data["hours"] if sort == "state" else None,
            conditions=conditions.read(_sent(self)),
            actions=read_actions(_sent(self)),
        )


def _sent(form: forms.Form) -> QueryDict:
    """What a form was sent with; a browser may send a name several times."""
    assert isinstance(form.data, QueryDict)
    return form.data


def rule_initial(rule: Rule) -> dict[str, Any]:
    """What the form of a kept rule begins with."""
    when = f"event:{rule.event}" if rule.event else f"state:{rule.state}"
    return {"name": rule.name, "when": when, "hours": rule.hours}


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action as the form shows it: which, with what words or whose name, and how many hours or levels."""

    do: str = ""
    words: str = ""
    number: str = ""


def action_rows(rows: Sequence[ActionRow]) -> dict[str, Any]:
    """What `desk/action_rows.html` shows."""
    return {
        "rows": [*rows, *[ActionRow()] * EMPTY_ROWS],
        "choices": [("", "–"), *((one.name, one.label) for one in ACTIONS.values())],
        "names": [
            *Team.objects.order_by("name").values_list("name", flat=True),
            *Agent.objects.filter(is_active=True).order_by("name").values_list("name", flat=True),
            *SavedReply.objects.order_by("name").values_list("name", flat=True),
        ],
    }


def sent_actions(data: QueryDict) -> list[ActionRow]:
    """The rows as they were sent."""
    parts = (data.getlist(f"action_{name}") for name in ("do", "words", "number"))
    return [ActionRow(*each) for each in zip(*parts, strict=False) if each[0]]


def kept_actions(actions: Sequence[dict[str, Any]]) -> list[ActionRow]:
    """The rows of a kept rule."""
    rows = []
    for one in actions:
        needs = ACTIONS[one["do"]].needs if one["do"] in ACTIONS else {}
        words = next((_shown(kind, one.get(key)) for key, kind in needs.items() if kind in _WORDY), "")
        number = next((str(one.get(key)) for key, kind in needs.items() if kind not in _WORDY), "")
        rows.append(ActionRow(one["do"], words, number))
    return rows


_WORDY = {"text", "priority", *NAMED}


def read_actions(data: QueryDict) -> list[dict[str, Any]]:
    """The actions of a sent form, names turned into what they name; raises RuleError."""
    read = []
    for row in sent_actions(data):
        needs = ACTIONS[row.do].needs if row.do in ACTIONS else {}
        told = {key: _told(kind, row) for key, kind in needs.items()}
        read.append({"do": row.do} | told)
    return read


def _told(kind: str, row: ActionRow) -> object:
    if kind not in _WORDY:
        return row.number.strip()
    words = row.words.strip()
    if kind not in NAMED:
        return words
    named = NAMED[kind]._default_manager.filter(name__iexact=words.removeprefix("@"))
    if kind == "agent" and not named.exists():
        named = Agent.objects.filter(handle__iexact=words.removeprefix("@"))
    found = named.values_list("pk", flat=True).first()
    if found is None:
        raise RuleError(
            gettext("'%(label)s' needs a name of this house, and '%(name)s' is none.")
            % {"label": ACTIONS[row.do].label, "name": words[:60]}
        )
    return found


def _shown(kind: str, value: object) -> str:
    if kind not in NAMED:
        return str(value or "")
    found = NAMED[kind]._default_manager.filter(pk=value).values_list("name", flat=True).first()
    return str(found or "")


class CheckInRuleForm(forms.Form):
    """Whom we ask how it went, after how long, and in which words."""

    name = forms.CharField(label=_("Name"), max_length=200)
    days = forms.IntegerField(label=_("Days after closing"), min_value=1, max_value=366, initial=3)
    way = forms.ChoiceField(label=_("How"), choices=CheckInRule.Way.choices)
    text = forms.CharField(
        label=_("Words"),
        max_length=5_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("The mail, with {{customer}} and {{agent}} for the names; or what to ask on the phone."),
    )
    is_on = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def given(self) -> NewCheckInRule:
        """The rule as it was written; raises NotPossible."""
        return NewCheckInRule(conditions=conditions.read(_sent(self)), **self.cleaned_data)


class ContactRuleForm(forms.Form):
    """When and how often customers may be contacted who did not ask."""

    most = forms.IntegerField(label=_("Contacts at most"), min_value=0, max_value=366)
    in_days = forms.IntegerField(label=_("In so many days"), min_value=1, max_value=366)
    quiet_from = forms.TimeField(
        label=_("Quiet from"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"), widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_weekdays = forms.TypedMultipleChoiceField(
        label=_("Quiet days"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
