"""What is typed about the people of the house. `save` runs the action and puts refusals into the form."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from goodword.mail.models import Mailbox

from . import actions, queries
from .access import NotAllowed
from .models import Agent, Holiday, Team

Saved = TypeVar("Saved")


class ActionForm(forms.Form):
    """A form whose action has the last word on what is right."""

    def tried(self, act: Callable[[], Saved]) -> Saved | None:
        """What the action made, or None when it refused and the form says why."""
        try:
            return act()
        except ValidationError as error:
            self.add_error(None, error)
        except NotAllowed as error:
            self.add_error(None, str(error))
        return None


def _password(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        strip=False,
        max_length=200,
        help_text=hint,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class FirstAdministratorForm(ActionForm):
    """Who sets an empty desk up."""

    name = forms.CharField(label=_("Your name"), max_length=actions.NAME_LENGTH)
    email = forms.EmailField(label=_("Your mail address"))
    password = _password(_("Password"), hint=_("At least 10 characters."))

    def save(self) -> Agent | None:
        """The administrator, or None when the form says why not."""
        return self.tried(lambda: actions.first_administrator(**self.cleaned_data))


class AgentForm(ActionForm):
    """Somebody who is added to the house."""

    name = forms.CharField(label=_("Name"), max_length=actions.NAME_LENGTH)
    email = forms.EmailField(label=_("Mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Agent.Role.choices, initial=Agent.Role.AGENT)
    password = _password(
        _("Password"), required=False, hint=_("Empty: they choose one through 'Forgot your password?'.")
    )

    def save(self, *, by: Agent) -> Agent | None:
        """The new agent, or None when the form says why not."""
        given = self.cleaned_data | {"password": self.cleaned_data["password"] or None}
        return self.tried(lambda: actions.add_agent(by=by, **given))


class ChangeAgentForm(ActionForm):
    """What an administrator changes about somebody."""

    name = forms.CharField(label=_("Name"), max_length=actions.NAME_LENGTH)
    email = forms.EmailField(label=_("Mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Agent.Role.choices)
    is_active = forms.BooleanField(label=_("Works here and may log in"), required=False)
    password = _password(_("New password"), required=False, hint=_("Empty: it stays as it is."))

    @classmethod
    def of(cls, agent: Agent) -> "ChangeAgentForm":
        """The form as it shows an agent."""
        return cls(initial={key: getattr(agent, key) for key in ("name", "email", "role", "is_active")})

    def save(self, *, by: Agent, agent: Agent) -> Agent | None:
        """The agent as changed, or None when the form says why not."""
        given = self.cleaned_data | {"password": self.cleaned_data["password"] or None}
        return self.tried(lambda: actions.change_agent(by=by, agent=agent, **given))


class ProfileForm(ActionForm):
    """What agents change about themselves."""

    name = forms.CharField(label=_("Name"), max_length=actions.NAME_LENGTH)
    handle = forms.CharField(
        label=_("Handle"), max_length=actions.HANDLE_LENGTH, help_text=_("Others mention you with it: @ada.")
    )
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=60, required=False, help_text=_("Empty: the company's.")
    )
    theme = forms.ChoiceField(label=_("Colours"), choices=Agent.Theme.choices, required=False)
    signature = forms.CharField(
        label=_("Signature"), max_length=5_000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    @classmethod
    def of(cls, agent: Agent) -> "ProfileForm":
        """The form as it shows the agent."""
        return cls(initial={key: getattr(agent, key) for key in cls.base_fields})

    def save(self, *, agent: Agent) -> Agent | None:
        """The agent as changed, or None when the form says why not."""
        return self.tried(lambda: actions.change_profile(agent=agent, **self.cleaned_data))


class TeamForm(ActionForm):
    """A team: who is in it, and which mailboxes it alone answers."""

    name = forms.CharField(label=_("Name"), max_length=actions.NAME_LENGTH)
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=queries.at_work(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    mailboxes = forms.ModelMultipleChoiceField(
        label=_("Mailboxes"),
        queryset=Mailbox.objects.order_by("address"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A mailbox given to teams is closed to everybody else but leads."),
    )

    @classmethod
    def of(cls, team: Team) -> "TeamForm":
        """The form as it shows a team."""
        return cls(
            initial={"name": team.name, "members": team.members.all(), "mailboxes": team.mailboxes.all()}
        )

    def save(self, *, by: Agent, team: Team | None = None) -> Team | None:
        """The team, new or changed, or None when the form says why not."""
        if team is None:
            return self.tried(lambda: actions.add_team(by=by, **self.cleaned_data))
        return self.tried(lambda: actions.set_team(by=by, team=team, **self.cleaned_data))


class HolidayForm(ActionForm):
    """A day on which the house does not work."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(label=_("Name"), max_length=actions.NAME_LENGTH)

    def save(self, *, by: Agent) -> Holiday | None:
        """The holiday, or None when the form says why not."""
        return self.tried(lambda: actions.add_holiday(by=by, **self.cleaned_data))
