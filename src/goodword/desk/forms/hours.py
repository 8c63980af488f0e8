"""Forms about working hours and holidays."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goodword.promises import actions as promises
from goodword.promises.models import LeadDelay
from goodword.promises.reminding import USUAL_DELAY
from goodword.staff import hours
from goodword.staff.access import NotAllowed
from goodword.staff.hour_words import Days, days_in, say_shifts, shifts_in
from goodword.staff.models import Agent, Shift, Team

LARGEST_LIST = 1_000_000
NEVER = "never"
AS_HOUSE = "house"
DELAYS = (0, 15, 30, 60, 120, 240, 480, 960)


class HoursForm(forms.Form):
    """A week of shifts, each day as people write it, and how soon the leads hear of late promises."""

    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Such as Europe/Berlin. Empty: the company's."),
        widget=forms.TextInput(attrs={"placeholder": "Europe/Berlin", "autocomplete": "off"}),
    )
    delay = forms.ChoiceField(label=gettext_lazy("A late promise goes to the leads"))

    def __init__(self, data: QueryDict | None = None, *, team: Team | None) -> None:
        self.team = team
        shifts = list(Shift.objects.filter(team=team))
        super().__init__(data, initial=self._stored(shifts))
        for day, name in WEEKDAYS.items():
            self.fields[f"day_{day}"] = forms.CharField(
                label=name,
                required=False,
                max_length=200,
                widget=forms.TextInput(
                    attrs={"placeholder": _("closed"), "autocomplete": "off", "class": "input"}
                ),
            )
        if team is None:
            del self.fields["time_zone"]
        delay = self.fields["delay"]
        assert isinstance(delay, forms.ChoiceField)
        delay.choices = _delays(team, self.initial["delay"])

    def days(self) -> list[forms.BoundField]:
        """The fields of the week, Monday first."""
        return [self[f"day_{day}"] for day in range(7)]

    def clean(self) -> dict[str, Any]:
        """Each day's shifts, or a sentence beside the day."""
        cleaned: dict[str, Any] = super().clean() or {}
        for day in range(7):
            try:
                cleaned[f"day_{day}"] = shifts_in(cleaned.get(f"day_{day}", ""))
            except ValueError as error:
                self.add_error(f"day_{day}", str(error))
        return cleaned

    def save(self, *, by: Agent) -> bool:
        """Whether it was saved; else the form says why not."""
        given = self.cleaned_data
        week = {day: given[f"day_{day}"] for day in range(7)}
        try:
            hours.set_hours(by=by, team=self.team, week=week, time_zone=given.get("time_zone"))
        except ValidationError as error:
            self.add_error(None, error)
            return False
        except NotAllowed as error:
            self.add_error(None, str(error))
            return False
        if given["delay"] == AS_HOUSE and self.team is not None:
            promises.drop_lead_delay(by=by, team=self.team)
        else:
            minutes = None if given["delay"] == NEVER else int(given["delay"])
            promises.set_lead_delay(by=by, team=self.team, minutes=minutes)
        return True

    def _stored(self, shifts: Iterable[Shift]) -> dict[str, Any]:
        by_day: dict[int, list[Any]] = {day: [] for day in range(7)}
        for shift in shifts:
            by_day[shift.weekday].append((shift.opens, shift.closes))
        delay = LeadDelay.objects.filter(team=self.team).first()
        usual = str(USUAL_DELAY) if self.team is None else AS_HOUSE
        return {
            "time_zone": self.team.time_zone if self.team else "",
            "delay": usual if delay is None else NEVER if delay.minutes is None else str(delay.minutes),
        } | {f"day_{day}": say_shifts(times) for day, times in by_day.items()}


def _delays(team: Team | None, stored: str) -> list[tuple[str, str]]:
    """What can be chosen, with what is stored among it."""
    minutes = sorted({*DELAYS, *([int(stored)] if stored.isdigit() else [])})
    first = [(AS_HOUSE, _("as for the whole house"))] if team else []
    return [*first, *((str(one), delay_words(one)) for one in minutes), (NEVER, _("never"))]


def delay_words(minutes: int) -> str:
    """'after 2 hours of working time'."""
    if minutes == 0:
        return _("at once")
    if minutes % 60 == 0:
        return _("after %(n)s h of working time") % {"n": minutes // 60}
    return _("after %(n)s min of working time") % {"n": minutes}


class HolidaysForm(forms.Form):
    """Many holidays at once: typed or pasted lines, or a calendar file."""

    lines = forms.CharField(
        label=gettext_lazy("Days, one a line"),
        required=False,
        max_length=LARGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "2026-12-25 Christmas Day"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a calendar file (.ics)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar,text/plain"}),
    )

    def clean(self) -> dict[str, Any]:
        """The days that were named, or a sentence with the line that names none."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        try:
            text = _text_of(file) if isinstance(file, UploadedFile) else cleaned.get("lines", "")
            cleaned["days"] = days_in(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return cleaned

    def found(self) -> Days:
        """The days of a valid form."""
        found: list[tuple[date, str]] = self.cleaned_data["days"]
        return found


def _text_of(file: "UploadedFile[bytes]") -> str:
    if (file.size or 0) > LARGEST_LIST:
        raise ValueError(_("This file is too large for a list of holidays. Take one year of it."))
    content: bytes = file.read()
    return content.decode("utf-8", "replace")
