"""The form of a service level."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goodword.inbox.actions import NewLevel
from goodword.inbox.models import ServiceLevel

from ..durations import DAY, minutes_of, words_of, working_day
from ..pages import Refused

TARGETS = ("first_reply", "next_reply", "resolution")


class DurationField(forms.CharField):
    """A length of time in words; the form turns it into minutes once it knows what a day is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=40, **options)
        self.widget.attrs["placeholder"] = "4 h"
        self.widget.attrs["autocomplete"] = "off"


class ServiceLevelForm(forms.Form):
    """What a service level asks; its conditions are rows beside the form."""

    name = forms.CharField(label=_("Name"), max_length=200)
    first_reply = DurationField(label=_("First reply within"), help_text=_("From the first message on."))
    next_reply = DurationField(
        label=_("Each further reply within"), help_text=_("From each later message on.")
    )
    resolution = DurationField(
        label=_("Solved within"), help_text=_("Stands still while you wait for the customer.")
    )
    working_hours = forms.TypedChoiceField(
        label=_("Counted"),
        choices=[("yes", _("over working hours of the team, or of the house")), ("no", _("day and night"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    warn_at = forms.IntegerField(
        label=_("Warn when so much of the time is gone, in percent"), min_value=1, max_value=99
    )
    is_on = forms.BooleanField(label=_("In force"), required=False)

    def clean(self) -> dict[str, Any]:
        """Turn the lengths of time into minutes."""
        cleaned: dict[str, Any] = super().clean() or {}
        day = working_day() if cleaned.get("working_hours") else DAY
        for name in TARGETS:
            try:
                cleaned[name] = minutes_of(cleaned.get(name) or "", day=day)
            except Refused as error:
                self.add_error(name, str(error))
        return cleaned

    def new_level(self, conditions: dict[str, Any]) -> NewLevel:
        """What was filled in."""
        return NewLevel(conditions=conditions, **self.cleaned_data)


def filled(level: ServiceLevel | None) -> dict[str, Any]:
    """What the form shows of a level, or of a new one."""
    if level is None:
        return {"working_hours": "yes", "warn_at": 75, "is_on": True}
    day = working_day() if level.working_hours else DAY
    return {
        "name": level.name,
        **{name: words_of(getattr(level, name), day=day) for name in TARGETS},
        "working_hours": "yes" if level.working_hours else "no",
        "warn_at": level.warn_at,
        "is_on": level.is_on,
    }
