"""Forms about levels of authority."""

from django import forms
from django.utils.translation import gettext_lazy as _

from goodword.goodwill.forms import AmountField, plain
from goodword.staff import authority
from goodword.staff.forms import ActionForm
from goodword.staff.models import Agent, AuthorityLevel


class LevelForm(ActionForm):
    """A level and its limits; an empty one is no limit."""

    name = forms.CharField(label=_("Name"), max_length=100)
    per_gesture = AmountField(
        label=_("At once"), required=False, help_text=_("Empty: no limit. Zero: nothing.")
    )
    per_customer = AmountField(label=_("To one customer in twelve months"), required=False)
    per_month = AmountField(label=_("Of one agent in a month"), required=False)

    @classmethod
    def of(cls, level: AuthorityLevel) -> "LevelForm":
        """The form with what holds."""
        limits = {limit: plain(getattr(level, limit)) for limit in authority.LIMITS}
        return cls(initial={"name": level.name} | limits)

    def save(self, *, by: Agent, level: AuthorityLevel | None) -> AuthorityLevel | None:
        """The level, or None when the form says why not."""
        if level is None:
            return self.tried(lambda: authority.add_level(by=by, **self.cleaned_data))
        return self.tried(lambda: authority.set_level(by=by, level=level, **self.cleaned_data))
