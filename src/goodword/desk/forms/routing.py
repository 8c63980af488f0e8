"""Forms about routing: rules, levels, and what agents can and take."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goodword.inbox.models import Conversation, EscalationLevel, RoutingRule
from goodword.inbox.routing.rules import NAME_LENGTH, NewRule
from goodword.staff.models import Agent, Capacity, Skill, Team
from goodword.staff.queries import at_work
from goodword.staff.work import MOST

Channel = Conversation.Channel


class RuleForm(forms.Form):
    """What a rule does; its conditions stand beside it in rows of their own."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    team = forms.ModelChoiceField(
        label=_("Into the team"), required=False, queryset=Team.objects.none(), empty_label=_("As it is")
    )
    priority = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[("", _("As it is")), *Conversation.Priority.choices]
    )
    assigns = forms.BooleanField(
        label=_("Give it to somebody who has room, in turns"),
        required=False,
        initial=True,
        help_text=_("Off: it waits in the team until somebody takes it."),
    )
    skill = forms.ModelChoiceField(
        label=_("Who knows"), required=False, queryset=Skill.objects.none(), empty_label=_("Anything")
    )
    by_language = forms.BooleanField(label=_("Who answers in the customer's language"), required=False)
    agent = forms.ModelChoiceField(
        label=_("Always to"),
        required=False,
        queryset=Agent.objects.none(),
        empty_label=_("Whoever is next"),
        help_text=_("Empty: to whoever of the team waited longest."),
    )
    is_on = forms.BooleanField(label=_("In force"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {"team": Team.objects.order_by("name"), "skill": Skill.objects.order_by("name")}
        for name, queryset in (*chosen.items(), ("agent", at_work())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset

    @classmethod
    def of(cls, rule: RoutingRule) -> "RuleForm":
        """The form as it shows a rule."""
        return cls(initial={name: getattr(rule, name) for name in cls.base_fields})

    def new_rule(self, conditions: dict[str, Any]) -> NewRule:
        """The rule of a valid form."""
        return NewRule(conditions=conditions, **self.cleaned_data)


class EscalationLevelForm(forms.Form):
    """Whom a level asks."""

    rank = forms.IntegerField(
        label=_("Level"), min_value=1, max_value=9, help_text=_("1 is the first above the agent.")
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    team = forms.ModelChoiceField(
        label=_("Everybody of the team"),
        required=False,
        queryset=Team.objects.order_by("name"),
        empty_label=_("No team"),
    )
    agents = forms.ModelMultipleChoiceField(
        label=_("And these"), required=False, queryset=at_work(), widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def of(cls, level: EscalationLevel) -> "EscalationLevelForm":
        """The form as it shows a level."""
        return cls(
            initial={
                "rank": level.rank,
                "name": level.name,
                "team": level.team,
                "agents": level.agents.all(),
            }
        )


class LimitsForm(forms.Form):
    """How many open conversations of each channel are given at most."""

    def __init__(self, *args: Any, agent: Agent | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = dict(Capacity.objects.filter(agent=agent).values_list("channel", "most"))
        house = dict(Capacity.objects.filter(agent=None).values_list("channel", "most")) if agent else {}
        for value, label in Channel.choices:
            otherwise = house.get(value, _("no limit"))
            self.fields[f"most_{value}"] = forms.IntegerField(
                label=str(label).capitalize() if value != Channel.API else str(label),
                required=False,
                min_value=0,
                max_value=MOST,
                initial=held.get(value),
                widget=forms.NumberInput({"placeholder": str(otherwise)}),
            )

    def most(self) -> dict[str, int | None]:
        """The limits of a valid form, by channel."""
        return {value: self.cleaned_data[f"most_{value}"] for value in Channel.values}


class AbilitiesForm(LimitsForm):
    """What an agent can, and how much at once."""

    languages = forms.CharField(
        label=_("Languages they answer in"), required=False, max_length=200, help_text=_("As 'en, de'.")
    )
    skills = forms.CharField(
        label=_("What they know well"),
        required=False,
        max_length=5_000,
        help_text=_("Words with commas between them, such as 'returns, invoices'."),
    )

    @classmethod
    def of(cls, agent: Agent) -> "AbilitiesForm":
        """The form as it shows an agent."""
        known = agent.skills.order_by("skill__name").values_list("skill__name", flat=True)
        return cls(agent=agent, initial={"languages": ", ".join(agent.languages), "skills": ", ".join(known)})
